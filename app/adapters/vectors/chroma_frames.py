"""Messages between DocuBot and its Chroma process: a JSON head and raw bytes, each with its length before it."""

import json
import struct
from asyncio import StreamReader
from dataclasses import dataclass
from typing import Any, BinaryIO

_LENGTHS = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Frame:
    head: dict[str, Any]
    body: bytes = b""

    def encode(self) -> bytes:
        head = json.dumps(self.head, ensure_ascii=False).encode()
        return _LENGTHS.pack(len(head), len(self.body)) + head + self.body


async def receive(stream: StreamReader) -> Frame:
    """Raises IncompleteReadError (an EOFError) at the stream's end."""
    head, body = _LENGTHS.unpack(await stream.readexactly(_LENGTHS.size))
    return Frame(json.loads(await stream.readexactly(head)), await stream.readexactly(body))


def read(file: BinaryIO) -> Frame:
    """Raises EOFError at the file's end."""
    head, body = _LENGTHS.unpack(_exactly(file, _LENGTHS.size))
    return Frame(json.loads(_exactly(file, head)), _exactly(file, body))


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data
