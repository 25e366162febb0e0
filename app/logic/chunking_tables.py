"""What stands above the columns of a table, so that a row means something when its table is cut."""

import re

from app.logic.layout_figures import trailing_figures
from app.models.domain import BlockKind

_CHARACTERS = 2000
_CAPTION_CHARACTERS = 200
_CAPTIONS = 3
_HEADER_ROWS = 4
_RULE = re.compile(r"[\s|:+=─━│┼-]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SENTENCE_END = (".", "。", "।", "؟", "?", "!", "۔")


class Captions:
    """Reads a document's blocks in order, and tells of each table what its columns are headed by.

    That is its own first rows, with the short lines above it (a statement's name, "$ in millions"). A table that begins
    with figures goes on from the one above, if nothing but short lines ("Current liabilities:") parts the two; and from
    the page before, if nothing does and their last and first rows have as many figures.
    """

    def __init__(self) -> None:
        self._above: list[str] = []
        self._columns: str | None = None
        self._figures = 0
        """In the last row of the last table, while nothing but a page's end follows it."""
        self._turned = False
        self.taken = 0
        """How many of the blocks just above the table that was read last belong to it."""

    def turn_page(self) -> None:
        """What is read next stands on another page."""
        self._above, self._turned = [], True
        if not self._figures:
            self._columns = None

    def read(self, kind: BlockKind, text: str) -> str | None:
        """The lines of column headings if this block is a table that has any; at most 2000 characters."""
        if kind is BlockKind.TABLE:
            return self._table(text)
        line = " ".join(text.split())
        ends = kind is BlockKind.HEADING or len(line) > _CAPTION_CHARACTERS or line.endswith(_SENTENCE_END)
        if ends or self._turned:
            self._above, self._columns = [], None
        if not ends:
            self._above = [*self._above, line][-_CAPTIONS:]
        self._turned, self._figures = False, 0
        return None

    def _table(self, text: str) -> str | None:
        own, rows = _header_rows(text), text.strip().split("\n")
        if self._turned and trailing_figures(rows[0].rstrip())[0] != self._figures:
            self._columns = None
        self._turned, self._figures = False, trailing_figures(rows[-1].rstrip())[0]
        if own or not self._columns:
            self._columns = "\n".join([*self._above, *own])[:_CHARACTERS].strip() or None
        self.taken = len(self._above)
        self._above = []
        return self._columns


def _header_rows(table: str) -> list[str]:
    """The rows above the first row of figures. A year is a heading ("2022  2021"), not a figure.

    A table without figures is headed by its first row.
    """
    rows = [" ".join(line.split()) for line in table.split("\n") if line.strip() and not _RULE.fullmatch(line)]
    figures = next((i for i, row in enumerate(rows) if has_figures(row)), None)
    return rows[: 1 if figures is None or figures > _HEADER_ROWS else figures]


def has_figures(row: str) -> bool:
    """Whether a cell or row holds a number that is no year."""
    return any(any(c.isdigit() for c in word) and not _YEAR.search(word) for word in row.split())
