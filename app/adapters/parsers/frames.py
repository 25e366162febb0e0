"""What parent and child say to each other: length-prefixed JSON, with raw bytes after it where there is a picture.

Never pickle: a child has read untrusted bytes, and the parent believes nothing but plain values of the expected shape.
"""

import json
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from app.core.errors import DocubotError, DocumentError, PageNotFound, ParserCrashed
from app.models.domain import (
    Block,
    BlockKind,
    Box,
    DocumentInfo,
    Locator,
    OcrProgress,
    OcrRules,
    Page,
    ParseEvent,
    ParseWarning,
    Source,
    Word,
)

HEADER = struct.Struct("!II")
MAX_JSON = 64 << 20
MAX_BLOB = 128 << 20
ORDER = struct.Struct("!cI")
"""To the fork server: a role's first letter or K for kill, and the child's number; a new child's socket comes along."""
NOTICE = struct.Struct("!IiQ")
"""From the fork server: a child's number, its exit code (negative: the signal), the most memory it held, in bytes."""
KILL = b"K"

_ERRORS: dict[str, type[DocubotError]] = {kind.code: kind for kind in DocumentError.__subclasses__()}
_ERRORS[PageNotFound.code] = PageNotFound


def pack(message: Mapping[str, Any], blob: bytes = b"") -> bytes:
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return HEADER.pack(len(body), len(blob)) + body + blob


def lengths(header: bytes) -> tuple[int, int]:
    """How many bytes of JSON and of picture follow. Raises ParserCrashed over the caps."""
    body, blob = HEADER.unpack(header)
    if body > MAX_JSON or blob > MAX_BLOB:
        raise ParserCrashed
    return body, blob


def unpack(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParserCrashed from error
    if not isinstance(message, dict):
        raise ParserCrashed
    return message


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """The next message, for the child's side; None when the parent hung up."""
    header = _exactly(connection, HEADER.size)
    if header is None:
        return None
    body = _exactly(connection, lengths(header)[0])
    return None if body is None else unpack(body)


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    pieces = bytearray()
    while len(pieces) < size:
        piece = connection.recv(size - len(pieces))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)


def encode_source(source: Source) -> dict[str, Any]:
    return {
        "path": str(source.path.absolute()),
        "media_type": source.media_type,
        "filename": source.filename,
        "password": source.password,
        "ocr": asdict(source.ocr),
    }


def decode_source(message: Mapping[str, Any]) -> Source:
    rules = message["ocr"]
    ocr = OcrRules(tuple(rules["languages"]), rules["folder"], rules["pages"])
    return Source(Path(message["path"]), message["media_type"], message["filename"], message["password"], ocr)


def encode_event(event: ParseEvent | OcrProgress) -> dict[str, Any]:
    if isinstance(event, DocumentInfo):
        return {
            "is": "info",
            "page_count": event.page_count,
            "parser": event.parser,
            "title": event.title,
            "metadata": dict(event.metadata),
        }
    if isinstance(event, ParseWarning):
        return {"is": "warning", "code": event.code, "message": event.message, "page": event.page}
    if isinstance(event, OcrProgress):
        return {"is": "ocr", "page": event.page}
    return {
        "is": "page",
        "number": event.number,
        "text": event.text,
        "blocks": [[block.kind, block.start, block.end, block.level] for block in event.blocks],
        "label": event.label,
        "size": [event.width, event.height],
        "locator": [event.locator.kind, event.locator.value] if event.locator else None,
        "has_text_layer": event.has_text_layer,
        "ocr_confidence": event.ocr_confidence,
        "words": [[word.start, word.end, *word.box] for word in event.words],
    }


def encode_error(error: DocubotError) -> dict[str, Any]:
    return {"is": "error", "code": error.code, "detail": error.detail}


def decode_error(message: Mapping[str, Any]) -> DocubotError:
    return _ERRORS.get(str(message.get("code")), ParserCrashed)(str(message.get("detail") or "") or None)


def decode_event(message: Mapping[str, Any]) -> ParseEvent | OcrProgress:
    """Raises DocumentError for what the child reported, ParserCrashed for what makes no sense."""
    if message.get("is") == "error":
        raise decode_error(message)
    try:
        return _DECODERS[message["is"]](message)
    except (KeyError, TypeError, ValueError) as error:
        raise ParserCrashed from error


def _info(message: Mapping[str, Any]) -> DocumentInfo:
    metadata = {str(key): str(value) for key, value in dict(message["metadata"]).items()}
    return DocumentInfo(int(message["page_count"]), str(message["parser"]), _text(message["title"]), metadata)


def _warning(message: Mapping[str, Any]) -> ParseWarning:
    page = message["page"]
    return ParseWarning(str(message["code"]), str(message["message"]), None if page is None else int(page))


def _page(message: Mapping[str, Any]) -> Page:
    text = str(message["text"])
    blocks = tuple(Block(BlockKind(kind), int(a), int(b), int(level)) for kind, a, b, level in message["blocks"])
    ends = [0, *(offset for block in blocks for offset in (block.start, block.end)), len(text)]
    if ends != sorted(ends):
        raise ValueError("blocks overlap")
    words = tuple(Word(int(a), int(b), _box(box)) for a, b, *box in message["words"])
    ends = [0, *(offset for word in words for offset in (word.start, word.end)), len(text)]
    if ends != sorted(ends):
        raise ValueError("words overlap")
    confidence = message["ocr_confidence"]
    width, height = map(float, message["size"])
    return Page(
        number=int(message["number"]),
        text=text,
        blocks=blocks,
        label=_text(message["label"]),
        width=width,
        height=height,
        locator=Locator(*message["locator"]) if message["locator"] else None,
        has_text_layer=bool(message["has_text_layer"]),
        ocr_confidence=None if confidence is None else min(1.0, max(0.0, float(confidence))),
        words=words,
    )


def _box(values: list[Any]) -> Box:
    x0, y0, x1, y1 = map(float, values)
    if not all(map(isfinite, (x0, y0, x1, y1))):
        raise ValueError("a box without end")
    return x0, y0, x1, y1


def _progress(message: Mapping[str, Any]) -> OcrProgress:
    return OcrProgress(int(message["page"]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


_DECODERS: dict[str, Callable[[Mapping[str, Any]], ParseEvent | OcrProgress]] = {
    "info": _info,
    "warning": _warning,
    "page": _page,
    "ocr": _progress,
}
