"""Pictures of text (PNG, JPEG, TIFF): every page is read by OCR, without which there is nothing to read."""

from collections.abc import Iterator

from app.adapters.parsers.ocr import open_ocr, what_is_missing
from app.adapters.parsers.raster import count, for_ocr, frame, opened
from app.core.errors import OcrNotInstalled
from app.logic.layout import Laid, Layout
from app.logic.layout_lines import Sheet
from app.logic.ocr_page import Reading
from app.logic.textlayer import ocr_warnings
from app.models.domain import DocumentInfo, OcrProgress, Page, ParseEvent, ParseWarning, Source

_SPENT = "no_text_layer"


def read(source: Source) -> Iterator[ParseEvent | OcrProgress]:
    """One DocumentInfo, then the pages. Raises OcrNotInstalled, UnreadableDocument, DocumentTooLarge."""
    ocr = open_ocr(source.ocr)
    if ocr is None:
        raise OcrNotInstalled(f"Pictures are read by OCR. {what_is_missing(source.ocr)}")
    layout, readings = Layout(), dict[int, Reading | None]()
    with opened(source) as image:
        pages = count(image)
        yield DocumentInfo(pages, "tesseract")
        for number in range(1, pages + 1):
            page = frame(image, number)
            reading = None if ocr.is_spent else ocr.read(for_ocr(page))
            readings[number] = reading
            yield OcrProgress(number)
            text, lines = (reading.text, reading.lines) if reading else ("", ())
            for laid in layout.add(Sheet(number, text, lines, *page.size)):
                yield from _told(laid, readings.pop(laid[0].number))
    for laid in layout.rest():
        yield from _told(laid, readings.pop(laid[0].number))
    ocr.close()


def _told(laid: Laid, reading: Reading | None) -> Iterator[ParseEvent]:
    sheet, blocks = laid
    if reading is None:
        yield ParseWarning(_SPENT, "The page was not read: OCR_MAX_PAGES were read before it.", sheet.number)
    elif not reading.text:
        yield ParseWarning(_SPENT, "OCR found no text on the page.", sheet.number)
    else:
        yield from ocr_warnings(reading.confidence, sheet.number)
    yield Page(
        number=sheet.number,
        text=sheet.text,
        blocks=blocks,
        width=sheet.width,
        height=sheet.height,
        has_text_layer=False,
        ocr_confidence=None if reading is None else reading.confidence,
        words=reading.words if reading else (),
    )
