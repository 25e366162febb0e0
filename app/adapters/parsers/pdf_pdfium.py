"""PDF through pdfium: the fast path, qpdf and pypdf behind it, and OCR for pages whose text is missing or rubbish."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from app.adapters.parsers import pdf_pypdf
from app.adapters.parsers.ocr import Ocr, open_ocr, what_is_missing
from app.adapters.parsers.pdf_document import RepairedDocument, open_document
from app.adapters.parsers.pdf_outline import outline
from app.adapters.parsers.pdf_page import PdfPage
from app.adapters.parsers.picture import grey
from app.core.errors import UnreadableDocument
from app.logic.layout import Laid, Layout
from app.logic.layout_lines import Sheet
from app.logic.ocr_page import Reading
from app.logic.pagetext import clean
from app.logic.textlayer import Quality, is_in_another_script, ocr_warnings, warnings
from app.models.domain import DocumentInfo, OcrProgress, Page, ParseEvent, ParseWarning, Source

_HOPELESS = 50  # pages that cannot be read, from the start on: then the rest is not tried
_USABLE = 0.45
"""Less sure words are not stored: mostly they were pictures."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of a page beside its text; `quality` is None where it is damaged."""

    sheet: Sheet
    quality: Quality | None
    reading: Reading | None = None
    """By OCR, where the sheet was made from it."""
    tried: bool = False
    """Whether OCR has looked at it."""
    advice: str = ""


def read(source: Source) -> Iterator[ParseEvent | OcrProgress]:
    """One DocumentInfo, then the pages. Raises PasswordRequired and UnreadableDocument."""
    try:
        document = open_document(source)
    except UnreadableDocument:
        yield from pdf_pypdf.read(source)
        return
    metadata = {key: clean(value).text for key, value in document.get_metadata_dict(skip_empty=True).items()}
    yield DocumentInfo(len(document), "pdfium", metadata.get("Title"), metadata)
    if isinstance(document, RepairedDocument):
        yield ParseWarning("repaired", "The file is damaged; it was read from a repaired copy. Parts may be missing.")
    layout, seen = Layout(), dict[int, _Seen]()
    for page in _pages(document, source):
        seen[page.sheet.number] = page
        if page.tried:
            yield OcrProgress(page.sheet.number)
        for laid in layout.add(page.sheet):
            yield from _told(laid, seen.pop(laid[0].number))
    for laid in layout.rest():
        yield from _told(laid, seen.pop(laid[0].number))


def _told(laid: Laid, seen: _Seen) -> Iterator[ParseEvent]:
    sheet, blocks = laid
    reading = seen.reading
    if seen.quality is None:
        yield ParseWarning("unreadable_page", "The page is damaged and was left out.", sheet.number)
    elif reading is not None:
        yield from ocr_warnings(reading.confidence, sheet.number)
    else:
        yield from warnings(seen.quality, sheet.number, seen.advice)
    yield Page(
        number=sheet.number,
        text=sheet.text,
        blocks=blocks,
        label=sheet.label,
        width=sheet.width,
        height=sheet.height,
        has_text_layer=seen.quality not in (None, "empty"),
        ocr_confidence=reading.confidence if reading else None,
        words=reading.words if reading else (),
    )


def _pages(document: pdfium.PdfDocument, source: Source) -> Iterator[_Seen]:
    entries = outline(document)
    second = pdf_pypdf.SecondOpinion(source)
    reader = _Scans(document, source)
    readable = False
    for index in range(len(document)):
        number, label = index + 1, document.get_page_label(index) or None
        try:
            page = PdfPage(document, index, second)
        except UnreadableDocument:
            if not readable and number in (_HOPELESS, len(document)):
                raise
            yield _Seen(Sheet(number, "", (), 0.0, 0.0, label), None)
            continue
        try:
            readable = True
            size = page.chars.width, page.chars.height
            sheet = Sheet(number, page.text, page.lines(), *size, label, entries.get(index, ()))
            yield _Seen(sheet, page.quality) if page.quality == "good" else reader.read(sheet, page.quality)
        finally:
            page.close()
    reader.close()


class _Scans:
    """Reads by OCR what holds no text of use; opened with the first such page."""

    def __init__(self, document: pdfium.PdfDocument, source: Source) -> None:
        self._document = document
        self._rules = source.ocr
        self._ocr: Ocr | None = None
        self._asked = False

    def read(self, sheet: Sheet, quality: Quality) -> _Seen:
        """The page with what OCR makes of it, if that is better than what it holds."""
        if not self._asked:
            self._ocr, self._asked = open_ocr(self._rules), True
        if self._ocr is None:
            return _Seen(sheet, quality, advice=what_is_missing(self._rules))
        if self._ocr.is_spent:
            return _Seen(sheet, quality, advice=f"OCR_MAX_PAGES={self._rules.pages} were read before it.")
        reading = self._ocr.read(grey(self._document, sheet.number))
        if quality == "bad" and is_in_another_script(sheet.text, reading.text):
            return _Seen(sheet, quality, tried=True, advice="OCR lacks its language: see OCR_LANGUAGES.")
        adds = _solid(reading.text) > (_solid(sheet.text) if quality == "empty" else 0)  # more than a stamp
        if not adds or reading.confidence < _USABLE:
            return _Seen(sheet, quality, tried=True, advice="OCR found nothing in it that can be relied on.")
        return _Seen(replace(sheet, text=reading.text, lines=reading.lines), quality, reading, tried=True)

    def close(self) -> None:
        if self._ocr is not None:
            self._ocr.close()


def _solid(text: str) -> int:
    """Letters and digits."""
    return sum(map(str.isalnum, text))
