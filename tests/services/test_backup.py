"""Backups of a folder in use, and archives that are damaged, foreign or hostile."""

import asyncio
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.adapters.blobs.local import LocalBlobs
from app.core.errors import StartupError
from app.db.migrate import known_revisions
from app.models.backup import DATABASE, FILES, MANIFEST
from app.services import backup, restore
from tests.services.kit import REPORT, open_kit

pytestmark = pytest.mark.anyio
TEXT = "हिन्दी में €100 — “quote” 退款需要十个工作日。".encode()


@pytest.fixture
async def source(tmp_path: Path) -> Path:
    """A data folder with two documents."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "secret").write_bytes(b"s" * 32)
    async with open_kit(folder) as kit:
        await kit.ingested(REPORT)
        await kit.ingested(TEXT, "文件.txt")
    return folder


def counts(folder: Path) -> list[int]:
    tables = ("documents", "versions", "pages", "chunks", "chunk_vectors")
    with closing(sqlite3.connect(folder / "docubot.sqlite3")) as connection:
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


async def restored(archive: Path, folder: Path) -> None:
    restore.inspect(archive, known_revisions())
    folder.mkdir(exist_ok=True)
    restore.must_be_empty(folder)
    await restore.extract(archive, folder, LocalBlobs(folder / "files"))


async def test_what_comes_back_is_what_was_there(source: Path, tmp_path: Path) -> None:
    archive, target = tmp_path / "b.tar", tmp_path / "target"
    backup.make(source, archive)
    await restored(archive, target)
    assert counts(target) == counts(source)
    assert await LocalBlobs(target / "files").hashes() == await LocalBlobs(source / "files").hashes()
    assert (target / "secret").read_bytes() == b"s" * 32
    assert (target / "secret").stat().st_mode & 0o777 == 0o600
    assert archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in source.iterdir() if path.name.startswith("backup-")] == []


async def test_vectors_may_be_left_out(source: Path, tmp_path: Path) -> None:
    archive, target = tmp_path / "b.tar", tmp_path / "target"
    assert not backup.make(source, archive, vectors=False).vectors
    await restored(archive, target)
    assert counts(target) == [*counts(source)[:-1], 0]
    assert counts(source)[-1] > 0


async def test_it_is_one_moment_whatever_is_written_meanwhile(source: Path, tmp_path: Path) -> None:
    async with open_kit(source) as kit:
        documents = (await kit.jobs.list(None, None, None, None, 10)).items
        # In a thread, as in its own process: a writer that waits for this loop must be able to finish.
        await asyncio.to_thread(backup.make, source, tmp_path / "before.tar")
        for job in documents:
            if job.document_id is not None:
                await kit.documents.delete(job.document_id)
        await kit.ingested(b"A lighthouse.", "late.txt")
        await asyncio.to_thread(backup.make, source, tmp_path / "after.tar")
    for name, held in (("before", 2), ("after", 1)):
        target = tmp_path / name
        await restored(tmp_path / f"{name}.tar", target)
        assert counts(target)[0] == len(await LocalBlobs(target / "files").hashes()) == held


async def test_an_archive_that_exists_is_never_overwritten(source: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(b"precious")
    with pytest.raises(StartupError, match="exists already"):
        backup.make(source, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == b"precious"


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    at = len(data) - 12_000  # inside the last file
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def cut_at_an_entry(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        last = tar.getmembers()[-1]
    return data[: last.offset] + bytes(1024)


@pytest.mark.parametrize("harm", [truncated, flipped, cut_at_an_entry, lambda _: b"", lambda _: b"no tar" * 999])
async def test_a_damaged_archive_is_refused_before_anything_is_written(
    source: Path, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    archive = tmp_path / "b.tar"
    backup.make(source, archive)
    archive.write_bytes(harm(archive.read_bytes()))
    with pytest.raises(StartupError, match=r"damaged|no backup"):
        restore.inspect(archive, known_revisions())


def write(archive: Path, manifest: Any, *entries: tuple[tarfile.TarInfo, bytes]) -> None:
    head = json.dumps(manifest).encode()
    first = tarfile.TarInfo(MANIFEST)
    with tarfile.open(archive, "w") as tar:
        for entry, content in ((first, head), *entries):
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def manifest_of(source: Path, archive: Path) -> dict[str, Any]:
    return backup.make(source, archive).as_json()


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/passwd", "files/../../evil", "files/" + "A" * 64, "docubot.sqlite3"]
)
async def test_a_name_that_leads_elsewhere_is_refused(source: Path, tmp_path: Path, name: str) -> None:
    manifest = manifest_of(source, tmp_path / "b.tar")
    manifest["entries"][name] = {"bytes": 4, "sha256": "0" * 64}
    write(tmp_path / "evil.tar", manifest, (tarfile.TarInfo(name), b"evil"))
    with pytest.raises(StartupError, match="names something that no backup holds"):
        restore.inspect(tmp_path / "evil.tar", known_revisions())


async def test_links_in_place_of_files_are_refused(source: Path, tmp_path: Path) -> None:
    link = tarfile.TarInfo(DATABASE)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    write(tmp_path / "evil.tar", manifest_of(source, tmp_path / "b.tar"), (link, b""))
    with pytest.raises(StartupError, match="something else than files"):
        restore.inspect(tmp_path / "evil.tar", known_revisions())


@pytest.mark.parametrize("body", [[], {}, {"format": 2, "entries": {}}, {"format": 1, "entries": 3}, "x", None])
async def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, body: Any) -> None:
    write(tmp_path / "b.tar", body)
    with pytest.raises(StartupError, match="manifest cannot be used"):
        restore.inspect(tmp_path / "b.tar", known_revisions())


async def test_a_newer_schema_is_refused_and_the_release_named(source: Path, tmp_path: Path) -> None:
    backup.make(source, tmp_path / "b.tar")
    with pytest.raises(StartupError, match=r"made by DocuBot .* does not know"):
        restore.inspect(tmp_path / "b.tar", frozenset())


async def test_a_folder_that_is_in_use_is_not_restored_into(source: Path) -> None:
    with pytest.raises(StartupError, match="is not empty"):
        restore.must_be_empty(source)


async def test_a_stored_file_that_is_damaged_is_told_and_no_archive_is_left(source: Path, tmp_path: Path) -> None:
    sha256 = sorted(await LocalBlobs(source / "files").hashes())[0]
    (await LocalBlobs(source / "files").local_path(sha256)).write_bytes(b"changed")
    with pytest.raises(Exception, match=sha256):
        backup.make(source, tmp_path / "b.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
    assert FILES + sha256 not in {path.name for path in tmp_path.rglob("*.part")}
