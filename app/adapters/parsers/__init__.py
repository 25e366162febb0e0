"""One file per format. Each reader is a generator function `read(source)` that runs in a confined child process.

Nothing here is imported by the parent but `sandbox`.
"""

from collections.abc import Callable, Iterator
from importlib import import_module

from app.models.domain import OcrProgress, ParseEvent, Source

READERS = {
    "delimited": "delimited:read",
    "epub": "epub:read",
    "json": "json_file:read",
    "jsonl": "json_lines:read",
    "mail": "mail:read",
    "opendocument": "opendocument:read",
    "pdfium": "pdf_pdfium:read",
    "pypdf": "pdf_pypdf:read",
    "rich_text": "rich_text:read",
    "scan": "scan:read",
    "slides": "slides:read",
    "text": "text:read",
    "webpage": "webpage:read",
    "word": "word:read",
    "workbook": "workbook:read",
    "xml": "xml_file:read",
}
"""Reader by name."""

MEDIA_TYPES = {
    "application/epub+zip": "epub",
    "application/json": "json",
    "application/jsonl": "jsonl",
    "application/pdf": "pdfium",
    "application/rtf": "rich_text",
    "application/vnd.oasis.opendocument.text": "opendocument",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "slides",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "workbook",
    "application/xml": "xml",
    "image/jpeg": "scan",
    "image/png": "scan",
    "image/tiff": "scan",
    "message/rfc822": "mail",
    "text/csv": "delimited",
    "text/html": "webpage",
    "text/markdown": "text",
    "text/tab-separated-values": "delimited",
    "text/plain": "text",
}
"""Reader's name by media type."""

Reader = Callable[[Source], Iterator[ParseEvent | OcrProgress]]


def load(name: str) -> Reader:
    module, _, function = READERS[name].partition(":")
    reader: Reader = getattr(import_module(f"{__name__}.{module}"), function)
    return reader
