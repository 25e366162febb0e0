"""How a child ends what it was asked: whatever goes wrong, its last message says what."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from app.adapters.parsers import frames
from app.core.errors import DocumentError, DocumentTooLarge, ParserCrashed


@contextmanager
def last_word(connection: socket.socket, failed: str) -> Iterator[None]:
    """Tell the parent that all went well, or what did not; `failed` words what nobody foresaw. A parent that has hung
    up is told nothing."""
    try:
        yield
        connection.sendall(frames.pack({"is": "end"}))
    except (BrokenPipeError, ConnectionResetError):
        return
    except DocumentError as error:
        connection.sendall(frames.pack(frames.encode_error(error)))
    except MemoryError:
        connection.sendall(frames.pack(frames.encode_error(DocumentTooLarge())))
    except Exception as error:  # noqa: BLE001 - the process edge: what nobody foresaw ends this document alone
        crash = ParserCrashed(f"{failed}: {type(error).__name__}.")
        connection.sendall(frames.pack(frames.encode_error(crash)))
