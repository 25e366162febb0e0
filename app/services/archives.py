"""ZIPs of documents, unpacked while they are uploaded: each file in them is as good as one that came by itself."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.core.errors import (
    ArchiveTooLarge,
    DocubotError,
    DocumentError,
    EmptyFile,
    StorageUnavailable,
    UnsupportedMediaType,
)
from app.logic.containers import ARCHIVE
from app.logic.mediatype import HEAD_BYTES, sniff
from app.models.archives import ArchiveLimits, Member, MemberEnd
from app.models.domain import Source
from app.models.requests import ReceivedFile
from app.ports import BlobStore, BlobWriter, Parser


@dataclass(slots=True)
class _Arriving:
    """A file on its way from the archive to the store."""

    path: str
    writer: BlobWriter
    head: bytes = b""

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    async def take(self, piece: bytes) -> None:
        if len(self.head) < HEAD_BYTES:
            self.head += piece[: HEAD_BYTES - len(self.head)]
        await self.writer.write(piece)


@dataclass(frozen=True, slots=True)
class Expanded:
    """The files to accept, and those whose bytes are of no more use."""

    files: tuple[ReceivedFile, ...]
    spent: tuple[ReceivedFile, ...]


class ArchiveService:
    def __init__(self, blobs: BlobStore, parser: Parser, limits: ArchiveLimits) -> None:
        self._blobs = blobs
        self._parser = parser
        self._limits = limits

    async def expand(self, files: Sequence[ReceivedFile]) -> Expanded:
        """The files in their order, and in the place of each ZIP those that are in it.

        A ZIP that cannot be unpacked stays as one file with an error. All of them together may have as many files and
        bytes as one upload.
        """
        kept: list[ReceivedFile] = []
        spent: list[ReceivedFile] = []
        for file in files:
            if file.error is not None or file.blob is None or sniff(file.head, file.filename) != ARCHIVE:
                kept.append(file)
                continue
            spent.append(file)
            found: list[ReceivedFile] = []
            try:
                async for one in self._unpacked(file, kept):
                    found.append(one)
                kept += found or [ReceivedFile(file.filename, None, error=EmptyFile("The ZIP holds no files."))]
            except DocumentError as error:
                spent += found
                kept.append(ReceivedFile(file.filename, None, error=error))
        return Expanded(tuple(kept), tuple(spent))

    async def _unpacked(self, file: ReceivedFile, before: Sequence[ReceivedFile]) -> AsyncIterator[ReceivedFile]:
        inside = [one for one in before if one.archive is not None]
        bounds = ArchiveLimits(
            self._limits.files - len(inside),
            self._limits.bytes - sum(one.blob.size for one in inside if one.blob is not None),
        )
        arriving: _Arriving | None = None
        try:
            async with aclosing(self._parser.unpack(await self._source(file), bounds)) as events:
                async for event in events:
                    if isinstance(event, Member):
                        arriving = _Arriving(event.path, await self._blobs.writer(provisional=True))
                    elif arriving is None:
                        raise ArchiveTooLarge
                    elif isinstance(event, MemberEnd):
                        ended, arriving = arriving, None
                        yield await _received(file.filename, ended, event.error)
                    else:
                        await arriving.take(event)
        finally:
            if arriving is not None:
                await arriving.writer.abort()

    async def _source(self, file: ReceivedFile) -> Source:
        assert file.blob is not None  # noqa: S101 - `expand` has looked
        try:
            path = await self._blobs.local_path(file.blob.sha256)
        except FileNotFoundError:
            raise StorageUnavailable("The file was being deleted at this moment. Upload it again.") from None
        return Source(path, ARCHIVE, file.filename)


async def _received(archive: str, ended: _Arriving, problem: DocumentError | None) -> ReceivedFile:
    """The file as if it had been uploaded; what nobody can read does not stay."""
    error: DocubotError | None = problem
    media_type = sniff(ended.head, ended.name)
    if error is None and not ended.head:
        error = EmptyFile()
    elif error is None and media_type is None:
        error = UnsupportedMediaType("The content is of no supported type.")
    elif error is None and media_type == ARCHIVE:
        error = UnsupportedMediaType("A ZIP within a ZIP is not unpacked. Upload it by itself.")
    if error is not None:
        await ended.writer.abort()
        return ReceivedFile(ended.name, None, error=error, archive=archive, path=ended.path)
    blob = await ended.writer.commit()
    return ReceivedFile(ended.name, blob, ended.head, archive=archive, path=ended.path)
