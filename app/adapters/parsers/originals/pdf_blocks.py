"""The stretches of text on a PDF page that can be replaced: cells of lines, joined to paragraphs."""

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as pdf

from app.adapters.parsers.originals.pdf_setting import Look
from app.adapters.parsers.pdf_document import PageChars
from app.logic.pagetext import clean
from app.logic.translation_pages import unwrapped
from app.models.domain import Box

_GAP = 1.2
"""Of the type's size, as white space in a line: two cells."""
_SAME_LINE = 0.3
"""Of the type's size, by which baselines may differ."""
_STEPS = (0.7, 1.9)
"""Of the type's size, from line to line of a paragraph."""
_FULL = 0.8
_OTHER_SIZE = 0.08
_TILTED = 0.05
_INVISIBLE = 3
_BULLETS = frozenset("•▪◦●○■□➢✓·‣*–—-")
_CENTRED, _INSET = 0.02, 0.06
_LEADING = 1.2


@dataclass(slots=True)
class Cell:
    """A stretch of one line: characters by their number in `PageChars.raw`."""

    indices: list[int]
    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    objects: frozenset[int]
    """What draws it, by address while the page is open: cells that share one go together."""
    fixed: bool = False
    """It stays as it is: turned, or in a form within the page, that other pages may share."""


@dataclass(slots=True)
class PdfBlock:
    cells: list[Cell]
    text: str = ""
    box: Box = (0.0, 0.0, 0.0, 0.0)
    turned: bool = False

    @property
    def indices(self) -> Iterator[int]:
        for cell in self.cells:
            yield from cell.indices

    @property
    def size(self) -> float:
        return median(cell.size for cell in self.cells)

    @property
    def pitch(self) -> float:
        steps = [after.baseline - before.baseline for before, after in pairwise(self.cells)]
        return median(steps) if steps else _LEADING * self.size


def cells(chars: PageChars) -> list[Cell]:
    """Upright and visible ones, in reading order."""
    direct = {
        ctypes.addressof(pdf.FPDFPage_GetObject(chars.page, number).contents)
        for number in range(pdf.FPDFPage_CountObjects(chars.page))
    }
    lines = ([index for index in line if _is_upright(chars, index)] for line in _lines(chars))
    return [_cell(chars, part, direct) for line in lines for part in _parted(chars, line)]


def turned(chars: PageChars) -> list[PdfBlock]:
    """Lines that stand on their side or aslant and hold words, visible ones."""
    lines = ([index for index in line if not _is_upright(chars, index)] for line in _lines(chars))
    found = [_cell(chars, line, set()) for line in lines if line]
    return [_whole(PdfBlock([cell], turned=True)) for cell in found if any(map(str.isalpha, cell.text))]


def _lines(chars: PageChars) -> Iterator[list[int]]:
    """Visible characters."""
    at = 0
    for line in chars.raw.splitlines(keepends=True):
        indices = [at + offset for offset, character in enumerate(line) if not character.isspace()]
        at += len(line)
        yield [index for index in indices if _is_shown(chars, index)]


def blocks(found: Sequence[Cell]) -> list[PdfBlock]:
    """Paragraphs, headings and cells of tables that hold words; figures alone stay what they are."""
    joined: list[PdfBlock] = []
    before = False
    headed = _row_heads(found)
    for row in _rows(found):
        bulleted = len(row) == 2 and row[0].text in _BULLETS
        for cell in row:
            own_row = id(cell) in headed and joined and id(joined[-1].cells[-1]) in headed
            if len(row) == 1 and before and not own_row and _goes_on(joined[-1].cells, cell):
                joined[-1].cells.append(cell)
            else:
                joined.append(PdfBlock([cell]))
        before = len(row) == 1 or bulleted
    return [block for block in map(_whole, joined) if any(character.isalpha() for character in block.text)]


def _whole(block: PdfBlock) -> PdfBlock:
    """With the text and the box that its cells come to."""
    block.text = unwrapped(clean("\r\n".join(cell.text for cell in block.cells)).text)
    boxes = [cell.box for cell in block.cells]
    block.box = (
        min(box[0] for box in boxes), min(box[1] for box in boxes),
        max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip
    return block


def _rows(found: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Neighbours on one line; a table's figures may stand a little higher than the words beside them."""
    row: list[Cell] = []
    for cell in found:
        if row and abs(cell.baseline - row[-1].baseline) > _SAME_LINE * cell.size:
            yield row
            row = []
        row.append(cell)
    if row:
        yield row


def _row_heads(found: Sequence[Cell]) -> set[int]:
    """Cells, by their id, that have a figure to their right: a table's rows, though each column be read for itself."""
    figures = [cell for cell in found if not any(map(str.isalpha, cell.text)) and any(map(str.isdigit, cell.text))]
    return {
        id(cell)
        for cell in found
        for figure in figures
        if abs(figure.baseline - cell.baseline) < _SAME_LINE * cell.size and figure.box[0] > cell.box[2]
    }


def look_of(block: PdfBlock, page: Box, *, right_to_left: bool) -> Look:
    """How its translation is set; `page` is where the page has text."""
    align = "right" if right_to_left else "left"
    middle, width = (page[0] + page[2]) / 2, page[2] - page[0]
    box = block.box
    if abs((box[0] + box[2]) / 2 - middle) < _CENTRED * width and box[0] > page[0] + _INSET * width:
        align = "center"
    bold = sum(cell.bold for cell in block.cells) * 2 > len(block.cells)
    return Look(block.size, block.pitch, bold, align)


def _goes_on(before: Sequence[Cell], cell: Cell) -> bool:
    """Whether a line is the next one of the paragraph that these begin."""
    last, size = before[-1], before[-1].size
    step = cell.baseline - last.baseline
    if not _STEPS[0] * size < step < _STEPS[1] * size or abs(cell.size - size) > _OTHER_SIZE * size:
        return False
    if cell.bold != last.bold:
        return False
    if len(before) > 1 and step > 1.25 * (last.baseline - before[-2].baseline):
        return False
    widest = max(cell.box[2], *(one.box[2] for one in before))
    left = min(cell.box[0], *(one.box[0] for one in before))
    near = abs(cell.box[0] - last.box[0]) < 4 * size or abs(sum(cell.box[::2]) - sum(last.box[::2])) < 4 * size
    return near and last.box[2] - left > _FULL * (widest - left)


def _parted(chars: PageChars, indices: Sequence[int]) -> Iterator[list[int]]:
    part: list[int] = []
    if len(indices) > 1 and chars.raw[indices[0]] in _BULLETS and indices[1] > indices[0] + 1:
        yield [indices[0]]  # it stays as it is
        indices = indices[1:]
    for index in indices:
        if part:
            before, box = chars.box(part[-1]), chars.box(index)
            height = max(1.0, box[3] - box[1])
            apart = box[0] - before[2] > _GAP * height or box[2] < before[0] - _GAP * height
            if apart or abs(box[1] - before[1]) > height:
                yield part
                part = []
        part.append(index)
    if part:
        yield part


def _cell(chars: PageChars, indices: list[int], direct: set[int]) -> Cell:
    boxes = [chars.box(index) for index in indices]
    box = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    middle = indices[len(indices) // 2]
    text = chars.raw[indices[0] : indices[-1] + 1].strip()
    baseline, size = _type(chars, middle)
    objects = frozenset(ctypes.addressof(item.contents) for index in indices if (item := _drawn_by(chars, index)))
    size = size or 0.85 * (box[3] - box[1])
    return Cell(indices, text, box, baseline, size, chars.style(middle)[0], objects, fixed=not objects <= direct)


def _drawn_by(chars: PageChars, index: int) -> Any:
    return pdf.FPDFText_GetTextObject(chars.text_page, chars.number(index))


def _type(chars: PageChars, index: int) -> tuple[float, float]:
    """Baseline and size of a character, in points of the shown page."""
    number = chars.number(index)
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdf.FS_MATRIX()
    pdf.FPDFText_GetCharOrigin(chars.text_page, number, ctypes.byref(x), ctypes.byref(y))
    pdf.FPDFText_GetMatrix(chars.text_page, number, ctypes.byref(matrix))
    size = pdf.FPDFText_GetFontSize(chars.text_page, number) * math.hypot(matrix.c, matrix.d)
    return chars.shown(x.value, y.value, x.value, y.value)[1], size


def _is_upright(chars: PageChars, index: int) -> bool:
    angle = pdf.FPDFText_GetCharAngle(chars.text_page, chars.number(index))
    return bool(min(abs(angle), abs(angle - 2 * math.pi)) < _TILTED)


def _is_shown(chars: PageChars, index: int) -> bool:
    item = _drawn_by(chars, index)
    return bool(item) and pdf.FPDFTextObj_GetTextRenderMode(item) != _INVISIBLE
