"""Boxes of characters, merged into the few that a reader sees as highlighted lines."""

from collections.abc import Iterable
from functools import reduce

from app.logic.hyphens import LINE_END_HYPHEN
from app.models.domain import Box, Word

_SAME_LINE = 0.5
_GAP = 3.0  # in heights of the line: pieces of one line are drawn together, two columns are not
_BREAKS = "\r\n" + LINE_END_HYPHEN


def merge(characters: Iterable[tuple[str, Box]]) -> tuple[Box, ...]:
    """One box a line for (character, box) pairs in reading order. White space and empty boxes count for nothing."""
    lines: list[Box] = []
    previous: Box | None = None
    for character, box in characters:
        if not character.isspace() and box[0] < box[2] and box[1] < box[3]:
            if lines and (_continues(lines[-1], previous, box) or _adjoins(lines[-1], box)):
                lines[-1] = _union(lines[-1], box)
            else:
                lines.append(box)
            previous = box
        if character in _BREAKS:
            previous = None
    return tuple(map(rounded, lines))


def of_words(words: Iterable[Word], start: int, end: int) -> tuple[Box, ...]:
    """One box a line for `text[start:end]` of a page whose words' places are known; a word counts whole."""
    touched = (word.box for word in words if word.start < end and start < word.end)
    return merge(pair for box in touched for pair in (("x", box), ("\n", box)))


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; there must be one."""
    return reduce(_union, boxes)


def rounded(box: Box) -> Box:
    """To hundredths of a point."""
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)


def _continues(line: Box, previous: Box | None, box: Box) -> bool:
    """Whether a character goes on with its line: beside it, or under or over it where the line runs up or down."""
    if previous is None:
        return False
    turned = _overlap(previous[0], previous[2], box[0], box[2]) >= _SAME_LINE
    near = max(box[1] - previous[3], previous[1] - box[3]) <= previous[3] - previous[1]
    return _overlap(line[1], line[3], box[1], box[3]) >= _SAME_LINE or (turned and near)


def _adjoins(line: Box, box: Box) -> bool:
    """Whether a new line is in truth another piece of the last one."""
    level = _overlap(line[1], line[3], box[1], box[3]) >= _SAME_LINE
    return level and max(box[0] - line[2], line[0] - box[2]) <= _GAP * (box[3] - box[1])


def _overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """Shared length as a share of the shorter one."""
    return (min(a1, b1) - max(a0, b0)) / max(1e-6, min(a1 - a0, b1 - b0))


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
