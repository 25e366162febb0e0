"""What each stretch of a page is: heading, paragraph, table, or furniture. Told from lines, their places and sizes.

The rules are of the kind that Ling's and Klampfl's reviews of layout analysis describe: typography against the body's,
alignment, repetition over pages; no dictionary, so that they hold in every language.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

from app.logic.layout_furniture import running_lines
from app.logic.layout_headings import heading_levels
from app.logic.layout_lines import Body, Sheet
from app.logic.layout_paragraphs import starts_paragraph
from app.logic.layout_tables import table_lines
from app.models.domain import Block, BlockKind

LOOKAHEAD = 8
"""Pages on each side that a page is compared with; so many are held back."""


Laid = tuple[Sheet, tuple[Block, ...]]


class Layout:
    """Pages come in one by one; each comes out with its blocks when `lookahead` more have been seen."""

    def __init__(self, lookahead: int = LOOKAHEAD) -> None:
        self._lookahead = lookahead
        self._window: deque[Sheet] = deque()
        self._at = 0

    def add(self, sheet: Sheet) -> Iterator[Laid]:
        self._window.append(sheet)
        if len(self._window) > self._at + self._lookahead:
            yield self._window[self._at], _blocks(self._window, self._at)
            self._at += 1
        if self._at > self._lookahead:
            self._window.popleft()
            self._at -= 1

    def rest(self) -> Iterator[Laid]:
        """What is still held back; call once, at the end."""
        for index in range(self._at, len(self._window)):
            yield self._window[index], _blocks(self._window, index)


def lay_out(sheets: Iterable[Sheet], lookahead: int = LOOKAHEAD) -> Iterator[Laid]:
    """Each page with its blocks, in order."""
    layout = Layout(lookahead)
    for sheet in sheets:
        yield from layout.add(sheet)
    yield from layout.rest()


def _blocks(window: Sequence[Sheet], at: int) -> tuple[Block, ...]:
    sheet = window[at]
    body = _body(window)
    furniture = running_lines(window, at)
    rows = table_lines(sheet, furniture)
    levels = heading_levels(sheet, body, furniture | rows)
    kinds = [
        BlockKind.FURNITURE
        if index in furniture
        else BlockKind.TABLE
        if index in rows
        else BlockKind.HEADING
        if index in levels
        else BlockKind.TEXT
        for index in range(len(sheet.lines))
    ]
    return tuple(_grouped(sheet, kinds, levels))


def _body(window: Iterable[Sheet]) -> Body:
    sizes: Counter[float] = Counter()
    bold = total = 0
    for sheet in window:
        sizes.update(sheet.sizes)
        bold += sheet.bold_characters
        total += sheet.characters
    return Body(size=max(sizes, key=lambda size: sizes[size], default=0.0), bold=2 * bold > total)


def _grouped(sheet: Sheet, kinds: Sequence[BlockKind], levels: dict[int, int]) -> Iterator[Block]:
    start = 0
    for index in range(1, len(kinds) + 1):
        if index < len(kinds) and kinds[index] is kinds[start] and not _parted(sheet, kinds, levels, start, index):
            continue
        yield Block(kinds[start], sheet.lines[start].start, sheet.lines[index - 1].end, levels.get(start, 0))
        start = index


def _parted(sheet: Sheet, kinds: Sequence[BlockKind], levels: dict[int, int], start: int, index: int) -> bool:
    if kinds[index] is BlockKind.HEADING:
        return levels[index] > 0
    return kinds[index] is BlockKind.TEXT and starts_paragraph(sheet, start, index)
