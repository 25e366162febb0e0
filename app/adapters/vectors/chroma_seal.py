"""Tells whether the files of embedded Chroma are those that it last wrote in full.

Chroma notices little by itself: with its vectors zeroed, truncated or gone it still counts all of them and finds a few.
So sizes and times of its files are noted after each write, and compared before the next start. What does not match was
cut off in the middle of a write, or was touched from outside, and is filled again from SQL.
"""

import fcntl
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK_SUFFIX = ".lock"
"""Of the file beside the folder that its process holds."""
_SEAL = "docubot-seal.json"
_DATABASE = "chroma.sqlite3"
_LOG = f"{_DATABASE}-wal"
_BEGINS = {_DATABASE: (b"SQLi",), _LOG: (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")}
"""See https://www.sqlite.org/fileformat2.html."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SEGMENTS = "SELECT s.id, c.name FROM segments s JOIN collections c ON c.id = s.collection WHERE s.scope = 'VECTOR'"


def finish(folder: str) -> None:
    """Seal files that no process has open. Waits for the last one's end, as the next one to open them does."""
    path = Path(folder)
    with path.with_suffix(LOCK_SUFFIX).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Seal(path).finish()


@dataclass(frozen=True, slots=True)
class Verdict:
    whole: bool
    """Chroma's own database can be kept; if not, nothing can."""
    broken: frozenset[str] = frozenset()
    """Names of collections to remove."""
    reason: str = ""


class Seal:
    """The notes about one Chroma folder. Not thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / _SEAL
        self._written: dict[str, Any] = {}

    def inspect(self) -> Verdict:
        """Before Chroma opens the folder. Removes folders that no collection owns."""
        if not (self._folder.is_dir() and any(self._folder.iterdir())):
            return Verdict(whole=True)
        try:
            sealed = json.loads(self._path.read_bytes())
            before, clean, boot = sealed["files"], sealed["clean"], sealed["boot"]
        except (OSError, ValueError, KeyError, TypeError):
            return Verdict(whole=False, reason="its seal is missing or unreadable")
        now = self._files()
        if not clean and boot != _boot():
            # After a power cut, a file may have its new size and not its new content.
            return Verdict(whole=False, reason="the machine went down while it was open")
        if clean and before.get("") != now.get(""):
            return Verdict(whole=False, reason="its database was touched while it was closed")
        if not self._at_least(before.get("", {})):
            return Verdict(whole=False, reason="its database lost something")
        verdict = self._compare(before, now)
        if verdict.whole:
            # From here on Chroma may write; what is broken stays known as such until it is removed.
            self._write({"boot": _boot(), "clean": False, "files": before | {"": self._files()[""]}})
        return verdict

    def prepare(self) -> None:
        """Have Chroma's database write ahead into a log: one fsync a commit in place of four, 3 ms for 40."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._folder / _DATABASE)) as database:
            database.execute("PRAGMA journal_mode = WAL")

    def finish(self) -> None:
        """After Chroma closed its files."""
        with closing(sqlite3.connect(self._folder / _DATABASE)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.update(clean=True)

    def update(self, *, clean: bool = False) -> None:
        """Note the files as they are."""
        state = {"boot": _boot(), "clean": clean, "files": self._files()}
        if state == self._written:
            return
        if clean:
            for path in self._folder.glob("**/*"):
                _sync(path)
        self._write(state)

    def _write(self, state: dict[str, Any]) -> None:
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self._path)
        self._written = state

    def _at_least(self, before: dict[str, list[int]]) -> bool:
        """Whether the database has all that it had: SQLite takes a file that is gone or no database of its for an empty
        one, and while Chroma runs none of them shrinks."""
        for name, (size, _) in before.items():
            path = self._folder / name
            if not path.exists() or path.stat().st_size < size:
                return False
            with path.open("rb") as file:
                if file.read(4) not in _BEGINS[name]:
                    return False
        return True

    def _compare(self, before: dict[str, Any], now: dict[str, Any]) -> Verdict:
        try:
            with closing(sqlite3.connect(self._folder / _DATABASE)) as database:
                (health,) = database.execute("PRAGMA quick_check(1)").fetchone()
                owners = dict(database.execute(_SEGMENTS).fetchall())
        except sqlite3.Error as error:
            return Verdict(whole=False, reason=f"its database is damaged: {error}")
        if health != "ok":
            return Verdict(whole=False, reason=f"its database is damaged: {health}")
        for segment in now.keys() - owners.keys() - {""}:
            shutil.rmtree(self._folder / segment)
        broken = frozenset(name for segment, name in owners.items() if before.get(segment) != now.get(segment))
        return Verdict(whole=True, broken=broken, reason="its files are not as they were left")

    def _files(self) -> dict[str, Any]:
        """By folder ("" is the database's): name, size and time of each file."""
        files: dict[str, Any] = {"": {}}
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    files[entry.name] = _prints(Path(entry.path))
                elif entry.name in (_DATABASE, _LOG) and entry.stat().st_size:
                    files[""][entry.name] = _print(entry.stat())
        return files


def _prints(folder: Path) -> dict[str, list[int]]:
    with os.scandir(folder) as entries:
        return {entry.name: _print(entry.stat()) for entry in entries}


def _print(stat: os.stat_result) -> list[int]:
    return [stat.st_size, stat.st_mtime_ns]


def _boot() -> str:
    return _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else ""


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
