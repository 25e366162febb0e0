"""Rows of tables as they stand in a passage: their cells, and what heads the columns."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.logic.chunking_tables import has_figures
from app.logic.column_headings import column_headings, heads_groups, lead_of
from app.logic.evidence import Evidence, Unit
from app.logic.quotes import segments
from app.models.domain import Passage

_CURRENCY = r"[$€£¥₹]"
_VALUE = re.compile(
    rf"{_CURRENCY}?\(?[-–−]?{_CURRENCY}?\d[\d.,'’]*%?\)?%?|[-–—]{{1,2}}|{_CURRENCY}[-–—]|n/?[am]\.?|n\.m\.|nm",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\(\d\)")
_RULE = re.compile(r"[\s|:+=─━│┼-]*")
_UNITS = re.compile(
    r"\b(?:thousands?|millions?|billions?|tsd|mio|mrd|milliers|millones|miles|milioni|тыс|млн|млрд|us dollars?|usd|eur|"
    r"euros?)\b|[百千]?[万萬]元|[亿億千]元|单位|單位|単位|مليون|بالآلاف|करोड़|लाख|^\(?[%$€£¥]\)?$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(（\[]([^()（）\[\]]+)[)）\]]")
_NO_UNITS = re.compile(r"\d|:$")
_UNITS_CHARACTERS = 80
_LABEL_CHARACTERS = 160
_PROSE_WORDS = 12
_STOPS = (".", "。", "।", "؟", "?", "!", "۔")
_LINES = 80
"""Above a row within which its headings are looked for."""
_HEADING_LINES = 3
_ABOVE = 4
"""Lines above the headings that may tell the units."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """`cells[i]` stands under `columns[i]`; the first column may be headed by nothing. All on one line, verbatim.

    `row` and `heads` are stretches of the passage's text: the row's line and that of the headings, if it stands there.
    """

    cells: tuple[str, ...]
    columns: tuple[str, ...]
    row: tuple[int, int]
    heads: tuple[int, int] | None
    units: str | None
    """What a caption says of the figures: "in millions of US dollars"."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def table_row(evidence: Evidence, unit: Unit) -> TableRow | None:
    """The row that a unit is, if it is one and what heads its columns is known beyond doubt."""
    passage = evidence.passages[unit.passage]
    lines, at = _placed(passage, unit)
    if unit.end > lines[at].end:
        return None
    above = lines[max(0, at - _LINES) : at]
    return (_barred if _is_barred(lines[at]) else _spaced)(lines[at], above, passage.headings)


def heads_columns(evidence: Evidence, unit: Unit) -> bool:
    """Whether it is a line that stands over the rows of a table, and tells nothing alone."""
    lines, at = _placed(evidence.passages[unit.passage], unit)
    if _RULE.fullmatch(lines[at].text):
        return True
    if not _is_barred(lines[at]):
        return heads_groups(unit.text) or column_headings((" ".join(unit.text.split()),)) is not None
    opens = at == 0 or not _is_barred(lines[at - 1])
    rows = opens and at + 1 < len(lines) and _is_barred(lines[at + 1])
    return rows and not any(map(has_figures, _cells(lines[at].text)))


def _placed(passage: Passage, unit: Unit) -> tuple[tuple[_Line, ...], int]:
    """The lines of its page, and which of them it begins in."""
    segment = segments(passage)[unit.segment]
    lines = _lines(passage.text[segment.start : segment.end], segment.start)
    return lines, bisect_left(lines, unit.start, key=lambda line: line.end)


@lru_cache(maxsize=64)
def _lines(text: str, start: int) -> tuple[_Line, ...]:
    found = []
    for line in text.split("\n"):
        found.append(_Line(start, start + len(line), line))
        start += len(line) + 1
    return tuple(found)


def _barred(line: _Line, above: Sequence[_Line], headings: tuple[str, ...]) -> TableRow | None:
    """Cells parted by bars or tabs, of which the first row of the table heads the columns."""
    cells = _cells(line.text)
    first = len(above)
    while first and _is_barred(above[first - 1]):
        first -= 1
    heads = next((item for item in above[first:] if not _RULE.fullmatch(item.text)), None)
    if heads is not None and _heads(columns := _cells(heads.text), cells):
        return TableRow(cells, columns, _span(line), _span(heads), _units(above[:first]))
    if headings and _heads(columns := _cells(headings[-1]), cells):
        return TableRow(cells, columns, _span(line), None, None)
    return None


def _heads(columns: tuple[str, ...], cells: tuple[str, ...]) -> bool:
    return len(columns) == len(cells) > 1 and not any(map(has_figures, columns)) and len({*columns}) == len(columns)


def _is_barred(line: _Line) -> bool:
    return "|" in line.text or "\t" in line.text or bool(line.text and _RULE.fullmatch(line.text))


def _cells(text: str) -> tuple[str, ...]:
    text = text.strip()
    if text.startswith("|") and text.endswith("|"):
        text = text[1:-1]
    return tuple(" ".join(cell.split()) for cell in re.split(r"\||\t", text))


def _spaced(line: _Line, above: Sequence[_Line], headings: tuple[str, ...]) -> TableRow | None:
    """A label and figures after it, under a line of years, dates or quarters."""
    label, values = label_and_values(line.text)
    if not values or not any(map(str.isalpha, label)) or len(label) > _LABEL_CHARACTERS:
        return None
    for index in range(len(above) - 1, -1, -1):
        if columns := column_headings((above[index].text,)):
            first = index
            for upper in range(index - 1, max(-1, index - _HEADING_LINES), -1):
                more = column_headings(tuple(item.text for item in above[upper : index + 1]))
                columns, first = (more, upper) if more and more != columns else (columns, first)
            units = _units([*above[:first], _Line(0, 0, lead_of(above[index].text))])
            return _aligned(line, label, values, columns, (above[first].start, above[index].end), units)
        if _is_prose(above[index].text):
            return None
    told = column_headings(headings[-1:]) if headings else None
    return _aligned(line, label, values, told, None, None) if told else None


def _aligned(
    line: _Line,
    label: str,
    values: tuple[str, ...],
    columns: tuple[str, ...],
    heads: tuple[int, int] | None,
    units: str | None,
) -> TableRow | None:
    if len(values) == len(columns) + 1 and _NOTE.fullmatch(values[0]):  # "Net revenue (1) 184.2 163.9"
        label, values = f"{label} {values[0]}", values[1:]
    if len(values) != len(columns) or len(set(columns)) != len(columns):
        return None
    return TableRow((label, *values), ("", *columns), _span(line), heads, units)


def label_and_values(line: str) -> tuple[str, tuple[str, ...]]:
    """A line as its words and the figures that end it, currency and percent signs kept with them."""
    words = line.split()
    glued: list[str] = []
    for before, word in pairwise(["", *words]):
        closes = word in ("%", ")", ")%", "%)") and glued and _FIGURE_END.search(glued[-1])
        if closes or (re.fullmatch(rf"\(?{_CURRENCY}\(?|\(", before) and word[:1].isdigit() | (word[:1] in "(-–—")):
            glued[-1] += ("" if closes else " " * (before[-1:] not in "(")) + word
        else:
            glued.append(word)
    first = len(glued)
    while first and _VALUE.fullmatch(glued[first - 1].replace(" ", "")):
        first -= 1
    return " ".join(glued[:first]), tuple(glued[first:])


_FIGURE_END = re.compile(r"\d\)?$")


def _is_prose(text: str) -> bool:
    return len(text.split()) > _PROSE_WORDS and text.rstrip().endswith(_STOPS)


def _units(above: Sequence[_Line]) -> str | None:
    """What the nearest of these lines says of the figures, if one of the last few does."""
    for line in reversed(above[-_ABOVE:]):
        for text in (*_BRACKETED.findall(line.text), line.text.strip()):
            if len(text) <= _UNITS_CHARACTERS and _UNITS.search(text) and not _NO_UNITS.search(text):
                return " ".join(text.split())
    return None


def _span(line: _Line) -> tuple[int, int]:
    return line.start, line.end
