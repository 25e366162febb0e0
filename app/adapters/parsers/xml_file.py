"""XML of any vocabulary and encoding, streamed. Units are stretches of records, located by the paths of elements."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from app.adapters.parsers.decoding import find_encoding, warning
from app.adapters.parsers.json_lines import estimate
from app.adapters.parsers.xml_events import stream
from app.core.errors import EmptyFile
from app.logic.records import Record, by_path, record_units
from app.logic.tidy import one_line
from app.logic.xml_records import XmlRecords
from app.models.domain import DocumentInfo, ParseEvent, Source

_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)")
_WITHIN = 1024


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo (its count is an estimate), then the records. Raises EmptyFile, UnreadableDocument."""
    encoding, guessed = find_encoding(source.path)
    if declared := _declared(source):
        encoding, guessed = declared, False
    handler = XmlRecords()
    with source.path.open("rb") as file:
        pages = record_units(_records(file, encoding, handler), by_path)
        first = next(pages, None)
        if first is None:
            raise EmptyFile("The file holds no text. Check that it was saved, and upload it again.")
        yield DocumentInfo(estimate(source.path), "xml", one_line(handler.title or "") or None, {"encoding": encoding})
        if guessed:
            yield warning(encoding)
        yield first
        yield from pages


def _records(file: BinaryIO, encoding: str, handler: XmlRecords) -> Iterator[Record]:
    for _ in stream(_Recoded(file, encoding), handler, "utf-8"):
        yield from handler.take()


class _Recoded:
    """The file in UTF-8: expat itself knows few encodings."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int) -> bytes:
        """About `size` bytes; none at the end alone."""
        while piece := self._file.read(size):
            if text := self._decoder.decode(piece):
                return text.encode("utf-8", "replace")
        return b""


def _declared(source: Source) -> str | None:
    """The encoding that the file names in ASCII, if there is one of that name."""
    with source.path.open("rb") as file:
        head = file.read(_WITHIN)
    match = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    if match is None or head.startswith(codecs.BOM_UTF8):
        return None
    try:
        "".encode(match[1].decode("ascii"))  # refuses names like "hex", which are no encodings of text
    except LookupError:
        return None
    return codecs.lookup(match[1].decode("ascii")).name
