"""Lines and pages as the layout rules see them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from app.logic.layout_figures import trailing_figures

_TYPEWRITER_LINE, _TYPEWRITER_ADVANCE = 12.0, 5.0
_EDGE_DEPTH = 4
_NUMBER = re.compile(r"\d+|(?<=\A)[ivxlc]+(?=\Z)")
_LONG_LINE = 30
_SPARSE = 1.4


@dataclass(frozen=True, slots=True)
class Line:
    """`text[start:end]` of one page and its place in points of the page as it is shown."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    """Height of its first character's font, in points."""
    bold: bool = False
    italic: bool = False
    figures: int = 0
    """How many cells of figures it ends with (`layout_figures.trailing_figures`)."""
    gap: float = 0.0
    """White space before its last figure, where the line ends with a single one; told for those lines alone."""


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A line at the top or the bottom of its page."""

    index: int
    key: str
    """Its text in lower case, with 0 for each number."""
    place: float
    """Distance from the edge, in points."""


@dataclass(frozen=True)
class Body:
    """The type that most of the text around is set in."""

    size: float
    bold: bool


@dataclass(frozen=True)
class Sheet:
    """One page: its text and its lines, in reading order."""

    number: int
    text: str
    lines: tuple[Line, ...]
    width: float
    height: float
    label: str | None = None
    outline: tuple[tuple[str, int], ...] = ()
    """Entries of the document's outline that lead to this page, with their levels (1 is outermost)."""
    typewritten: bool = False
    """The lines are those of `plain_lines`."""

    def line(self, index: int) -> str:
        return self.text[self.lines[index].start : self.lines[index].end]

    @cached_property
    def sizes(self) -> Counter[float]:
        """Characters by size, rounded to half points."""
        sizes: Counter[float] = Counter()
        for line in self.lines:
            sizes[round(2 * line.size) / 2] += line.end - line.start
        return sizes

    @cached_property
    def characters(self) -> int:
        return sum(line.end - line.start for line in self.lines)

    @cached_property
    def bold_characters(self) -> int:
        return sum(line.end - line.start for line in self.lines if line.bold)

    @cached_property
    def left(self) -> float:
        return min((line.x0 for line in self.lines), default=0.0)

    @cached_property
    def right(self) -> float:
        return max((line.x1 for line in self.lines), default=0.0)

    @cached_property
    def leading(self) -> float:
        """The usual distance from one line's top to the next one's."""
        if self.typewritten:
            return _TYPEWRITER_LINE
        steps = [after.y0 - before.y0 for before, after in pairwise(self.lines) if after.y0 - before.y0 > 1]
        return median(steps) if steps else 0.0

    @cached_property
    def edges(self) -> tuple[list[EdgeLine], list[EdgeLine]]:
        """The outermost lines from the top inwards, and from the bottom."""
        order = sorted(range(len(self.lines)), key=lambda index: self.lines[index].y0)
        top = [self._edge_line(index, self.lines[index].y0) for index in order[:_EDGE_DEPTH]]
        last = reversed(order[-_EDGE_DEPTH:])
        return top, [self._edge_line(index, self.height - self.lines[index].y1) for index in last]

    def _edge_line(self, index: int, place: float) -> EdgeLine:
        return EdgeLine(index, _NUMBER.sub("0", " ".join(self.line(index).lower().split())), place)

    @cached_property
    def _advance(self) -> float:
        """Usual width of a character, in heights of its line."""
        widths = [
            (line.x1 - line.x0) / ((line.end - line.start) * line.size)
            for line in self.lines
            if line.size and line.end - line.start >= _LONG_LINE
        ]
        return median(widths) if widths else 0.0

    def is_sparse(self, index: int) -> bool:
        """Whether a line is much wider than its text, as one with columns is."""
        line = self.lines[index]
        natural = self._advance * (line.end - line.start) * line.size
        return 0 < _SPARSE * natural < line.x1 - line.x0

    @cached_property
    def lone_numbers(self) -> frozenset[int]:
        """What each number that has a line to itself is ahead of the page's own, at the first and the last line."""
        ends = {self.line(index) for index in (0, len(self.lines) - 1) if self.lines}
        numbers = ("".join(filter(str.isdecimal, end)) for end in ends if not any(map(str.isalpha, end)))
        return frozenset(int(number) - self.number for number in numbers if 0 < len(number) < 6)


def plain_lines(text: str, *, offset: int = 0, top: float = 0.0) -> Iterator[Line]:
    """Lines of text that has no places, set under one another from `top` on, as a typewriter would."""
    start = offset
    for line in text.split("\n"):
        if line.strip():
            figures, figure = trailing_figures(line)
            spaces = figure - len(line[:figure].rstrip())
            yield Line(
                start, start + len(line), 0.0, top, len(line) * _TYPEWRITER_ADVANCE, top + _TYPEWRITER_LINE,
                size=_TYPEWRITER_LINE, figures=figures, gap=spaces * _TYPEWRITER_ADVANCE,
            )  # fmt: skip
        start += len(line) + 1
        top += _TYPEWRITER_LINE
