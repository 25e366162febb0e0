"""What pdfium gets wrong in a page's text and the places of its characters can set right; none of them moves."""

import re
from collections.abc import Callable

from app.models.domain import Box

_LINE = re.compile(r"[^\s](?:[^\r\n]*[^\s])?")
_BREAK = "\r\n"
_SAME_ROW = 0.6
_NOTHING = "\x00"  # goes when the text is cleaned


def mend(raw: str, box: Callable[[int], Box], size: tuple[float, float]) -> str:
    """The raw text with rows of tables on one line and without what lies outside of the page; indices stay.

    A cell that goes on at the same height, further to the right, is no new line. Text outside of the page is cut off
    when it is shown: of a spread that was made into two pages, it is the other page's.
    """
    edits: list[tuple[int, int, str]] = []
    before: tuple[int, Box] | None = None
    for line in _LINE.finditer(raw):
        start, end = line.span()
        first, last = box(start), box(end - 1)
        if _is_outside(first, size) and _is_outside(last, size):
            edits.append((start, end + len(_BREAK) * raw.startswith(_BREAK, end), _NOTHING))
            continue
        if before and raw[before[0] : start] == _BREAK and _goes_on(before[1], first):
            edits.append((before[0], start, " "))
        before = end, last
    for start, end, filler in edits:
        raw = f"{raw[:start]}{filler * (end - start)}{raw[end:]}"
    return raw


def _goes_on(last: Box, first: Box) -> bool:
    shared = min(last[3], first[3]) - max(last[1], first[1])
    return first[0] >= last[2] - 1 and shared >= _SAME_ROW * min(last[3] - last[1], first[3] - first[1]) > 0


def _is_outside(box: Box, size: tuple[float, float]) -> bool:
    return box[0] < box[2] and (box[2] <= 0 or box[3] <= 0 or box[0] >= size[0] or box[1] >= size[1])
