"""Spaces that a file leaves to the eye: "2.5Base Pay" with white between the number and the word.

PDF extractors tell a space by the width of the gap, and a tab or a tightened line may make it less than they ask for.
Only where a number or a small letter meets a letter that may begin a word is the gap looked at, since asking for every
character's place takes three times as long as reading the page.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from app.models.domain import Box

_CASED = range(0x10000)
_UPPER = "".join(chr(code) for code in _CASED if chr(code).isupper())
_LOWER = "".join(chr(code) for code in _CASED if chr(code).islower())
_MEETING = re.compile(
    rf"(?<=\d)(?=[{_UPPER}{_LOWER}])|(?<=[{_LOWER}])(?=[{_UPPER}])|(?<=[{_UPPER}])(?=[{_UPPER}][{_LOWER}])"
)
_LEAST = 0.12
"""Of the line's height. A word space has some 0.2 to 0.3; kerning and the space after a note's number have less."""
_TIMES_THE_USUAL = 2.5
"""Against the gaps beside it: spaced-out letters part no words."""


def part_words(raw: str, box: Callable[[int], Box]) -> tuple[str, list[int]] | None:
    """The text with spaces where words were glued, and the index in `raw` of each of its characters; None if all is
    well. A new space has the index of the character before it."""
    places = [match.start() for match in _MEETING.finditer(raw) if _is_gap(raw, match.start(), box)]
    if not places:
        return None
    ends = [0, *places, len(raw)]
    text = " ".join(raw[start:end] for start, end in pairwise(ends))
    order: list[int] = []
    for start, end in pairwise(ends):
        order += [start - 1, *range(start, end)] if start else range(end)
    return text, order


def _is_gap(raw: str, at: int, box: Callable[[int], Box]) -> bool:
    before, after = box(at - 1), box(at)
    height = min(before[3] - before[1], after[3] - after[1])
    gap = after[0] - before[2]
    if height <= 0 or gap < _LEAST * height or min(before[3], after[3]) - max(before[1], after[1]) < height / 2:
        return False
    beside = [
        _between(box(left), box(left + 1))
        for left in (at - 2, at)
        if raw[left : left + 2].strip() == raw[left : left + 2] and 0 <= left < len(raw) - 1
    ]
    return gap > _TIMES_THE_USUAL * max([0.0, *beside])


def _between(left: Box, right: Box) -> float:
    return right[0] - left[2]
