"""Running headers and footers: lines at a page's edge that stand at the same place on other pages, numbers apart."""

import re
from collections.abc import Sequence

from app.logic.layout_lines import EdgeLine, Sheet

_SAME_PLACE = 14.0
_ZONE = 0.18
_ENOUGH_PAGES = 4
_PAGE_NUMBER = re.compile(r"\W*(?:[^\W\d_]{1,10}\W{0,2})?0(?:\W{0,3}[^\W\d_]{0,5}\W{0,3}0)?\W*")
_LONE_NUMBER = re.compile(r"\W*(\d{1,5})\W*")
_LETTERS_PER_NUMBER = 4


def running_lines(window: Sequence[Sheet], at: int) -> frozenset[int]:
    """Indices of the lines of `window[at]` that are furniture. Nothing counts that has text of the page beyond it."""
    found: set[int] = set()
    sheet = window[at]
    others = [other for index, other in enumerate(window) if index != at]
    needed = 2 if len(window) >= _ENOUGH_PAGES else 1
    for edge in (0, 1):
        elsewhere = [other.edges[edge] for other in others]
        for line in sheet.edges[edge]:
            repeats = line.place < _ZONE * sheet.height and _repeats(line, elsewhere, needed)
            if not repeats and not _counts_pages(sheet, line.index, others, needed):
                break
            found.add(line.index)
    return frozenset(found)


def _repeats(line: EdgeLine, elsewhere: Sequence[Sequence[EdgeLine]], needed: int) -> bool:
    numbers = line.key.count("0")
    letters = sum(map(str.isalpha, line.key))
    if numbers > 1 and not _PAGE_NUMBER.fullmatch(line.key) and letters < numbers * _LETTERS_PER_NUMBER:
        return False  # the head of a table, which goes on over pages
    pages = sum(
        any(line.key == other.key and abs(line.place - other.place) < _SAME_PLACE for other in edge)
        for edge in elsewhere
    )
    return pages >= needed


def _counts_pages(sheet: Sheet, index: int, others: Sequence[Sheet], needed: int) -> bool:
    """Whether a line is a number alone that grows with the pages, wherever the text of the page let it stand."""
    number = _LONE_NUMBER.fullmatch(sheet.line(index))
    if number is None:
        return False
    if number.group(1) == sheet.label:
        return True
    offset = int(number.group(1)) - sheet.number
    return sum(offset in other.lone_numbers for other in others) >= needed
