"""What a child process does: read or rewrite one document, or look up places and draw pages for long."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

from app.adapters.parsers import MEDIA_TYPES, READERS, frames, geometry, load, unpack
from app.adapters.parsers.originals import serve as originals
from app.core.errors import DocumentError, DocumentTooLarge, ParserCrashed, UnreadableDocument
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
    try:
        for event in _events(request):
            connection.sendall(frames.pack(frames.encode_event(event)))
        connection.sendall(frames.pack({"is": "end"}))
    except (BrokenPipeError, ConnectionResetError):
        return
    except DocumentError as error:
        connection.sendall(frames.pack(frames.encode_error(error)))
    except MemoryError:
        connection.sendall(frames.pack(frames.encode_error(DocumentTooLarge())))
    except Exception as error:  # noqa: BLE001 - the process edge: what no reader foresaw ends this document alone
        crash = ParserCrashed(f"The parser failed: {type(error).__name__}.")
        connection.sendall(frames.pack(frames.encode_error(crash)))


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
