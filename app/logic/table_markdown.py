"""Tables of a passage in Markdown: rows whole, under their column headings, whatever else stands around them as it is.

Stored text holds a row a line: cells parted by " | " where the file told them, else a label and the figures that end
the line. Only what is sure becomes a cell: a row with fewer figures than its table has columns stays in one piece, as
nothing in the text says which ones it leaves empty.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.logic.chunking_tables import has_figures
from app.logic.layout_figures import figure_cells

_ENOUGH = 2
"""Rows of two figures or more, or of cells, that make a table."""
_HOLE = 2
_LABEL_CHARACTERS = 120
_HEADER_ROWS = 4
_RULE = re.compile(r"[|\s:+=-]*-[|\s:+=-]*\|[|\s:+=-]*|\|[|\s:+=-]*-[|\s:+=-]*")
_BORDER = re.compile(r"(?:^|(?<= ))\|(?= |$)")
_BLANKS = re.compile(r"\n{3,}")
_SENTENCE_END = (".", "。", "।", "؟", "?", "!", "۔", ";")


@dataclass(frozen=True, slots=True)
class _Row:
    line: str
    cells: tuple[str, ...]
    """The line alone, where it has no more."""
    bordered: bool = False
    is_rule: bool = False

    @property
    def figures(self) -> int:
        return 0 if self.bordered else len(self.cells) - 1

    @property
    def is_label(self) -> bool:
        """It may stand between the rows of a table: a group's name, or a label that goes on below."""
        short = 0 < len(self.line) <= _LABEL_CHARACTERS
        return not self.bordered and not self.figures and short and not self.line.endswith(_SENTENCE_END)

    @property
    def heads(self) -> bool:
        """It may name columns: its figures are years, as in "Year ended 31 December 2025 2024"."""
        return not any(map(has_figures, self.cells[1:] if self.figures else self.cells))


def as_markdown(text: str, columns: str | None = None) -> str | None:
    """The text with its tables in Markdown; None where it holds none.

    `columns` are the lines that stand above the columns of the first table, which may have been cut off from it.
    """
    rows = [_row(line) for line in text.split("\n")]
    tables = list(_tables(rows))
    if not tables:
        return None
    head = [_row(line) for line in columns.split("\n")] if columns else []
    pieces, position = list[str](), 0
    for first, last in tables:
        pieces += [row.line for row in rows[position:first]]
        pieces += _table(_inner(rows[first:last]), _inner(head))
        position, head = last, []
    pieces += [row.line for row in rows[position:]]
    return _BLANKS.sub("\n\n", "\n".join(pieces)).strip("\n")


def _row(line: str) -> _Row:
    line = line.strip()
    if _RULE.fullmatch(line):
        return _Row(line, (), bordered=True, is_rule=True)
    if _BORDER.search(line):
        return _Row(line, tuple(cell.strip() for cell in _BORDER.split(line)), bordered=True)
    label, figures = figure_cells(line)
    return _Row(line, (label, *figures)) if figures else _Row(line, (line,))


def _inner(rows: Sequence[_Row]) -> list[_Row]:
    """Rows without the rules between them and without the borders around them, where all have those."""
    rows = [row for row in rows if not row.is_rule]
    bordered = [row for row in rows if row.bordered]
    framed = all(row.line.startswith("|") and row.line.endswith("|") for row in bordered)
    if not framed:
        return rows
    return [replace(row, cells=row.cells[1:-1]) if row.bordered and len(row.cells) > 2 else row for row in rows]


def _tables(rows: Sequence[_Row]) -> Iterator[tuple[int, int]]:
    """(first, last + 1) of each stretch that is a table, the headings of its columns included."""
    start = 0
    for bordered, group in groupby(rows, key=lambda row: row.bordered):
        end = start + len(list(group))
        if bordered and end - start >= _ENOUGH:
            yield start, end
        elif not bordered:
            yield from _figure_tables(rows, start, end)
        start = end


def _figure_tables(rows: Sequence[_Row], start: int, end: int) -> Iterator[tuple[int, int]]:
    first = last = -1
    for index in range(start, end + 1):
        goes_on = index < end and (rows[index].figures or (rows[index].is_label and index - last <= _HOLE))
        new = index < end and rows[index].figures and rows[index].heads and first >= 0 and not rows[last].heads
        if first >= 0 and (new or not goes_on):
            if sum(row.figures > 1 and not row.heads for row in rows[first : last + 1]) >= _ENOUGH:
                yield first, last + 1
            first = -1
        if index < end and rows[index].figures:
            first, last = (index if first < 0 else first), index


def _table(rows: Sequence[_Row], above: Sequence[_Row]) -> list[str]:
    """The lines of one table; what heads it beside the names of its columns stands before it."""
    own = _own_heads(rows, above)
    body = rows[own:]
    width = Counter(len(row.cells) for row in body if len(row.cells) > 1).most_common(1)[0][0]
    heads = list(rows[:own]) or list(above)
    fitting = next((row for row in reversed(heads) if len(_fitted(row, width)) == width), None)
    names = _fitted(fitting, width) if fitting else ("",) * width
    captions = [row.line for row in heads if row is not fitting] if own else []
    lines = [_line(names), "|" + " --- |" * width, *(_line(_fitted(row, width), width) for row in body)]
    return [*captions, "", *lines, ""]


def _own_heads(rows: Sequence[_Row], above: Sequence[_Row]) -> int:
    """How many of a table's first rows head its columns; not all of them."""
    if rows[0].bordered:
        cut_off = any(row.bordered for row in above) and all(row.cells != rows[0].cells for row in above)
        return 0 if cut_off else 1
    return next((index for index, row in enumerate(rows[:_HEADER_ROWS]) if row.figures and not row.heads), 0)


def _fitted(row: _Row, width: int) -> tuple[str, ...]:
    """The row's cells if they fill the table's columns, else all of it in one."""
    if len(row.cells) == width or (row.bordered and len(row.cells) < width):
        return row.cells + ("",) * (width - len(row.cells))
    if len(row.cells) > width > 1 and not row.bordered:  # the number of a note stands before the figures
        extra = len(row.cells) - width + 1
        return (" ".join(row.cells[:extra]), *row.cells[extra:])
    return row.cells if row.bordered else (row.line,)


def _line(cells: Sequence[str], width: int = 0) -> str:
    padded = (*cells, *[""] * (width - len(cells)))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in padded) + " |"
