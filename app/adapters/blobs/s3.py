"""Bytes in an S3-compatible store, as objects named by their SHA-256: `<prefix>/ab/abcd...`.

What comes in is hashed and gathered on this machine's disk and then put as one object, which is there as a whole or not
at all, also when it goes in parts. Parsers read files, so what is read is copied here first; a copy that was not asked
for during an hour goes. Keys, region and endpoint are told by the variables that every S3 client reads
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL), or by the machine's role.
"""

import os
import re
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from anyio import to_thread

from app.adapters.blobs.local import LocalBlobs, LocalBlobWriter
from app.core.errors import StartupError, Unavailable
from app.models.domain import Blob

try:
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import S3Store
except ModuleNotFoundError as error:
    raise StartupError(
        'FILES_URL=s3://... needs what is not installed. Run: pip install "docubot[s3]"; or keep files in a folder.'
    ) from error

log = structlog.get_logger(__name__)

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_INCOMING = "incoming/"
_KEPT = 3600.0
"""Seconds that a copy stays after it was last asked for: longer than anybody holds its path without opening it."""
_TIDIED = 300.0
_CALLS: Any = {"connect_timeout": "5s", "timeout": "60s", "allow_http": True}
"""HTTP without TLS is for who names such an endpoint."""
_RETRIES: Any = {"max_retries": 4, "retry_timeout": timedelta(seconds=20)}
_PIECE = 1 << 20


class S3Blobs:
    """Several processes may share one bucket: names depend on the bytes alone. `copies`: a folder of this machine's."""

    def __init__(self, url: str, copies: Path) -> None:
        self._store = S3Store.from_url(url, client_options=_CALLS, retry_config=_RETRIES)
        self._url = url
        self._folder = copies
        self._copies = LocalBlobs(copies)
        self._tidied = float("-inf")

    async def writer(self, *, provisional: bool = False) -> "S3BlobWriter":
        await self._tidy()
        return S3BlobWriter(self._store, self._copies, await self._copies.writer(), provisional)

    async def keep(self, sha256: str) -> None:
        with _answering():
            await obstore.delete_async(self._store, _mark(sha256))

    async def unkept(self, age: float = 0.0) -> set[str]:
        marked = self._list(_INCOMING)
        now = datetime.now(UTC)
        return {
            item["path"].removeprefix(_INCOMING)
            async for item in marked
            if (now - item["last_modified"]).total_seconds() >= age
        }

    async def local_path(self, sha256: str) -> Path:
        if not await self.exists(sha256):  # also where a copy is left of what another process deleted
            await self._copies.delete(sha256)
            raise FileNotFoundError(sha256)
        try:
            path = await self._copies.local_path(sha256)
            await to_thread.run_sync(os.utime, path)
        except FileNotFoundError:
            path = await self._copied(sha256)
        return path

    async def exists(self, sha256: str) -> bool:
        try:
            with _answering():
                await obstore.head_async(self._store, _path(sha256))
        except FileNotFoundError:
            return False
        return True

    async def delete(self, sha256: str) -> None:
        with _answering():
            await obstore.delete_async(self._store, _path(sha256))
        await self.keep(sha256)
        await self._copies.delete(sha256)

    async def hashes(self) -> set[str]:
        names = {item["path"].rpartition("/")[2] async for item in self._list()}
        return {name for name in names if _SHA256.match(name)}

    async def sweep(self) -> int:
        """Remove what crashed writes left on this machine, and tell how many; call once at start. What the store holds
        of uploads in parts that were broken off is for a rule of the bucket. Raises StartupError when it cannot be
        reached."""
        try:
            async with aclosing(self._list(_INCOMING)) as marked:  # tells a missing bucket from a missing object
                await anext(marked, None)
        except (Unavailable, FileNotFoundError) as error:
            raise StartupError(f"FILES_URL={self._url} cannot be reached: {error}") from error
        await self._tidy()
        return await self._copies.sweep()

    async def _list(self, prefix: str | None = None) -> AsyncGenerator[Any]:
        with _answering():
            async for items in obstore.list(self._store, prefix):
                for item in items:
                    yield item

    async def _copied(self, sha256: str) -> Path:
        """Copied here, and what was copied is what was stored."""
        writer = await self._copies.writer()
        try:
            with _answering():
                found = await obstore.get_async(self._store, _path(sha256))
                async for piece in found.stream(_PIECE):
                    await writer.write(bytes(piece))
        except BaseException:
            await writer.abort()
            raise
        copied = await writer.commit()
        if copied.sha256 != sha256:
            await self._copies.delete(copied.sha256)
            log.error("stored_file_is_damaged", sha256=sha256)
            raise FileNotFoundError(sha256)
        await self._tidy()
        return await self._copies.local_path(sha256)

    async def _tidy(self) -> None:
        if time.monotonic() - self._tidied > _TIDIED:
            self._tidied = time.monotonic()
            await to_thread.run_sync(self._drop_old)

    def _drop_old(self) -> None:
        for path in self._folder.glob("??/*"):
            try:
                if time.time() - path.stat().st_mtime > _KEPT:
                    path.unlink()
            except FileNotFoundError:  # another process was first
                continue


class S3BlobWriter:
    def __init__(self, store: Any, copies: LocalBlobs, gathered: LocalBlobWriter, provisional: bool) -> None:
        self._store = store
        self._copies = copies
        self._gathered = gathered
        self._provisional = provisional

    @property
    def size(self) -> int:
        return self._gathered.size

    async def write(self, data: bytes) -> None:
        await self._gathered.write(data)

    async def commit(self) -> Blob:
        blob = await self._gathered.commit()
        path = await self._copies.local_path(blob.sha256)
        try:
            with _answering():
                if self._provisional:  # before the bytes: a crash in between leaves a mark of nothing, and no orphan
                    await obstore.put_async(self._store, _mark(blob.sha256), b"")
                await obstore.put_async(self._store, _path(blob.sha256), path)
        except FileNotFoundError as error:  # the bucket's
            raise Unavailable("The bucket of FILES_URL is not there.") from error
        return blob

    async def abort(self) -> None:
        await self._gathered.abort()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (BaseError, PermissionError) as error:
        log.warning("file_store_error", error=str(error).partition("\n")[0])
        raise Unavailable("The store of FILES_URL does not answer, or refuses; the log tells why.") from error


def _path(sha256: str) -> str:
    # Hashes come from clients too (URLs): nothing but a hash may become a name.
    if not _SHA256.match(sha256):
        raise FileNotFoundError(sha256)
    return f"{sha256[:2]}/{sha256}"


def _mark(sha256: str) -> str:
    return f"{_INCOMING}{sha256}"
