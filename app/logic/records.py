"""Data files (JSON, XML) as units of text: records with named values, told with the path that leads to them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.logic.flow import LONGEST_UNIT, Element, table, text, unit
from app.logic.tidy import one_line, paragraph
from app.models.domain import Locator, Page

_CHARACTERS, _RECORDS = 4000, 100
"""Of one unit: small enough that its locator leads somewhere."""
_MOST_COLUMNS, _LONGEST_CELL = 20, 200
_PROSE = frozenset({"", "p", "para", "simpara"})
"""Names that say nothing beside a text."""
_NUMBERED = re.compile(r"(.*)\[(\d+)\]\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Record:
    """A thing that the file tells of."""

    path: tuple[str, ...]
    """Steps from the root, as they are written: "/catalog", "/book[3]"."""
    fields: tuple[tuple[str, str], ...]
    """Names and values, in order; a name may come more than once."""

    @property
    def length(self) -> int:
        return sum(len(name) + len(value) for name, value in self.fields)


def record_units(records: Iterable[Record], locate: Callable[[Record, Record], Locator]) -> Iterator[Page]:
    """Up to a hundred whole records a unit, cut only where one is longer than a unit; `locate` names first to last."""
    held: list[Record] = []
    length = number = 0
    for record in (piece for whole in records for piece in _pieces(whole)):
        if held and (length + record.length > _CHARACTERS or len(held) == _RECORDS):
            number += 1
            yield unit(number, _elements(held), locate(held[0], held[-1]))
            held, length = [], 0
        held.append(record)
        length += record.length
    if held:
        yield unit(number + 1, _elements(held), locate(held[0], held[-1]))


def by_path(first: Record, last: Record) -> Locator:
    """`/catalog/book[3]`, `/catalog/book[3–17]`, or what holds both."""
    return Locator("section", span(first.path, last.path))


def span(first: Sequence[str], last: Sequence[str]) -> str:
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    stem = "".join(first[:shared])
    if shared < min(len(first), len(last)):
        one, other = _NUMBERED.match(first[shared]), _NUMBERED.match(last[shared])
        if one and other and one[1] == other[1]:
            return f"{stem}{one[1]}[{one[2]}–{other[2]}]"
    return stem or "".join(first)


def _pieces(record: Record) -> Iterator[Record]:
    """The record without empty values; in pieces where it is longer than the longest unit."""
    fields = [(one_line(name), value) for name, told in record.fields if (value := paragraph(told))]
    if sum(len(name) + len(value) for name, value in fields) <= LONGEST_UNIT:
        if fields:
            yield Record(record.path, tuple(fields))
        return
    for name, value in fields:
        for start in range(0, len(value), LONGEST_UNIT):
            yield Record(record.path, ((name, value[start : start + LONGEST_UNIT]),))


def _elements(records: Sequence[Record]) -> Iterator[Element]:
    """Records that have the same names one after the other are rows of a table; the rest are lines `name: value`."""
    for names, run in groupby(records, key=_columns):
        rows = list(run)
        if names and len(rows) > 1:
            yield table([names, *([value for _, value in row.fields] for row in rows)])
        else:
            yield from (text("\n".join(map(_line, row.fields))) for row in rows)


def _columns(record: Record) -> tuple[str, ...]:
    """The names, where the record can be a row."""
    names = tuple(name for name, _ in record.fields)
    fits = 1 < len(names) <= _MOST_COLUMNS and len(set(names)) == len(names)
    return names if fits and all(len(value) <= _LONGEST_CELL for _, value in record.fields) else ()


def _line(field: tuple[str, str]) -> str:
    name, value = field
    return value if name in _PROSE else f"{name}: {value}"
