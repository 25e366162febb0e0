"""PDFs with other text in the places of theirs: what is drawn, pictures and figures stay."""

import ctypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from string import ascii_uppercase
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from app.adapters.parsers.originals.pdf_blocks import blocks, cells, turned
from app.adapters.parsers.originals.pdf_fonts import FontShelf
from app.adapters.parsers.originals.pdf_page import EditedPage, stays
from app.adapters.parsers.originals.pdf_setting import Setter
from app.adapters.parsers.originals.pdf_sheet import NOT_EDITABLE, Sheet
from app.adapters.parsers.pdf_document import PageChars, open_document
from app.core.errors import EmptyFile, UnreadableDocument
from app.logic import translation_languages as languages
from app.logic.translation_signs import plain
from app.models.domain import Source
from app.models.originals import Misfit, Setting, Unit

_BLACK = 0, 0, 0, 255


class Original:
    def __init__(self, source: Source) -> None:
        """Raises UnreadableDocument, PasswordRequired."""
        self._document = open_document(source)

    def units(self) -> Iterable[Unit]:
        """Raises EmptyFile when there is nothing but pictures."""
        empty = True
        for number, sheet in self._sheets():
            for block in sheet.blocks:
                empty = False
                yield Unit(number, block.text)
        if empty:
            raise EmptyFile("No page holds text that could be replaced: they are pictures. Ask for markdown or html.")

    def write(self, texts: Mapping[int, str], setting: Setting, put: Callable[[bytes], None]) -> Iterable[Misfit]:
        """Raises FontMissing."""
        shelf = FontShelf(setting.language, languages.scripts(setting.language))
        setter = Setter(shelf, right_to_left=setting.right_to_left)
        changed: list[tuple[int, Sheet]] = []
        first = 0
        for number, sheet in self._sheets():
            misfits = _fill(sheet, first, texts, setter)
            if sheet.placed and not stays(self._document, number - 1, sheet):
                misfits = [Misfit(unit, NOT_EDITABLE) for unit in range(first, first + len(sheet.blocks))]
            elif sheet.placed:
                changed.append((number, sheet))
            yield from misfits
            first += len(sheet.blocks)
        named = zip(shelf.used, ascii_uppercase, strict=False)
        fonts = {id(face): face.loaded(self._document.raw, tag) for face, tag in named}
        for number, sheet in changed:
            self._edit(number, sheet, fonts)
        _save(self._document, put)

    def _sheets(self) -> Iterator[tuple[int, Sheet]]:
        """Each page that can be read, with its number."""
        for index in range(len(self._document)):
            try:
                chars = PageChars(self._document, index)
            except UnreadableDocument:
                continue
            try:
                found = cells(chars)
                words = [*blocks(found), *turned(chars)]
                yield index + 1, Sheet(found, words, list(chars.drawings()), chars.is_upright)
            finally:
                chars.close()

    def _edit(self, number: int, sheet: Sheet, fonts: Mapping[int, Any]) -> None:
        page = EditedPage(self._document, number - 1)
        try:
            colours = page.remove([block for block, _ in sheet.placed])
            for block, fitted in sheet.placed:
                page.draw(fitted, fonts, colours.get(id(block), _BLACK))
            page.finish()
        finally:
            page.close()


def _fill(sheet: Sheet, first: int, texts: Mapping[int, str], setter: Setter) -> list[Misfit]:
    """Find a place for each translation of a page, whose first unit has the number `first`."""
    misfits = []
    for unit, block in enumerate(sheet.blocks, first):
        if unit in texts and (reason := sheet.put(block, " ".join(plain(texts[unit]).split()), setter)):
            misfits.append(Misfit(unit, reason))
    if sheet.placed:
        sheet.redraw_neighbours(setter)
    return misfits


def _save(document: pdfium.PdfDocument, put: Callable[[bytes], None]) -> None:
    def write(_: Any, data: Any, size: int) -> int:
        put(ctypes.string_at(data, size))
        return 1

    writer = pdf.FPDF_FILEWRITE(version=1)
    writer.WriteBlock = type(writer.WriteBlock)(write)
    if not pdf.FPDF_SaveAsCopy(document.raw, ctypes.byref(writer), pdf.FPDF_NO_INCREMENTAL):
        raise UnreadableDocument("The PDF cannot be written.")
