"""The multipart wire format: pieces of a body to events, part headers to names. RFC 7578, with RFC 5987 names."""

import re
from typing import Any
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from app.core.errors import MalformedUpload, UnsupportedMediaType

_EXTENDED_NAME = re.compile(rb"""filename\*\s*=\s*"?([\w.-]+)'[\w-]*'([^;"\s]+)""", re.IGNORECASE)


class MultipartReader:
    """The push parser's callbacks, gathered as events: the parser is synchronous, storing is not."""

    def __init__(self, boundary: bytes) -> None:
        self.ended = False
        self._events: list[tuple[str, Any]] = []
        self._headers: dict[bytes, bytes] = {}
        self._name = self._value = b""
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._headers.clear,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": lambda: self._events.append(("part", dict(self._headers))),
                    "on_part_data": lambda data, start, end: self._events.append(("data", data[start:end])),
                    "on_part_end": lambda: self._events.append(("end", None)),
                    "on_end": self._end,
                },
            )
        except FormParserError:
            raise MalformedUpload("The boundary in Content-Type is too long.") from None

    def read(self, piece: bytes) -> list[tuple[str, Any]]:
        """The events of the next piece of the body."""
        self._events = []
        try:
            self._parser.write(piece)
        except FormParserError:
            raise MalformedUpload("The multipart body is damaged; boundaries or part headers are wrong.") from None
        return self._events

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value.strip(b" \t")
        self._name = self._value = b""

    def _end(self) -> None:
        self.ended = True


def boundary_of(request: Request) -> bytes:
    """Raises UnsupportedMediaType for another content type, MalformedUpload when the boundary is missing."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        raise UnsupportedMediaType("Send the files as multipart/form-data. With curl: -F file=@report.pdf.")
    if not options.get(b"boundary"):
        raise MalformedUpload("Content-Type names no boundary. Let the HTTP library set this header by itself.")
    return options[b"boundary"]


def disposition(headers: dict[bytes, bytes]) -> tuple[str, str | None]:
    """The part's name, and its file's name if it has one; `filename*` (RFC 5987) goes before `filename`."""
    if headers.get(b"content-transfer-encoding", b"binary").lower() not in (b"binary", b"8bit", b"7bit"):
        raise MalformedUpload("Parts must not be transfer-encoded; send the bytes as they are.")
    raw = headers.get(b"content-disposition", b"")
    kind, options = parse_options_header(raw.decode("latin-1"))
    name = options.get(b"name")
    if kind != b"form-data" or not name:
        raise MalformedUpload("Each part needs a Content-Disposition of form-data with a name.")
    filename = options.get(b"filename")
    if extended := _EXTENDED_NAME.search(raw):
        return strict_text(name, "A part's name"), _extended(*extended.groups())
    return strict_text(name, "A part's name"), None if filename is None else _lenient(filename)


def _extended(charset: bytes, value: bytes) -> str:
    try:
        return unquote(value.decode("ascii"), encoding=charset.decode("ascii"), errors="replace")
    except (LookupError, ValueError):
        return _lenient(value)


def _lenient(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def strict_text(value: bytes, what: str) -> str:
    """UTF-8; `what` names it in the MalformedUpload that other bytes raise."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise MalformedUpload(f"{what} is not UTF-8.") from None
