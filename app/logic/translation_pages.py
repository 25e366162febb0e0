"""A document's stored pages as an outline of segments: headings, paragraphs, items of lists, rows of tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.logic.folding import HAN_KANA
from app.logic.translation_masks import segment
from app.logic.translation_text import framed, merged
from app.models.domain import Block, BlockKind, Page
from app.models.translation import Segment, Template

_ITEM = re.compile(r"[-•▪◦‣●–*]\s+|\(?\d{1,3}[.)]\s+")
_CELLS = re.compile(r" \| |\t+| {3,}")
_RULE = re.compile(r"[\s|:-]*")
"""Between the head and the body of a table in Markdown, whose signs stand in the text of such documents."""
_HASHES = re.compile(r"\A#{1,6}[ \t]+")
_BLANK = re.compile(r"\n[ \t]*\n")
_UNSPACED_WRAP = re.compile(rf"(?<=[{HAN_KANA}])\n[ \t]*(?=[{HAN_KANA}])")
_WRAP = re.compile(r"[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, a paragraph, a list's item, or a table's rows of cells."""

    page: int
    kind: BlockKind
    rows: tuple[tuple[Template, ...], ...]
    level: int = 0
    mark: str = ""
    """Of a list's item: what stands before it."""
    first: int = 0
    """Index of its first segment in the document."""


def outline(pages: Iterable[Page]) -> tuple[Piece, ...]:
    """Running headers and footers are left out."""
    found: list[Piece] = []
    count = 0
    for page in pages:
        for block in _blocks(page):
            for piece in _pieces(page, block):
                found.append(replace(piece, first=count))
                count += len(segments([piece]))
    return tuple(found)


def segments(pieces: Iterable[Piece]) -> list[tuple[int, Segment]]:
    """Every segment in order, with its page."""
    return [
        (piece.page, part)
        for piece in pieces
        for row in piece.rows
        for cell in row
        for part in cell.parts
        if isinstance(part, Segment)
    ]


def _blocks(page: Page) -> Sequence[Block]:
    return page.blocks or (Block(BlockKind.TEXT, 0, len(page.text)),)


def _pieces(page: Page, block: Block) -> Iterator[Piece]:
    text = page.text[block.start : block.end]
    if block.kind is BlockKind.TABLE:
        lines = [line.strip().strip("|").strip() for line in text.splitlines() if not _RULE.fullmatch(line)]
        yield Piece(page.number, block.kind, tuple(tuple(map(_template, _CELLS.split(line))) for line in lines if line))
    elif block.kind is BlockKind.HEADING:
        yield Piece(page.number, block.kind, ((_template(_HASHES.sub("", text)),),), block.level)
    elif block.kind is BlockKind.TEXT:
        for paragraph in _BLANK.split(text):
            for mark, item in _items(paragraph):
                yield Piece(page.number, block.kind, ((_template(item),),), mark=mark)


def _items(paragraph: str) -> Iterator[tuple[str, str]]:
    """A list's items with their marks; what is no list is one item without."""
    lines: list[str] = []
    mark = ""
    for line in paragraph.splitlines():
        found = _ITEM.match(line.lstrip())
        if found:
            if "".join(lines).strip():
                yield mark, "\n".join(lines)
            mark, lines = found.group().strip(), [line.lstrip()[found.end() :]]
        else:
            lines.append(line)
    if "".join(lines).strip():
        yield mark, "\n".join(lines)


def unwrapped(text: str) -> str:
    """The text on one line: where a line was broken means nothing in another language."""
    return _WRAP.sub(" ", _UNSPACED_WRAP.sub("", text)).strip()


def _template(text: str) -> Template:
    return Template(tuple(merged(framed(unwrapped(text), segment))))
