"""Columns of prose whose lines a file holds row by row: "left one right one / left two right two".

Most files hold them column by column, and then there is nothing to do. Told by white space that stands at one place in
line after line with full lines of words on both of its sides, which tables do not have.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean

from app.models.domain import Box

BoxOf = Callable[[int], Box]
Span = tuple[int, int]

_LINE = re.compile(r"[^\s](?:[^\r\n]*[^\s])?")
_GAP = re.compile(r"(?<=\S) +(?=\S)")
_BREAK = "\r\n"
_SIDES = ("left", "right")
_WORDS_IN_SAMPLE = 8
_GUTTER = 1.0  # heights of the line; between words of justified text there is less
_LEAST_ROWS = 6
_LEAST_WORDS = 3.0
_LINE_STEP = 2.2  # in heights
_FULL_LINE, _MOSTLY = 0.85, 0.6


@dataclass(frozen=True, slots=True)
class _Row:
    """A line's stretches left and right of the gutter; either may be empty, and `across` it crosses without parting."""

    left: Span
    right: Span
    across: bool = False

    @property
    def start(self) -> int:
        return self.left[0] if self.left[0] < self.left[1] else self.right[0]

    @property
    def is_parted(self) -> bool:
        return self.left[0] < self.left[1] and self.right[0] < self.right[1]


def by_columns(raw: str, box: BoxOf) -> tuple[str, list[int]] | None:
    """The text column by column, and the index in `raw` of each of its characters; None where it reads well as it is.

    `raw` has lines that end with CRLF, `box` tells the place of each character.
    """
    gutter = _sampled_gutter(raw, box)
    if gutter is None:
        return None
    rows = [_parted(line.span(), raw, box, gutter) for line in _LINE.finditer(raw)]
    text, position = "", 0
    order: list[int] = []
    for stretch in _stretches(rows, box):
        if not all(_is_prose(raw, box, [getattr(row, side) for row in stretch if row.is_parted]) for side in _SIDES):
            continue
        text += raw[position : stretch[0].start]
        order += range(position, stretch[0].start)
        parts = [getattr(row, side) for side in _SIDES for row in stretch]
        for start, end in (part for part in parts if part[0] < part[1]):
            text += raw[start:end] + _BREAK
            order += [*range(start, end), end - 1, end - 1]
        position = max(stretch[-1].left[1], stretch[-1].right[1])
        position += len(_BREAK) * raw.startswith(_BREAK, position)
    return (text + raw[position:], [*order, *range(position, len(raw))]) if order else None


def _sampled_gutter(raw: str, box: BoxOf) -> float | None:
    """Where two lines of the page have their widest gap, if both have it there."""
    lines = [line.span() for line in _LINE.finditer(raw) if line.group().count(" ") + 1 >= _WORDS_IN_SAMPLE]
    if len(lines) < _LEAST_ROWS:
        return None
    found: list[tuple[float, float]] = []
    for start, end in (lines[len(lines) // 3], lines[2 * len(lines) // 3]):
        gaps = [(box(gap.start() - 1)[2], box(gap.end())[0]) for gap in _GAP.finditer(raw, start, end)]
        widest = max(gaps, key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0))
        first = box(start)
        if widest[1] - widest[0] < _GUTTER * (first[3] - first[1]):
            return None
        found.append(widest)
    left, right = max(gap[0] for gap in found), min(gap[1] for gap in found)
    return (left + right) / 2 if left < right else None


def _parted(line: Span, raw: str, box: BoxOf, gutter: float) -> _Row:
    start, end = line
    if box(end - 1)[2] <= gutter:
        return _Row(line, (end, end))
    if box(start)[0] >= gutter:
        return _Row((start, start), line)
    for gap in _GAP.finditer(raw, start, end):
        if box(gap.start() - 1)[2] <= gutter <= box(gap.end())[0]:
            return _Row((start, gap.start()), (gap.end(), end))
    return _Row(line, line, across=True)


def _stretches(rows: Sequence[_Row], box: BoxOf) -> Iterator[list[_Row]]:
    """Rows in a row of which none crosses the gutter: from the first parted one to the end of the longer column."""
    for across, group in groupby(rows, key=lambda row: row.across):
        stretch = list(group)
        parted = [index for index, row in enumerate(stretch) if row.is_parted]
        if across or len(parted) < _LEAST_ROWS:
            continue
        end = parted[-1] + 1
        while end < len(stretch) and _is_next_line(box(stretch[end - 1].start), box(stretch[end].start)):
            end += 1
        yield stretch[parted[0] : end]


def _is_next_line(upper: Box, lower: Box) -> bool:
    return 0 < lower[1] - upper[1] < _LINE_STEP * (upper[3] - upper[1])


def _is_prose(raw: str, box: BoxOf, parts: Sequence[Span]) -> bool:
    """Whether one side of the gutter holds lines of words that mostly fill their column."""
    words = mean(raw.count(" ", start, end) + 1 for start, end in parts)
    left = min(box(start)[0] for start, _ in parts)
    ends = [box(end - 1)[2] for _, end in parts]
    full = left + _FULL_LINE * (max(ends) - left)
    letters = mean(sum(map(str.isalpha, raw[start:end])) / (end - start) for start, end in parts)
    return words >= _LEAST_WORDS and letters > _MOSTLY and sum(end >= full for end in ends) > _MOSTLY * len(ends)
