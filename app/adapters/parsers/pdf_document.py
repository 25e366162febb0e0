"""A PDF through pdfium: opened, its pages' characters, and where on the shown page each of them stands."""

import ctypes
import re
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from app.adapters.parsers.pdf_mend import mend
from app.adapters.parsers.pdf_repair import written_anew
from app.adapters.parsers.pdf_twins import restore_twins
from app.core.errors import PasswordRequired, UnreadableDocument
from app.logic.bidi import by_direction
from app.logic.columns import by_columns
from app.logic.hyphens import LINE_END_HYPHEN
from app.logic.wordgaps import part_words
from app.models.domain import Box, Source

_UNIT = 1000
_DEVICE = 1_000_000  # pdfium maps points to whole pixels: a large page loses nothing by it
_ITALIC_FLAG, _FORCE_BOLD = 1 << 6, 1 << 18  # ISO 32000-2, 9.8.2
_ITALIC = re.compile(rb"italic|oblique|[_-]it", re.IGNORECASE)
_BOLD = re.compile(rb"bold|black|heavy|[_-]bd", re.IGNORECASE)
_PICTURES = frozenset((pdf.FPDF_PAGEOBJ_IMAGE, pdf.FPDF_PAGEOBJ_FORM))
_DRAWN = frozenset((pdf.FPDF_PAGEOBJ_IMAGE, pdf.FPDF_PAGEOBJ_PATH))
_MOST_OBJECTS = 500
_SMALL, _FRAMES = 0.05, 50  # a logo, and the rules around a page
_HYPHEN_CHARACTER = "\x02"


class RepairedDocument(pdfium.PdfDocument):  # type: ignore[misc]  # pypdfium2 tells no types
    """One that pdfium refused and took after it had been written anew."""


def open_document(source: Source) -> pdfium.PdfDocument:
    """A RepairedDocument where the file is too damaged for pdfium. Raises PasswordRequired and UnreadableDocument."""
    try:
        return _ready(pdfium.PdfDocument(source.path, password=source.password))
    except UnreadableDocument:
        pass
    except pdfium.PdfiumError as error:
        if error.err_code == pdf.FPDF_ERR_PASSWORD:
            raise PasswordRequired from error
    try:
        return _ready(RepairedDocument(written_anew(source)))
    except pdfium.PdfiumError as error:
        raise UnreadableDocument from error


def _ready(document: pdfium.PdfDocument) -> pdfium.PdfDocument:
    """Raises UnreadableDocument when there are no pages."""
    document.init_forms()  # before any page is loaded, else its fields are neither read nor drawn
    if not len(document):
        document.close()
        raise UnreadableDocument
    return document


class PageChars:
    """The characters of one page in reading order, lines ending with CRLF. Raises UnreadableDocument."""

    def __init__(self, document: pdfium.PdfDocument, index: int) -> None:
        self.page = pdf.FPDF_LoadPage(document, index)
        if not self.page:
            raise UnreadableDocument
        self.text_page = pdf.FPDFText_LoadPage(self.page)
        self.width: float = pdf.FPDF_GetPageWidthF(self.page)
        self.height: float = pdf.FPDF_GetPageHeightF(self.page)
        self._rect = pdf.FS_RECTF()
        self._at_rect = ctypes.byref(self._rect)
        self._boxes: dict[int, Box] = {}
        self._name = ctypes.create_string_buffer(96)
        self._flags = ctypes.c_int()
        self._affine = self._shown()
        self._order: list[int] | None = None
        """pdfium's numbers of the characters of `raw`; None where they count up from 0."""
        self.raw = mend(_raw(self.text_page), self.box, (self.width, self.height)) if self.text_page else ""
        for reorder in (self._twins, part_words, by_columns, by_direction):
            if made := reorder(self.raw, self.box):
                self.raw, order = made
                self._order = [self._order[index] for index in order] if self._order else order

    def _twins(self, raw: str, box: Callable[[int], Box]) -> tuple[str, list[int]] | None:
        return restore_twins(self.page, self.text_page, raw, box) if self.text_page else None

    def close(self) -> None:
        if self.text_page:
            pdf.FPDFText_ClosePage(self.text_page)
        pdf.FPDF_ClosePage(self.page)

    def number(self, index: int) -> int:
        """pdfium's number of a character of `raw`."""
        return self._order[index] if self._order else index

    @property
    def is_upright(self) -> bool:
        """Whether the page is shown as it was drawn, not turned."""
        a, b, c, d, _, _ = self._affine
        return b == c == 0 and d < 0 < a

    def user(self, x: float, y: float) -> tuple[float, float]:
        """A place on the shown page in the page's own space; for upright pages."""
        a, _, _, d, e, f = self._affine
        return (x - e) / a, (y - f) / d

    def box(self, index: int) -> Box:
        """Of character `index`, as tall as its line, on the page as it is shown."""
        index = self._order[index] if self._order else index
        known = self._boxes.get(index)
        if known is None:
            pdf.FPDFText_GetLooseCharBox(self.text_page, index, self._at_rect)
            rect = self._rect
            known = self._boxes[index] = self.shown(rect.left, rect.bottom, rect.right, rect.top)
        return known

    def style(self, index: int) -> tuple[bool, bool]:
        """Bold, italic: told by the font's name or its flags; weights alone are often missing or wrong."""
        index = self._order[index] if self._order else index
        pdf.FPDFText_GetFontInfo(self.text_page, index, self._name, len(self._name), ctypes.byref(self._flags))
        name, flags = self._name.value, self._flags.value
        bold = bool(flags & _FORCE_BOLD) or bool(_BOLD.search(name))
        return bold, bool(flags & _ITALIC_FLAG) or bool(_ITALIC.search(name))

    def has_drawings(self) -> bool:
        """Whether pictures, or more lines than frames and rules need, may hold what a reader sees as text."""
        return self.picture_share() > _SMALL or pdf.FPDFPage_CountObjects(self.page) > _FRAMES

    def picture_share(self) -> float:
        """How much of the page pictures cover, at most 1; of forms within it, the frame counts."""
        covered = 0.0
        sides = [ctypes.c_float() for _ in range(4)]
        for index in range(min(_MOST_OBJECTS, pdf.FPDFPage_CountObjects(self.page))):
            item = pdf.FPDFPage_GetObject(self.page, index)
            if pdf.FPDFPageObj_GetType(item) in _PICTURES and pdf.FPDFPageObj_GetBounds(
                item, *map(ctypes.byref, sides)
            ):
                left, bottom, right, top = (side.value for side in sides)
                covered += max(0.0, right - left) * max(0.0, top - bottom)
        return min(1.0, covered / max(1.0, self.width * self.height))

    def drawings(self) -> Iterator[Box]:
        """Where pictures, rules and frames stand."""
        sides = [ctypes.c_float() for _ in range(4)]
        for index in range(min(_MOST_OBJECTS, pdf.FPDFPage_CountObjects(self.page))):
            item = pdf.FPDFPage_GetObject(self.page, index)
            if pdf.FPDFPageObj_GetType(item) in _DRAWN and pdf.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)):
                yield self.shown(*(side.value for side in sides))

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        a, b, c, d, e, f = self._affine
        if b == c == 0 and d < 0 < a:  # nearly every page, and called some 200 times for each
            return a * left + e, d * top + f, a * right + e, d * bottom + f
        x0, y0 = a * left + c * bottom + e, b * left + d * bottom + f
        x1, y1 = a * right + c * top + e, b * right + d * top + f
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _shown(self) -> tuple[float, float, float, float, float, float]:
        """PDF user space to points from the top left: rotation and crop box applied, as pdfium itself does it."""
        (e, f), (ax, ay), (cx, cy) = (self._device(x, y) for x, y in ((0, 0), (_UNIT, 0), (0, _UNIT)))
        return (ax - e) / _UNIT, (ay - f) / _UNIT, (cx - e) / _UNIT, (cy - f) / _UNIT, e, f

    def _device(self, x: int, y: int) -> tuple[float, float]:
        at_x, at_y = ctypes.c_int(), ctypes.c_int()
        pdf.FPDF_PageToDevice(self.page, 0, 0, _DEVICE, _DEVICE, 0, x, y, ctypes.byref(at_x), ctypes.byref(at_y))
        return at_x.value * self.width / _DEVICE, at_y.value * self.height / _DEVICE


def _raw(text_page: pdf.FPDF_TEXTPAGE) -> str:
    count = pdf.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdf.FPDFText_GetText(text_page, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * max(0, written)].decode("utf-16-le", "surrogatepass")
    if len(text) == count:
        return text
    # Some glyphs have no text, or two units of it: then only the slow way keeps offsets and characters together.
    read = pdf.FPDFText_GetUnicode
    characters = [read(text_page, index) for index in range(count)]
    raw = "".join(chr(code) if code < 0x110000 else "\ufffd" for code in characters)
    return raw.replace(_HYPHEN_CHARACTER, LINE_END_HYPHEN)
