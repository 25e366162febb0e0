"""What a child process does: read or rewrite one document, or look up places and draw pages for long."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

from app.adapters.parsers import MEDIA_TYPES, READERS, frames, geometry, load, unpack
from app.adapters.parsers.last_word import last_word
from app.adapters.parsers.originals import serve as originals
from app.core.errors import UnreadableDocument
from app.models.domain import OcrProgress, ParseEvent


def preload() -> None:
    """Import every reader, so that no child has to. What writes documents is left to the few children that do: it would
    take 120 MB of address space from the limit of each."""
    for name in READERS:
        load(name)


def parse(connection: socket.socket) -> None:
    """Read the document that the one request names, event by event."""
    request = frames.receive(connection)
    if request is None:
        return
    with last_word(connection, "The parser failed"):
        for event in _events(request):
            connection.sendall(frames.pack(frames.encode_event(event)))


def _events(request: dict[str, Any]) -> Iterator[ParseEvent | OcrProgress]:
    name = request["reader"] or MEDIA_TYPES.get(request["media_type"])
    if name is None:
        raise UnreadableDocument(f"There is no reader for {request['media_type']}.")
    return load(name)(frames.decode_source(request))


ROLES: dict[bytes, Callable[[socket.socket], None]] = {
    b"P": parse,
    b"G": geometry.serve,
    b"Z": unpack.serve,
    b"O": originals.serve,
}
"""What to do, by the letter of the order that starts a child."""
