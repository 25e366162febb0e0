"""The long-lived child that finds boxes and draws pages; it keeps the last few documents open."""

import resource
import socket
import sys
from collections import OrderedDict
from importlib import import_module
from typing import Any

import pypdfium2 as pdfium

from app.adapters.parsers import frames, raster
from app.adapters.parsers.pdf_document import open_document
from app.adapters.parsers.pdf_page import PdfPage
from app.adapters.parsers.pdf_pypdf import SecondOpinion
from app.adapters.parsers.picture import draw
from app.core.errors import DocumentError, DocumentTooLarge, PageNotFound, UnreadableDocument
from app.logic.mediatype import PICTURES
from app.models.domain import Box, Source
from app.models.pictures import WrittenPage

_IDLE_SECONDS = 60.0
_OPEN_DOCUMENTS = 4
_OPEN_PAGES = 32
_RETIRE_AT = 400 << 20
_RSS_UNIT = 1024 if sys.platform == "linux" else 1


class OpenDocument:
    """One document with its most recently used pages."""

    def __init__(self, source: Source, reader: str) -> None:
        self.pdf = open_document(source)
        self._only_second = reader == "pypdf"
        self._second = SecondOpinion(source)
        self._pages: OrderedDict[int, PdfPage] = OrderedDict()

    def boxes(self, number: int, start: int, end: int) -> tuple[Box, ...]:
        if not 1 <= number <= len(self.pdf):
            return ()
        try:
            return self._page(number).boxes(start, end)
        except UnreadableDocument:
            return ()

    def _page(self, number: int) -> PdfPage:
        if number not in self._pages:
            self._pages[number] = PdfPage(self.pdf, number - 1, self._second, only_second=self._only_second)
            if len(self._pages) > _OPEN_PAGES:
                self._pages.popitem(last=False)[1].close()
        self._pages.move_to_end(number)
        return self._pages[number]

    def close(self) -> None:
        for page in self._pages.values():
            page.close()
        self.pdf.close()


class Shelf:
    """The open documents, the least recently used closed first."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[object, ...], OpenDocument] = OrderedDict()

    def get(self, source: Source, reader: str) -> OpenDocument:
        """Raises DocumentError's subclasses."""
        try:
            state = source.path.stat()
        except OSError as error:
            raise UnreadableDocument from error
        key = (source.path, source.password, reader, state.st_size, state.st_mtime_ns)
        if key not in self._open:
            if len(self._open) >= _OPEN_DOCUMENTS:
                self._open.popitem(last=False)[1].close()
            self._open[key] = OpenDocument(source, reader)
        self._open.move_to_end(key)
        return self._open[key]

    def clear(self) -> None:
        while self._open:
            self._open.popitem()[1].close()


def serve(connection: socket.socket) -> None:
    """Answer requests until the parent hangs up, or this process has grown too large to keep."""
    shelf = Shelf()
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT < _RETIRE_AT:
        connection.settimeout(_IDLE_SECONDS)
        try:
            connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            shelf.clear()
            continue
        connection.settimeout(None)
        request = frames.receive(connection)
        if request is None:
            return
        reply, picture = _answer(shelf, request)
        connection.sendall(frames.pack({**reply, "id": request["id"]}, picture))


def _answer(shelf: Shelf, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return _DOINGS[request["do"]](shelf, request)
    except (DocumentError, PageNotFound) as error:
        return frames.encode_error(error), b""
    except MemoryError:
        return frames.encode_error(DocumentTooLarge()), b""
    except (pdfium.PdfiumError, OSError, ValueError) as error:
        return frames.encode_error(UnreadableDocument(f"The page cannot be read: {type(error).__name__}.")), b""


def _boxes(shelf: Shelf, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    spans = request["spans"]
    try:
        document = shelf.get(frames.decode_source(request), request["reader"])
    except UnreadableDocument:  # pypdf may have read it all the same, but nothing tells its places
        return {"boxes": [() for _ in spans]}, b""
    return {"boxes": [document.boxes(*span) for span in spans]}, b""


def _render(shelf: Shelf, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if (written := request["text"]) is not None:
        quotes = tuple((start, end) for start, end in written["quotes"])
        page = WrittenPage(written["text"], written["language"], quotes)
        # Loaded by those who draw text: its fonts take memory from the limit of all others.
        return {}, import_module("app.adapters.parsers.written_page").draw(page, request["scale"])
    if request["media_type"] in PICTURES:
        return {}, raster.draw(frames.decode_source(request), request["page"], request["scale"], request["highlight"])
    document = shelf.get(frames.decode_source(request), request["reader"])
    if not 1 <= request["page"] <= len(document.pdf):
        raise PageNotFound
    return {}, draw(document.pdf, request["page"], request["scale"], request["highlight"])


_DOINGS = {"boxes": _boxes, "render": _render}
