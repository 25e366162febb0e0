"""One process per data folder: SQLite, the keyword index and embedded Chroma each lose data under two writers.

Processes that keep nothing there but what can be made again may share it, with each other only.
"""

import fcntl
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.core.errors import StartupError


class DataFolder:
    """Holds the folder's lock from `__enter__` to `__exit__`, or until the process ends, however it ends.

    flock(2) belongs to the open file: the kernel lifts it when the last descriptor closes, so a lock never outlives
    its process, and Python opens files close-on-exec, so children do not keep it. The file itself stays; removing it
    would let two processes lock two files of one name.
    """

    def __init__(self, path: Path, *, address: str = "", shared: bool = False) -> None:
        self._path = path
        self._lock = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._address = address
        self._handle = -1

    def __enter__(self) -> Self:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self._path / "owner.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StartupError(f"DATA_DIR={self._path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(self._handle, self._lock | fcntl.LOCK_NB)
        except OSError as error:
            holder = _describe(os.pread(self._handle, 4096, 0))
            self.__exit__(None, None, None)
            if isinstance(error, BlockingIOError):
                raise StartupError(_refusal(self._path, holder)) from None
            raise StartupError(f"DATA_DIR={self._path} is on a disk without file locks: {error.strerror}.") from error
        self._sign()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)
        self._handle = -1

    def _sign(self) -> None:
        owner = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "address": self._address,
        }
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps(owner).encode(), 0)


def address_of(path: Path) -> str | None:
    """Where the process that holds the folder serves it; None when none holds it, or it serves nothing."""
    try:
        handle = os.open(path / "owner.lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _signature(os.pread(handle, 4096, 0)).get("address") or None
    finally:
        os.close(handle)
    return None


def _signature(text: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):  # it locked the file a moment ago
        return {}


def _describe(signature: bytes) -> str:
    owner = _signature(signature)
    if not owner:
        return "a process that has not signed yet"
    at = f", serving {owner['address']}" if owner["address"] else ""
    return f"process {owner['pid']} on {owner['host']}, since {owner['since']}{at}"


def _refusal(path: Path, holder: str) -> str:
    return (
        f"DATA_DIR={path} is in use by another DocuBot ({holder}). Stop that one, or choose another DATA_DIR. "
        "For several processes over the same documents, set DATABASE_URL to PostgreSQL, CHROMA_URL to a Chroma "
        "server, and QUEUE_URL."
    )
