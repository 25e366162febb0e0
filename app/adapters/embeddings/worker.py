"""A child process that embeds: frames of text come in by standard input, vectors leave by standard output.

It ends when its input does, which is also what happens when the parent is killed. Nothing is pickled. A frame is a
little-endian u32 length and that many bytes: a letter for the kind and UTF-8 text one way, float32 numbers the other.
An empty frame says ready.
"""

import os
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from app.core.processes import settle_worker

LENGTH = struct.Struct("<I")
Kind = Literal["query", "passage"]
_LETTERS: dict[Kind, bytes] = {"query": b"q", "passage": b"p"}


class Session(Protocol):
    """What a worker runs: made from a model's folder, used by one thread."""

    def __init__(self, folder: Path) -> None: ...
    def embed(self, text: str, kind: Kind) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Model:
    """What a session is made of, and what its vectors are."""

    name: str
    session: str
    """`module:class` of a `Session`."""
    folder: Path
    dimension: int
    max_tokens: int


def command(model: Model, niceness: int) -> list[str]:
    """Of a process that embeds with `model`. It gets our import path, but does not run our main module again."""
    start = (
        f"import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); sys.path[:] = {sys.path!r}; "
        f"from {__name__} import main; main(sys.argv[1:])"
    )
    return [sys.executable, "-c", start, model.session, str(model.folder), str(niceness)]


def letter(text: str, kind: Kind) -> bytes:
    """A request, to be framed. What is no text, as half of a surrogate pair, is asked for as "?"."""
    return _LETTERS[kind] + text.encode("utf-8", "replace")


def frame(payload: bytes) -> bytes:
    return LENGTH.pack(len(payload)) + payload


def main(arguments: Sequence[str]) -> None:
    session_path, folder, niceness = arguments
    settle_worker(int(niceness))  # before any library makes threads, which inherit it
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library's print must not mix with the frames
    module, _, name = session_path.partition(":")
    session: Session = getattr(import_module(module), name)(Path(folder))
    serve(session, sys.stdin.buffer, replies)


def serve(session: Session, requests: BinaryIO, replies: BinaryIO) -> None:
    session.embed("", "query")  # loads what is loaded lazily
    replies.write(frame(b""))
    replies.flush()
    while header := requests.read(LENGTH.size):
        (size,) = LENGTH.unpack(header)
        request = requests.read(size)
        kind: Kind = "query" if request[:1] == _LETTERS["query"] else "passage"
        replies.write(frame(session.embed(request[1:].decode(), kind).astype("<f4").tobytes()))
        replies.flush()
