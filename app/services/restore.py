"""A backup back into an empty data folder. The archive is read twice: nothing is written before it was checked."""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.core.errors import StartupError, StorageUnavailable
from app.db import snapshot
from app.models.backup import DATABASE, FILES, MANIFEST, SECRET, Manifest
from app.ports import BlobStore

_BLOCK = 1 << 20
_LONGEST_MANIFEST = 1 << 28
_MAY_BE_THERE = frozenset({"owner.lock", "models"})
"""What an empty data folder may hold: the lock, and models, which are the same everywhere."""


def inspect(archive: Path, known: frozenset[str]) -> Manifest:
    """Read and check every byte. `known`: the schema's revisions that this release can bring up to date. Raises
    StartupError, which says what is wrong."""
    manifest: Manifest | None = None
    seen: set[str] = set()
    with _opened(archive) as tar:
        for entry, content in _entries(tar):
            if manifest is None:
                manifest = _manifest(entry, content)
                continue
            expected = manifest.entries.get(entry.name)
            if expected is None or entry.name in seen:
                raise _damaged("it holds something that its manifest does not name")
            if entry.size != expected.bytes or _digest(content) != expected.sha256:
                raise _damaged(f"{entry.name} is not what it was")
            seen.add(entry.name)
    if manifest is None or seen != manifest.entries.keys():
        raise _damaged("a part of it is missing")
    if manifest.revision not in known:
        raise StartupError(
            f"The backup was made by DocuBot {manifest.version} with schema {manifest.revision}, which this release "
            "does not know. Restore it with that release or a later one."
        )
    return manifest


def must_be_empty(data_dir: Path) -> None:
    """Raises StartupError for a data folder that holds anything of its own."""
    there = sorted(path.name for path in data_dir.iterdir() if path.name not in _MAY_BE_THERE)
    if there:
        raise StartupError(
            f"DATA_DIR={data_dir} is not empty ({', '.join(there[:3])}). Restore into a new folder: set DATA_DIR."
        )


async def extract(archive: Path, data_dir: Path, files: BlobStore) -> None:
    """Write what `inspect` has seen; the database last, so that a folder without one was not restored to its end.
    Raises StartupError, StorageUnavailable."""
    database = data_dir / f"{DATABASE}.part"
    try:
        with _opened(archive) as tar:
            for entry, content in _entries(tar):
                if entry.name.startswith(FILES):
                    await _store(files, entry.name.removeprefix(FILES), content)
                elif entry.name in (DATABASE, SECRET):
                    _copy(content, database if entry.name == DATABASE else data_dir / SECRET)
        if snapshot.revision(database) is None:
            raise _damaged("its database cannot be read")
        database.replace(data_dir / "docubot.sqlite3")
    except OSError as error:
        raise StorageUnavailable(f"The backup cannot be unpacked: {error.strerror} ({error.filename}).") from error
    finally:
        database.unlink(missing_ok=True)


async def _store(files: BlobStore, sha256: str, content: IO[bytes]) -> None:
    writer = await files.writer()
    while block := content.read(_BLOCK):
        await writer.write(block)
    if (await writer.commit()).sha256 != sha256:
        raise _damaged("it changed while it was read")


def _copy(content: IO[bytes], target: Path) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _BLOCK)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r:") as tar:
            yield tar
    except FileNotFoundError:
        raise StartupError(f"{archive} does not exist.") from None
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(str(error)) from None


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:  # a link, a folder, a device: nothing that a backup holds
            raise _damaged("it holds something else than files")
        yield entry, content


def _manifest(entry: tarfile.TarInfo, content: IO[bytes]) -> Manifest:
    if entry.name != MANIFEST or entry.size > _LONGEST_MANIFEST:
        raise StartupError("That is no backup of DocuBot: it does not begin with a manifest.")
    try:
        return Manifest.of_json(json.loads(content.read()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(f"its manifest cannot be used: {error}") from None


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _damaged(what: str) -> StartupError:
    return StartupError(f"The backup is damaged: {what}. Nothing was restored; use another copy.")
