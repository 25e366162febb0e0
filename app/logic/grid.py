"""Rows of spreadsheets and delimited files as units of text: whole rows, with their column headings every time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from app.logic.chunking_tables import has_figures
from app.logic.flow import Element, row_line
from app.models.domain import BlockKind

ROWS = 100
"""In one unit, at most."""
_CHARACTERS = 40_000
_HEADINGS_WITHIN = 10
_HEADING_CHARACTERS = 100
_CAPTIONS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` by column (1-based), those with text alone, each tidy and on one line."""

    number: int
    """1-based place in the file or sheet; empty rows count."""
    cells: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows `first` to `last`, which fill columns `left` to `right`; their headings may stand further up in the file."""

    elements: tuple[Element, ...]
    first: int
    last: int
    left: int
    right: int


def stretches(rows: Iterable[Row]) -> Iterator[Stretch]:
    """All rows with any cells, at most 100 at once. Each stretch begins with what heads its columns, repeated if need
    be: the heading row, after up to three lines of a single cell ("$ in millions").

    A row is a heading row if it has two cells or more and no figures (years are none); it is looked for in the first
    ten rows, and again after every gap.
    """
    remaining = iter(row for row in rows if row.cells)
    opening = list(islice(remaining, _HEADINGS_WITHIN))
    head = _headings(opening)
    held: list[Row] = []
    length, previous = 0, 0
    for row in chain(opening, remaining):
        new_table = previous and row.number > previous + 1 and _is_heading(row) and row not in head
        if held and (new_table or len(held) == ROWS or length > _CHARACTERS):
            yield _stretch(head, held)
            held, length = [], 0
        if new_table:
            head = (row,)
        held.append(row)
        length += sum(map(len, row.cells.values()))
        previous = row.number
    if held:
        yield _stretch(head, held)


def _headings(opening: Sequence[Row]) -> tuple[Row, ...]:
    """The first heading row that is nearly as wide as what follows, and the single cells above it."""
    width = max((len(row.cells) for row in opening), default=0)
    for index, row in enumerate(opening):
        if 2 * len(row.cells) >= width and _is_heading(row):
            captions = [one for one in opening[:index] if len(one.cells) == 1]
            return (*captions[-_CAPTIONS:], row)
        if len(row.cells) > 1:
            return ()
    return ()


def _is_heading(row: Row) -> bool:
    return len(row.cells) > 1 and not any(
        len(cell) > _HEADING_CHARACTERS or has_figures(cell) for cell in row.cells.values()
    )


def _stretch(head: Sequence[Row], rows: Sequence[Row]) -> Stretch:
    columns = sorted({column for row in chain(head, rows) for column in row.cells})
    table = [row for row in head if row.number < rows[0].number]
    table += rows
    filled = [column for row in rows for column in row.cells]
    return Stretch(tuple(_elements(table, columns)), rows[0].number, rows[-1].number, min(filled), max(filled))


def _elements(rows: Sequence[Row], columns: Sequence[int]) -> Iterator[Element]:
    """Single cells before the first row of several are captions, the rest is the table."""
    start = next((index for index, row in enumerate(rows) if len(row.cells) > 1), 0)
    if start:
        yield Element(BlockKind.TEXT, "\n".join(" ".join(row.cells.values()) for row in rows[:start]))
    lines = [row_line([row.cells.get(column, "") for column in columns]) for row in rows[start:]]
    yield Element(BlockKind.TABLE if len(columns) > 1 else BlockKind.TEXT, "\n".join(lines))
