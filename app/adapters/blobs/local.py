"""Bytes in files named by their SHA-256: `<root>/ab/abcd...`.

A file is written under a temporary name, hashed on the way, flushed to the disk and renamed: what has its final name
is whole. Write, fsync the file, rename, fsync the folder: POSIX promises a file after a power cut for no less.
"""

import fcntl
import hashlib
import os
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from anyio import to_thread

from app.core.errors import StorageUnavailable
from app.models.domain import Blob

BUFFER = 1 << 20
"""Bytes gathered before one trip to a thread: uploads arrive in pieces of 64 kB and less."""
LEFTOVER_AGE = 60.0
"""Seconds. A younger temporary file may belong to a writer that has not locked it yet."""
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
T = TypeVar("T")


class LocalBlobs:
    """Several processes may share one folder: names depend on the bytes alone, and renames are atomic."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"

    async def writer(self, *, provisional: bool = False) -> "LocalBlobWriter":
        return await to_thread.run_sync(LocalBlobWriter, self._root, self._incoming, provisional)

    async def keep(self, sha256: str) -> None:
        await to_thread.run_sync(_unlink, _mark(self._incoming, sha256))

    async def unkept(self, age: float = 0.0) -> set[str]:
        return await to_thread.run_sync(self._unkept, age)

    async def local_path(self, sha256: str) -> Path:
        path = self._path(sha256)
        if not await to_thread.run_sync(path.is_file):
            raise FileNotFoundError(path)
        return path

    async def exists(self, sha256: str) -> bool:
        return await to_thread.run_sync(self._path(sha256).is_file)

    async def delete(self, sha256: str) -> None:
        await to_thread.run_sync(_unlink, self._path(sha256))
        await self.keep(sha256)

    async def hashes(self) -> set[str]:
        return await to_thread.run_sync(self._hashes)

    async def sweep(self) -> int:
        """Remove what crashed writes left behind, and tell how many; call once at start."""
        return await to_thread.run_sync(self._sweep)

    def _path(self, sha256: str) -> Path:
        # Hashes come from clients too (URLs): nothing but a hash may become a path.
        if not _SHA256.match(sha256):
            raise FileNotFoundError(sha256)
        return self._root / sha256[:2] / sha256

    def _hashes(self) -> set[str]:
        return {path.name for path in self._root.glob("??/*") if _SHA256.match(path.name)}

    def _unkept(self, age: float) -> set[str]:
        found = set()
        for mark in self._incoming.glob("*.new"):
            with suppress(FileNotFoundError):
                if time.time() - mark.stat().st_mtime >= age:
                    found.add(mark.stem)
        return found

    def _sweep(self) -> int:
        removed = 0
        for path in self._incoming.glob("*.part"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > LEFTOVER_AGE and _unlocked(path):
                    path.unlink()
                    removed += 1
        return removed


class LocalBlobWriter:
    def __init__(self, root: Path, incoming: Path, provisional: bool = False) -> None:
        self.size = 0
        self._root = root
        self._incoming = incoming
        self._provisional = provisional
        self._buffer = bytearray()
        self._hash = hashlib.sha256()
        # A cancelled upload leaves a thread writing behind; `abort` waits for it here.
        self._lock = threading.Lock()
        with _disk():
            incoming.mkdir(parents=True, exist_ok=True)
            self._part = incoming / f"{uuid.uuid4()}.part"
            self._file = self._part.open("xb", buffering=0)
        with suppress(OSError):  # some network file systems have no locks; age alone then guards the file
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    async def write(self, data: bytes) -> None:
        self.size += len(data)
        self._buffer += data
        if len(self._buffer) >= BUFFER:
            full, self._buffer = self._buffer, bytearray()
            await to_thread.run_sync(self._locked, lambda: self._append(full))

    async def commit(self) -> Blob:
        return await to_thread.run_sync(self._locked, self._commit)

    async def abort(self) -> None:
        await to_thread.run_sync(self._locked, self._discard)

    def _locked(self, action: Callable[[], T]) -> T:
        with self._lock, _disk():
            try:
                return action()
            except OSError:
                self._discard()
                raise

    def _append(self, data: bytearray) -> None:
        self._hash.update(data)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _commit(self) -> Blob:
        self._append(self._buffer)
        os.fsync(self._file.fileno())
        self._file.close()
        sha256 = self._hash.hexdigest()
        folder = self._root / sha256[:2]
        folder.mkdir(exist_ok=True)
        if self._provisional:  # before the bytes are there: a crash in between leaves a mark of nothing, and no orphan
            _mark(self._incoming, sha256).touch()
        # Also where the file exists already: replacing it costs nothing and heals a damaged one.
        self._part.replace(folder / sha256)
        _sync_folder(folder)
        _sync_folder(self._root)
        return Blob(sha256, self.size)

    def _discard(self) -> None:
        self._file.close()
        _unlink(self._part)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(f"{StorageUnavailable.advice} ({error.strerror})") from error


def _mark(incoming: Path, sha256: str) -> Path:
    return incoming / f"{sha256}.new"


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)


def _unlocked(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
