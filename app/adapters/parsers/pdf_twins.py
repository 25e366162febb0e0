"""Letters that pdfium drops: of two equal ones that are drawn one by one, the second is taken for a shadow.

It compares the rectangles of what is drawn, and that of a slanted "f" is twice as wide as the step to the next letter:
"affect" comes as "af ect". What was dropped still is among the page's objects, where it is looked for.
"""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pypdfium2.raw as pdf

from app.models.domain import Box

_FOLLOWED = re.compile(r"f(?: ?(?=[^\s\d])|(?=\s*$))", re.MULTILINE)
_WIDE = 0.5
"""Of the line's height: a narrower letter does not cover half of its twin's rectangle."""
_SAME = 0.25
"""Points by which two rectangles of one letter may differ."""
_WORD_SPACE = 0.15
"""Of the line's height: less after the twin is no space."""
_ONE_BY_ONE = 0.5
"""Objects a character, from which on a page is drawn letter by letter."""

_Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in PDF user space."""


class _Suspect(NamedTuple):
    """`raw[at]` may have had a twin before `raw[end]`."""

    at: int
    end: int
    rectangle: _Rectangle
    x: float
    next_x: float


def restore_twins(
    page: pdf.FPDF_PAGE, text_page: pdf.FPDF_TEXTPAGE, raw: str, box: Callable[[int], Box]
) -> tuple[str, list[int]] | None:
    """The text with the letters that were dropped in place of the gap, and the index in `raw` of each of its
    characters; None if all is well."""
    if pdf.FPDFPage_CountObjects(page) < _ONE_BY_ONE * len(raw):
        return None
    suspects = [_suspect(text_page, *place) for place in _places(raw, box)]
    found = _dropped(page, suspects) if suspects else {}
    if not found:
        return None
    pieces, order, position = list[str](), list[int](), 0
    for one, step in found.items():
        pieces += (raw[position : one.at + 1], raw[one.at])
        order += (*range(position, one.at + 1), one.at)
        height = one.rectangle[3] - one.rectangle[1]
        parted = one.next_x - one.x - 2 * step > _WORD_SPACE * height
        position = one.at + 1 if parted else one.end
    return "".join((*pieces, raw[position:])), [*order, *range(position, len(raw))]


def _places(raw: str, box: Callable[[int], Box]) -> Iterator[tuple[int, int]]:
    """Where wide letters stand, and what follows them on the line."""
    for match in _FOLLOWED.finditer(raw):
        x0, y0, x1, y1 = box(match.start())
        if x1 - x0 > _WIDE * (y1 - y0):
            yield match.start(), match.end()


def _suspect(text_page: pdf.FPDF_TEXTPAGE, at: int, end: int) -> _Suspect:
    drawn = pdf.FPDFText_GetTextObject(text_page, at)
    rectangle = _rectangle(drawn) if drawn else (0.0, 0.0, 0.0, 0.0)
    after = rectangle[2] if end == at + 1 else _origin(text_page, end)
    return _Suspect(at, end, rectangle, _origin(text_page, at), after)


def _origin(text_page: pdf.FPDF_TEXTPAGE, at: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdf.FPDFText_GetCharOrigin(text_page, at, ctypes.byref(x), ctypes.byref(y))
    return x.value


def _dropped(page: pdf.FPDF_PAGE, suspects: Sequence[_Suspect]) -> dict[_Suspect, float]:
    """Those with an object of the same size beside them, nearer than the next letter, and how far off it is."""
    found: dict[_Suspect, float] = {}
    for rectangle in _drawn_texts(page):
        for one in suspects:
            if _is_twin(one, rectangle):
                found[one] = rectangle[0] - one.rectangle[0]
    return dict(sorted(found.items()))


def _drawn_texts(page: pdf.FPDF_PAGE) -> Iterator[_Rectangle]:
    """Of every text object. A page has thousands: all are read into the same four numbers."""
    left, bottom, right, top = sides = [ctypes.c_float() for _ in range(4)]
    places = [ctypes.byref(side) for side in sides]
    get_object, get_type, get_bounds = pdf.FPDFPage_GetObject, pdf.FPDFPageObj_GetType, pdf.FPDFPageObj_GetBounds
    for index in range(pdf.FPDFPage_CountObjects(page)):
        drawn = get_object(page, index)
        if get_type(drawn) == pdf.FPDF_PAGEOBJ_TEXT:
            get_bounds(drawn, *places)
            yield left.value, bottom.value, right.value, top.value


def _is_twin(suspect: _Suspect, other: _Rectangle) -> bool:
    left, bottom, right, top = suspect.rectangle
    step = other[0] - left
    return (
        _SAME < step < suspect.next_x - suspect.x - _SAME
        and abs(other[2] - right - step) < _SAME
        and abs(other[1] - bottom) < _SAME
        and abs(other[3] - top) < _SAME
    )


def _rectangle(drawn: pdf.FPDF_PAGEOBJECT) -> _Rectangle:
    sides = [ctypes.c_float() for _ in range(4)]
    pdf.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top
