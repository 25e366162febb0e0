"""A document as the pieces that chunks are made of: paragraphs, sentences, table rows, under their headings."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.logic.chunking_tables import Captions
from app.logic.sentences import sentences
from app.models.domain import Block, BlockKind, Page

_UNITS_APART = frozenset({"slide", "sheet", "rows", "part"})
"""Of locators: a chunk never spans two of these, and headings of one do not reach into the next."""
_HEADING_CHARACTERS = 160
_CHARACTERS_PER_TOKEN = 16
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Measure:
    """The size that is allowed, and how it is counted."""

    count_tokens: Callable[[str], int]
    max_tokens: int

    def tokens(self, text: str) -> int:
        """At least 1. A text far too long is estimated: no tokenizer is given a megabyte without a space."""
        if len(text) > _CHARACTERS_PER_TOKEN * self.max_tokens:
            return 1 + 2 * len(text) // _CHARACTERS_PER_TOKEN
        return max(1, self.count_tokens(text))


@dataclass(frozen=True, slots=True)
class Piece:
    """`page.text[start:end]`, no larger than a chunk may be."""

    page: Page
    start: int
    end: int
    tokens: int
    kind: BlockKind
    opens: bool = True
    """It begins a paragraph or a table, so a chunk may well begin with it."""
    columns: str | None = None
    """Of a piece of a table: the lines that stand above its columns."""
    leads: bool = False
    """It says what the next piece is (a table's caption), so the two stay together."""

    @property
    def text(self) -> str:
        return self.page.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Section:
    """Pieces under one heading path, the headings' own pieces first."""

    headings: tuple[str, ...]
    unit: int
    """Sections of different units are never put into one chunk."""
    pieces: tuple[Piece, ...]


class _Outline:
    """The headings above the place where reading stands."""

    def __init__(self, title: str | None) -> None:
        self._title = _one_line(title or "", _HEADING_CHARACTERS)
        self._path: list[tuple[int, str]] = []

    def enter(self, level: int, heading: str) -> None:
        self._path = [(above, name) for above, name in self._path if above < level]
        self._path.append((level, _one_line(heading, _HEADING_CHARACTERS)))

    def clear(self) -> None:
        self._path = []

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, name in self._path if name != self._title)


def sections(pages: Sequence[Page], title: str | None, measure: Measure) -> Iterator[Section]:
    """The document in order. A heading belongs to the text that follows it; headings in a row stay together."""
    outline = _Outline(title)
    pieces: list[Piece] = []
    unit = 0
    captions = Captions()
    for page in pages:
        captions.turn_page()
        if page.locator and page.locator.kind in _UNITS_APART:
            captions = Captions()
            if pieces:
                yield Section(outline.names, unit, tuple(pieces))
            outline.clear()
            pieces, unit = [], unit + 1
        for block in _blocks(page):
            if block.kind is BlockKind.HEADING:
                if pieces and pieces[-1].kind is not BlockKind.HEADING:
                    yield Section(outline.names, unit, tuple(pieces))
                    pieces = []
                outline.enter(block.level, page.text[block.start : block.end])
            columns = captions.read(block.kind, page.text[block.start : block.end])
            if block.kind is BlockKind.TABLE and captions.taken:
                pieces[-captions.taken :] = [replace(piece, leads=True) for piece in pieces[-captions.taken :]]
            pieces += _pieces(Piece(page, block.start, block.end, 0, block.kind, columns=columns), measure)
    if pieces:
        yield Section(outline.names, unit, tuple(pieces))


def parts(piece: Piece, measure: Measure) -> list[Piece]:
    """A paragraph's sentences or a table's rows, none larger than allowed; the piece itself if it is one."""
    found: list[Piece] = []
    for start, end in sentences(piece.text, piece.kind):
        part = replace(
            piece,
            start=piece.start + start,
            end=piece.start + end,
            opens=piece.opens and not found,
        )
        found += _cut(part, measure)
    return found


def _pieces(piece: Piece, measure: Measure) -> list[Piece]:
    tokens = measure.tokens(piece.text)
    return [replace(piece, tokens=tokens)] if tokens <= measure.max_tokens else parts(piece, measure)


def _cut(piece: Piece, measure: Measure) -> Iterator[Piece]:
    """A sentence or row, halved until it fits."""
    text = piece.text
    tokens = measure.tokens(text)
    if tokens <= measure.max_tokens or len(text) == 1:
        yield replace(piece, tokens=tokens)
        return
    middle = _cut_point(text)
    yield from _cut(replace(piece, end=piece.start + len(text[:middle].rstrip())), measure)
    start = piece.end - len(text[middle:].lstrip())
    if start < piece.end:
        yield from _cut(replace(piece, start=start, opens=False), measure)


def _cut_point(text: str) -> int:
    """Near the middle of a text without outer space: after a line, a clause, a word; never before a combining mark."""
    middle, reach = len(text) // 2, len(text) // 4
    for mark in ("\n", "; ", "，", "、", ", ", " "):
        after = text.find(mark, middle, middle + reach)
        before = text.rfind(mark, middle - reach, middle)
        if after > 0 or before > 0:
            return (after if after > 0 else before) + len(mark)
    point = middle
    while point < len(text) and unicodedata.category(text[point]).startswith(("M", "Cf")):
        point += 1
    return point if point < len(text) else middle


def _blocks(page: Page) -> Iterator[Block]:
    """The page's blocks but furniture, and as paragraphs what lies between them; trimmed, none empty."""
    position = 0
    for block in page.blocks:
        yield from _paragraphs(page.text, position, block.start)
        if block.kind is not BlockKind.FURNITURE:
            yield from _trimmed(page.text, block)
        position = max(position, block.end)
    yield from _paragraphs(page.text, position, len(page.text))


def _paragraphs(text: str, start: int, end: int) -> Iterator[Block]:
    for match in _PARAGRAPH_BREAK.finditer(text, start, end):
        yield from _trimmed(text, Block(BlockKind.TEXT, start, match.start()))
        start = match.end()
    yield from _trimmed(text, Block(BlockKind.TEXT, start, end))


def _trimmed(text: str, block: Block) -> Iterator[Block]:
    part = text[block.start : block.end]
    if stripped := part.strip():
        start = block.start + len(part) - len(part.lstrip())
        yield replace(block, start=start, end=start + len(stripped))


def _one_line(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
