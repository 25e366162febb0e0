"""A `BlobStore` around another that tells when bytes are deleted, so that what was made of them goes as well."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from app.ports import BlobStore, BlobWriter


class TellingBlobs:
    def __init__(self, blobs: BlobStore, deleted: Callable[[str], Awaitable[None]]) -> None:
        self._blobs = blobs
        self._deleted = deleted

    async def writer(self, *, provisional: bool = False) -> BlobWriter:
        return await self._blobs.writer(provisional=provisional)

    async def keep(self, sha256: str) -> None:
        await self._blobs.keep(sha256)

    async def unkept(self, age: float = 0.0) -> set[str]:
        return await self._blobs.unkept(age)

    async def local_path(self, sha256: str) -> Path:
        return await self._blobs.local_path(sha256)

    async def exists(self, sha256: str) -> bool:
        return await self._blobs.exists(sha256)

    async def delete(self, sha256: str) -> None:
        await self._blobs.delete(sha256)
        await self._deleted(sha256)

    async def hashes(self) -> set[str]:
        return await self._blobs.hashes()
