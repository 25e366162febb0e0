"""One page of a PDF while its text is replaced: what is taken away, and what is drawn."""

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdf
from numpy.typing import NDArray

from app.adapters.parsers.originals.pdf_blocks import PdfBlock
from app.adapters.parsers.originals.pdf_setting import Fitted, Placed
from app.adapters.parsers.originals.pdf_sheet import Sheet
from app.adapters.parsers.pdf_document import PageChars

_EXACT = 0.002
_SCALE = 0.5
_OTHER, _FEW = 60, 20
"""Of 255 greys, and pixels: less is smoothing."""
_EDGE = 3
Colour = tuple[int, int, int, int]


class EditedPage:
    """Close it."""

    def __init__(self, document: pdfium.PdfDocument, index: int) -> None:
        self._document = document
        self._chars = PageChars(document, index)

    def remove(self, gone: Sequence[PdfBlock]) -> dict[int, Colour]:
        """Take the text away; tells each block's colour, by the block's id."""
        wanted: dict[int, Any] = {}
        colours: dict[int, Colour] = {}
        for block in gone:
            for index in block.indices:
                item = pdf.FPDFText_GetTextObject(self._chars.text_page, self._chars.number(index))
                if item:
                    wanted[ctypes.addressof(item.contents)] = item
                    colours.setdefault(id(block), _colour(item))
        for item in wanted.values():
            pdf.FPDFPage_RemoveObject(self._chars.page, item)
        return colours

    def draw(self, fitted: Fitted, fonts: Mapping[int, Any], colour: Colour) -> None:
        for run in fitted.runs:
            for glyphs, x, y in _stretches(run):
                item = pdf.FPDFPageObj_CreateTextObj(self._document.raw, fonts[id(run.face)], run.size)
                codes = (ctypes.c_uint32 * len(glyphs))(*glyphs)
                pdf.FPDFText_SetCharcodes(item, codes, len(glyphs))
                matrix = pdf.FS_MATRIX(1, 0, 0, 1, *self._chars.user(x, y))
                pdf.FPDFPageObj_SetMatrix(item, ctypes.byref(matrix))
                pdf.FPDFPageObj_SetFillColor(item, *colour)
                pdf.FPDFPage_InsertObject(self._chars.page, item)

    def finish(self) -> bool:
        return bool(pdf.FPDFPage_GenerateContent(self._chars.page))

    def close(self) -> None:
        self._chars.close()


def _colour(item: Any) -> Colour:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdf.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, parts)):
        return 0, 0, 0, 255
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _stretches(run: Placed) -> Iterator[tuple[list[int], float, float]]:
    """Glyphs that follow each other at the widths that their font has, and where the first stands."""
    codes: list[int] = []
    x = run.x
    start = x, run.y
    expected = x
    for glyph in run.glyphs:
        at = x + glyph.x * run.size, run.y - glyph.y * run.size
        if codes and (abs(at[0] - expected) > _EXACT * run.size or abs(at[1] - start[1]) > _EXACT * run.size):
            yield codes, *start
            codes = []
        if not codes:
            start = at
        codes.append(glyph.number)
        expected = at[0] + run.face.widths[glyph.number] * run.size
        x += glyph.advance * run.size
    if codes:
        yield codes, *start


def stays(document: pdfium.PdfDocument, index: int, sheet: Sheet) -> bool:
    """Whether all else on a page looks the same once its text is taken away: pdfium writes some colours wrong."""
    trial = pdfium.PdfDocument.new()
    try:
        trial.import_pages(document, [index])
        before = _seen(trial, sheet)
        page = EditedPage(trial, 0)
        try:
            page.remove([block for block, _ in sheet.placed])
            page.finish()
        finally:
            page.close()
        after = _seen(trial, sheet)
    finally:
        trial.close()
    return before.shape == after.shape and int((np.abs(before - after) > _OTHER).sum()) <= _FEW


def _seen(document: pdfium.PdfDocument, sheet: Sheet) -> NDArray[np.int16]:
    """The page in greys, without the places of the text that goes."""
    page = document[0]
    grey = page.render(scale=_SCALE, grayscale=True).to_numpy().astype(np.int16)
    page.close()
    seen: NDArray[np.int16] = grey.reshape(grey.shape[0], grey.shape[1])
    for block, _ in sheet.placed:
        for cell in block.cells:
            x0, y0, x1, y1 = (int(side * _SCALE) for side in cell.box)
            seen[max(0, y0 - _EDGE) : y1 + _EDGE, max(0, x0 - _EDGE) : x1 + _EDGE] = 0
    return seen
