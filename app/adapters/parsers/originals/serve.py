"""What a child does for a document that stays in its format: take its text out, or write it with another text."""

import socket
from typing import Any

from app.adapters.parsers import frames
from app.adapters.parsers.last_word import last_word
from app.adapters.parsers.originals import load
from app.models.originals import Setting


def serve(connection: socket.socket) -> None:
    """Answer the one request, message by message."""
    request = frames.receive(connection)
    if request is None:
        return
    with last_word(connection, "The document cannot be written"):
        _DOINGS[request["do"]](connection, request)


def _units(connection: socket.socket, request: dict[str, Any]) -> None:
    source = frames.decode_source(request)
    for unit in load(source.media_type)(source).units():
        connection.sendall(frames.pack({"is": "unit", "page": unit.page, "text": unit.text}))


def _write(connection: socket.socket, request: dict[str, Any]) -> None:
    source = frames.decode_source(request)
    texts = {int(index): text for index, text in request["texts"].items()}

    def put(piece: bytes) -> None:
        connection.sendall(frames.pack({"is": "data"}, piece))

    for misfit in load(source.media_type)(source).write(texts, Setting(**request["setting"]), put):
        connection.sendall(frames.pack({"is": "misfit", "unit": misfit.unit, "reason": misfit.reason}))


_DOINGS = {"units": _units, "write": _write}
