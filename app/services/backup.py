"""One file that holds a whole data folder, made while the folder is in use.

What is copied is one moment: the database's snapshot, and the stored files pinned (by hard links) while no writer can
add or remove one. Indexes, models and pictures are left out: they are derived. The archive is a plain tar; its first
entry names every other with its length and SHA-256.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from app.core.errors import StartupError, StorageUnavailable
from app.core.version import current_version
from app.db import snapshot
from app.models.backup import DATABASE, FILES, MANIFEST, SECRET, Entry, Manifest

_BLOCK = 1 << 20
_HASH = 64  # characters of a stored file's name


def make(data_dir: Path, target: Path, *, vectors: bool = True) -> Manifest:
    """Write the backup of `data_dir` to `target`, which must not exist. Raises StartupError, StorageUnavailable."""
    database = data_dir / "docubot.sqlite3"
    if not database.is_file():
        raise StartupError(f"DATA_DIR={data_dir} holds no database: there is nothing to back up.")
    if target.exists():
        raise StartupError(f"{target} exists already. Name another file, or remove it.")
    part = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=data_dir) as staging:
            found = _staged(data_dir, Path(staging), vectors=vectors)
            manifest = _manifest(found, vectors=vectors)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                _write(file, manifest, found)
            part.replace(target)
    except OSError as error:
        raise StorageUnavailable(f"The backup cannot be written: {error.strerror} ({error.filename}).") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _staged(data_dir: Path, staging: Path, *, vectors: bool) -> dict[str, Path]:
    """Everything that goes into the archive, by its name there; nobody changes it any more."""
    pinned = staging / "files"
    pinned.mkdir()
    copy = staging / DATABASE
    snapshot.snapshot(data_dir / "docubot.sqlite3", copy, lambda: _pin(data_dir / "files", pinned))
    if not vectors:
        snapshot.drop_vectors(copy)
    found = {DATABASE: copy}
    if (data_dir / SECRET).is_file():
        found[SECRET] = data_dir / SECRET
    return found | {FILES + path.name: path for path in sorted(pinned.iterdir())}


def _pin(files: Path, pinned: Path) -> None:
    """Hard links to all stored files: they outlive a deletion. Copies, on disks without links."""
    for folder in files.iterdir() if files.is_dir() else ():
        for path in folder.iterdir() if folder.is_dir() else ():
            if len(path.name) == _HASH:
                try:
                    (pinned / path.name).hardlink_to(path)
                except OSError:
                    shutil.copyfile(path, pinned / path.name)


def _manifest(found: dict[str, Path], *, vectors: bool) -> Manifest:
    entries = {}
    for name, path in found.items():
        with path.open("rb") as file:
            entries[name] = Entry(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
        if name.startswith(FILES) and entries[name].sha256 != path.name:
            raise StorageUnavailable(f"The stored file {path.name} is damaged. `docubot check` tells what else is.")
    revision = snapshot.revision(found[DATABASE])
    if revision is None:
        raise StorageUnavailable("The database is damaged, and a copy of it would be.")
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Manifest(current_version(), revision, created, vectors, entries)


def _write(file: IO[bytes], manifest: Manifest, found: dict[str, Path]) -> None:
    head = json.dumps(manifest.as_json(), indent=1).encode()
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT, bufsize=_BLOCK) as archive:
        archive.addfile(_entry(MANIFEST, len(head)), io.BytesIO(head))
        for name, path in found.items():
            with path.open("rb") as content:
                archive.addfile(_entry(name, manifest.entries[name].bytes), content)
    file.flush()
    os.fsync(file.fileno())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry
