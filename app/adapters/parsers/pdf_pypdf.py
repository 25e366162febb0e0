"""PDF through pypdf: pure Python, slow and hard to kill. The reader for files that pdfium refuses, or by choice."""

import struct
import zlib
from collections.abc import Iterator

import pypdf
from pypdf.errors import DeprecationError, PyPdfError

from app.core.errors import PasswordRequired, UnreadableDocument
from app.logic.layout import lay_out
from app.logic.layout_lines import Sheet, plain_lines
from app.logic.pagetext import clean
from app.logic.textlayer import judge, warnings
from app.models.domain import DocumentInfo, Page, ParseEvent, Source

# What pypdf lets through on damaged files, beside its own errors.
_BROKEN: tuple[type[Exception], ...] = (PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
_BROKEN += (
    DeprecationError,
    UnreadableDocument,
    AssertionError,
    RecursionError,
    NotImplementedError,
    EOFError,
    struct.error,
    zlib.error,
)


def open_reader(source: Source) -> pypdf.PdfReader:
    """Raises PasswordRequired and UnreadableDocument."""
    try:
        reader = pypdf.PdfReader(source.path, strict=False)
        if reader.is_encrypted and not reader.decrypt(source.password or ""):
            raise PasswordRequired
        if not len(reader.pages):
            raise UnreadableDocument
    except _BROKEN as error:
        raise UnreadableDocument from error
    return reader


class SecondOpinion:
    """pypdf's text of single pages, the file opened when the first one is asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reader: pypdf.PdfReader | None = None

    def text(self, index: int) -> str:
        """Raw text of a page; empty where pypdf cannot read it either."""
        try:
            self._reader = self._reader or open_reader(self._source)
            return printed_text(self._reader, index)
        except (PasswordRequired, UnreadableDocument):
            return ""


def printed_text(reader: pypdf.PdfReader, index: int) -> str:
    """The page's own text, lines ending with CRLF. Raises UnreadableDocument."""
    try:
        return "\r\n".join(reader.pages[index].extract_text().splitlines())
    except _BROKEN as error:
        raise UnreadableDocument from error


def _filled(page: pypdf.PageObject) -> Iterator[str]:
    """`label: value` of each field of a page that holds a value."""
    for reference in page.get("/Annots") or ():
        field = reference.get_object()
        if field.get("/Subtype") != "/Widget":
            continue
        parent = field.get("/Parent", {})
        value = field.get("/V", parent.get("/V"))
        label = field.get("/TU") or field.get("/T") or parent.get("/T")
        if isinstance(value, str) and value not in ("", "/Off"):
            yield f"{label}: {value.lstrip('/')}" if label else value.lstrip("/")


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the pages. Places of lines are made up from their order, for the layout's sake."""
    reader = open_reader(source)
    metadata = _metadata(reader)
    yield DocumentInfo(len(reader.pages), "pypdf", metadata.get("Title"), metadata)
    for sheet, blocks in lay_out(_sheets(reader)):
        quality = judge(sheet.text)
        yield from warnings(quality, sheet.number)
        yield Page(
            sheet.number, sheet.text, blocks, sheet.label, sheet.width, sheet.height, has_text_layer=quality != "empty"
        )


def _metadata(reader: pypdf.PdfReader) -> dict[str, str]:
    try:
        return {
            key.lstrip("/"): clean(value).text
            for key, value in (reader.metadata or {}).items()
            if isinstance(value, str)
        }
    except _BROKEN:
        return {}


def _sheets(reader: pypdf.PdfReader) -> Iterator[Sheet]:
    labels = _labels(reader)
    for index in range(len(reader.pages)):
        try:
            page = reader.pages[index]
            text = clean("\r\n".join((printed_text(reader, index), *_filled(page)))).text
            width, height = float(page.cropbox.width), float(page.cropbox.height)
            if page.rotation % 180:
                width, height = height, width
        except _BROKEN:
            text, width, height = "", 0.0, 0.0
        yield Sheet(index + 1, text, tuple(plain_lines(text)), width, height, labels.get(index), typewritten=True)


def _labels(reader: pypdf.PdfReader) -> dict[int, str]:
    try:
        labels = dict(enumerate(reader.page_labels)) if "/PageLabels" in reader.root_object else {}
    except _BROKEN:
        return {}
    return labels
