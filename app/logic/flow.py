"""Documents that flow (Word, HTML, e-books, mail): what a reader of such a format finds, put together as units."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.logic.tidy import one_line, paragraph
from app.models.domain import Block, BlockKind, Locator, Page

LONGEST_UNIT = 60_000
"""Characters; a longer section goes on in another unit of the same name."""
_SPLITTING_LEVEL = 2
_ITEM_MARK = "- "


@dataclass(frozen=True, slots=True)
class Element:
    """A heading, a paragraph, a list's item or a table (one row a line), as it stands in the file."""

    kind: BlockKind
    text: str
    level: int = 0
    """Of a heading: 1 to 6."""
    item: bool = False
    """Of a list; items in a row make one paragraph."""


def heading(text: str, level: int) -> Element:
    return Element(BlockKind.HEADING, one_line(text), min(max(level, 1), 6))


def text(content: str) -> Element:
    return Element(BlockKind.TEXT, content)


def item(content: str) -> Element:
    return Element(BlockKind.TEXT, content, item=True)


def furniture(content: str) -> Element:
    return Element(BlockKind.FURNITURE, content)


def table(rows: Iterable[Sequence[str]]) -> Element:
    """Rows of cells as lines `a | b | c`; rows without any text are left out, empty cells keep their place."""
    lines = (row_line(list(map(one_line, row))) for row in rows)
    return Element(BlockKind.TABLE, "\n".join(line for line in lines if line))


def row_line(cells: Sequence[str]) -> str:
    """One row of cells that are each on one line; "" if all of them are empty."""
    return " | ".join(cells).strip() if any(cells) else ""


def units(elements: Iterable[Element], above: tuple[str, ...] = (), first: int = 1) -> Iterator[Page]:
    """Elements put together by headings of the first two levels and by length, numbered from `first`.

    A unit is located by the headings that it stands under (after those `above`), or, where there are none, by its
    paragraphs' numbers. Elements without text are left out.
    """
    binder = _Binder(above, first)
    for element in elements:
        yield from binder.take(element)
    yield from binder.cut()


def unit(number: int, elements: Iterable[Element], locator: Locator) -> Page:
    """Elements that are one unit by themselves, as those of a slide are."""
    draft = _Draft()
    for element in elements:
        if content := paragraph(element.text):
            draft.put(element, content)
    return draft.page(number, locator)


def first_heading(pages: Iterable[Page]) -> str | None:
    """The first heading of the first level, which is a title where nothing else is."""
    for page in pages:
        for block in page.blocks:
            if block.kind is BlockKind.HEADING and block.level == 1:
                return page.text[block.start : block.end]
    return None


class _Draft:
    """A page in the making."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.length = 0
        self._pieces: list[str] = []
        self._after_item = False

    def put(self, element: Element, content: str) -> None:
        joins = element.item and self._after_item and bool(self.blocks)
        content = _ITEM_MARK * element.item + content
        separator = "\n" * (1 if joins else 2) if self.blocks else ""
        self._pieces += [separator, content]
        start = self.length + len(separator)
        self.length = start + len(content)
        if joins:
            start = self.blocks.pop().start
        self.blocks.append(Block(element.kind, start, self.length, element.level))
        self._after_item = element.item

    def has(self, *kinds: BlockKind) -> bool:
        return any(block.kind in kinds for block in self.blocks)

    def page(self, number: int, locator: Locator) -> Page:
        return Page(number, "".join(self._pieces), tuple(self.blocks), locator=locator)


class _Binder:
    """Cuts the flow; knows the headings above and the paragraphs' numbers."""

    def __init__(self, above: tuple[str, ...], first: int) -> None:
        self._above = above
        self._path: dict[int, str] = {}
        self._number = first
        self._draft = _Draft()
        self._paragraphs = 0
        self._first_paragraph = self._last_paragraph = 1

    def take(self, element: Element) -> Iterator[Page]:
        content = paragraph(element.text)
        if not content:
            return
        if element.kind is BlockKind.HEADING and element.level <= _SPLITTING_LEVEL:
            if self._draft.has(BlockKind.TEXT, BlockKind.TABLE):
                yield from self.cut()
            above = {level: name for level, name in self._path.items() if level < element.level}
            self._path = above | {element.level: content}
        self._paragraphs += 1
        for part in _parts(content):
            if not self._draft.blocks:
                self._first_paragraph = self._paragraphs
            self._draft.put(element, part)
            self._last_paragraph = self._paragraphs
            if self._draft.length > LONGEST_UNIT:
                yield from self.cut()

    def cut(self) -> Iterator[Page]:
        if self._draft.has(BlockKind.HEADING, BlockKind.TEXT, BlockKind.TABLE):
            yield self._draft.page(self._number, self._locator())
            self._number += 1
        self._draft = _Draft()

    def _locator(self) -> Locator:
        first, last = self._first_paragraph, self._last_paragraph
        numbers = f"paragraphs {first}–{last}" if last > first else f"paragraph {first}"
        return Locator("section", " > ".join([*self._above, *self._path.values()]) or numbers)


def _parts(content: str) -> Iterator[str]:
    """A text no longer than a unit; a longer one cut after lines, or anywhere where there are none."""
    while len(content) > LONGEST_UNIT:
        at = content.rfind("\n", 1, LONGEST_UNIT) + 1 or LONGEST_UNIT
        yield content[:at].rstrip("\n")
        content = content[at:]
    yield content
