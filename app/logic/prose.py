"""Plain text and Markdown, cut into sections, headings, tables and paragraphs without changing a character."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.models.domain import Block, BlockKind

LONGEST_SECTION = 60_000
"""Characters; a longer section goes on in another of the same name."""

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*?)[ \t]*#*\s*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TABLE_ROW = re.compile(r"\s*\|.*\||[^|]+\|[^|]+.*")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_SPLITTING_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the file: `text` begins in line `first_line` (1-based)."""

    text: str
    first_line: int
    headings: tuple[str, ...] = ()

    @property
    def last_line(self) -> int:
        return self.first_line + self.text.count("\n")


def sections(lines: Iterable[str], *, markdown: bool) -> Iterator[Section]:
    """Lines (each with its line end) put together: by `#` and `##` headings in Markdown, and by length.

    Only line breaks at a section's end are lost; a section without any text is left out.
    """
    cutter = _Cutter(markdown)
    for line in lines:
        yield from cutter.take(line)
    yield from cutter.cut()


class _Cutter:
    def __init__(self, markdown: bool) -> None:
        self._markdown = markdown
        self._fence: str | None = None
        self._path: dict[int, str] = {}
        self._held: list[str] = []
        self._length = 0
        self._line = self._first = 1

    def take(self, line: str) -> Iterator[Section]:
        heading = self._heading(line) if self._markdown else None
        if heading:
            yield from self.cut()
            level, title = heading
            self._path = {above: name for above, name in self._path.items() if above < level} | {level: title}
        self._held.append(line)
        self._length += len(line)
        self._line += 1
        if self._length > LONGEST_SECTION and (not line.strip() or self._length > 2 * LONGEST_SECTION):
            yield from self.cut()

    def cut(self) -> Iterator[Section]:
        text = "".join(self._held).rstrip("\n")
        if text.strip():
            yield Section(text, self._first, tuple(self._path.values()))
        self._held, self._length, self._first = [], 0, self._line

    def _heading(self, line: str) -> tuple[int, str] | None:
        self._fence = _fence_after(self._fence, line)
        match = None if self._fence else _ATX.fullmatch(line)
        if match and len(match.group(1)) <= _SPLITTING_LEVEL:
            return len(match.group(1)), match.group(2)
        return None


def _fence_after(fence: str | None, line: str) -> str | None:
    """The fence that a line is inside of, or opens; None outside of code."""
    match = _FENCE.match(line)
    if not match:
        return fence
    if fence is None:
        return match.group(1)
    closes = match.group(1).startswith(fence) and not line[match.end() :].strip()
    return None if closes else fence


def markdown_blocks(text: str) -> Iterator[Block]:
    """Headings, tables (a row a line) and paragraphs of Markdown, as CommonMark tells them apart; code stays whole."""
    lines = list(_offsets(text))
    fence: str | None = None
    start: int | None = None
    for index, (at, line) in enumerate(lines):
        inside, fence = fence, _fence_after(fence, line)
        heading = None if inside or fence else _heading_at(lines, index)
        blank = not line.strip() and not inside
        if start is not None and (blank or heading or (fence and not inside)):
            yield from _paragraph(text, start, at)
            start = None
        if heading:
            yield Block(BlockKind.HEADING, at, at + len(line), heading)
        elif (
            not blank and start is None and not (index and _heading_at(lines, index - 1) and _UNDERLINE.fullmatch(line))
        ):
            start = at
    if start is not None:
        yield from _paragraph(text, start, len(text))


def _offsets(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _heading_at(lines: list[tuple[int, str]], index: int) -> int:
    """Level of the heading that a line is; 0 if none."""
    line = lines[index][1]
    if match := _ATX.fullmatch(line):
        return len(match.group(1))
    alone = line.strip() and not (index and lines[index - 1][1].strip())
    if alone and index + 1 < len(lines) and (match := _UNDERLINE.fullmatch(lines[index + 1][1])):
        return 1 if match.group(1)[0] == "=" else 2
    return 0


def _paragraph(text: str, start: int, end: int) -> Iterator[Block]:
    end = start + len(text[start:end].rstrip())
    rows = text[start:end].split("\n")
    is_table = len(rows) > 1 and bool(_TABLE_RULE.fullmatch(rows[1])) and all(map(_TABLE_ROW.fullmatch, rows[:1]))
    yield Block(BlockKind.TABLE if is_table else BlockKind.TEXT, start, end)
