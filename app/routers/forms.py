"""Uploads as they arrive: bytes go from the socket to the blob store in the pieces they come in.

The next piece is read only when the last one is written, so a fast client cannot fill the memory. Nothing that was
received stays behind when the body breaks off, is malformed or too large.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.requests import Request

from app.core.errors import EmptyFile, MalformedUpload, PayloadTooLarge, Unprocessable
from app.logic.filenames import clean_filename
from app.logic.mediatype import HEAD_BYTES
from app.models.domain import Blob
from app.models.requests import ReceivedFile
from app.ports import BlobWriter
from app.routers.middleware import announced_length
from app.routers.multipart import MultipartReader, boundary_of, disposition, strict_text

_MAX_FIELD = 64 * 1024
# Boundaries, part headers and form fields.
_OVERHEAD = 1024 * 1024
# Each open writer holds a file handle and a buffer; beyond this many the oldest is committed before the body's end.
_OPEN_WRITERS = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of all files together, number of files, the names of fields beside them, and what larger files need."""

    bytes: int
    files: int
    fields: frozenset[str]
    beyond: str = " (MAX_UPLOAD_BYTES)."


@dataclass(slots=True)
class _File:
    filename: str
    given: bool
    writer: BlobWriter
    head: bytes = b""
    blob: Blob | None = None


class Form:
    """A body as it arrives: `fields` by name, files in uncommitted writers until `commit`."""

    def __init__(self, limits: Limits, open_writer: Callable[[], Awaitable[BlobWriter]]) -> None:
        self.limits = limits
        self.fields: dict[str, str] = {}
        self._open_writer = open_writer
        self._files: list[_File] = []
        self._file: _File | None = None
        self._field: tuple[str, bytearray] | None = None
        self._total = 0

    async def commit(self) -> list[ReceivedFile]:
        """Make every file durable, in the order they came. Raises MalformedUpload when there is none."""
        if not self._files:
            raise MalformedUpload()
        return [await self._received(file) for file in self._files]

    async def abort(self) -> None:
        """Drop what is not committed."""
        for file in (*self._files, *([self._file] if self._file else [])):
            if file.blob is None:
                await file.writer.abort()

    async def part(self, headers: dict[bytes, bytes]) -> None:
        name, filename = disposition(headers)
        if filename is not None:
            if name != "file":
                raise MalformedUpload(f"Send files as parts named `file`, not {name[:64]!a}.")
            if len(self._files) >= self.limits.files:
                raise PayloadTooLarge(f"An upload takes at most {self.limits.files} files.")
            self._file = _File(clean_filename(filename), filename != "", await self._open_writer())
        elif name == "file":
            raise MalformedUpload("The part `file` has no filename. With curl, write -F file=@report.pdf.")
        elif name not in self.limits.fields:
            raise Unprocessable(errors=[{"loc": ["body", name[:64]], "msg": "Unknown form field", "type": "unknown"}])
        elif name in self.fields:
            raise MalformedUpload(f"The form field `{name}` comes twice.")
        else:
            self._field = (name, bytearray())

    async def data(self, data: bytes) -> None:
        if self._field is not None:
            self._field[1].extend(data)
            if len(self._field[1]) > _MAX_FIELD:
                raise PayloadTooLarge(f"The form field `{self._field[0]}` has more than {_MAX_FIELD} bytes.")
        if self._file is not None:
            self._total += len(data)
            if self._total > self.limits.bytes:
                raise too_large(self.limits)
            if len(self._file.head) < HEAD_BYTES:
                self._file.head += data[: HEAD_BYTES - len(self._file.head)]
            await self._file.writer.write(data)

    async def end(self, _: None) -> None:
        if self._field is not None:
            name, value = self._field
            self._field = None
            self.fields[name] = strict_text(bytes(value), f"The form field `{name}`")
        if self._file is not None:
            # A form whose file input was left empty sends a part without name and bytes.
            if self._file.given or self._file.writer.size:
                self._files.append(self._file)
            else:
                await self._file.writer.abort()
            self._file = None
            waiting = [file for file in self._files if file.blob is None and file.writer.size]
            if len(waiting) > _OPEN_WRITERS:
                waiting[0].blob = await waiting[0].writer.commit()

    async def _received(self, file: _File) -> ReceivedFile:
        if file.writer.size == 0:
            return ReceivedFile(file.filename, None, error=EmptyFile())
        if file.blob is None:
            file.blob = await file.writer.commit()
        return ReceivedFile(file.filename, file.blob, file.head)


@asynccontextmanager
async def receiving(
    request: Request, open_writer: Callable[[], Awaitable[BlobWriter]], limits: Limits
) -> AsyncIterator[Form]:
    """Read a multipart body to its end; what is not committed on leaving is dropped.

    Raises UnsupportedMediaType, MalformedUpload, and PayloadTooLarge before the end of the body.
    """
    boundary = boundary_of(request)
    if announced_length(request.headers) > limits.bytes + _OVERHEAD:
        raise too_large(limits)
    form = Form(limits, open_writer)
    try:
        await _feed(request, boundary, form)
        yield form
    finally:
        with anyio.CancelScope(shield=True):
            await form.abort()


def too_large(limits: Limits) -> PayloadTooLarge:
    return PayloadTooLarge(f"The files of one upload may have {limits.bytes} bytes together{limits.beyond}")


async def _feed(request: Request, boundary: bytes, form: Form) -> None:
    reader = MultipartReader(boundary)
    handlers: dict[str, Callable[[Any], Awaitable[None]]] = {"part": form.part, "data": form.data, "end": form.end}
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > form.limits.bytes + _OVERHEAD:
            raise too_large(form.limits)
        for event, value in reader.read(piece):
            await handlers[event](value)
    if not reader.ended:
        raise MalformedUpload("The multipart body ends before its closing boundary.")
