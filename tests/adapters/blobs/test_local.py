import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from app.adapters.blobs.local import BUFFER, LEFTOVER_AGE, LocalBlobs
from app.core.errors import StorageUnavailable
from app.models.domain import Blob

pytestmark = pytest.mark.anyio
TEXT = "हिन्दी में €100 — “quote” தமிழ்".encode()


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "files")


async def put(blobs: LocalBlobs, *pieces: bytes) -> Blob:
    writer = await blobs.writer()
    for piece in pieces:
        await writer.write(piece)
    return await writer.commit()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_the_same_bytes_twice_at_once_are_stored_once(blobs: LocalBlobs, tmp_path: Path) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(put, blobs, TEXT)
    (stored,) = files(tmp_path)
    assert stored.read_bytes() == TEXT


async def test_storing_again_heals_a_damaged_file(blobs: LocalBlobs) -> None:
    path = await blobs.local_path((await put(blobs, TEXT)).sha256)
    path.write_bytes(b"")
    await put(blobs, TEXT)
    assert path.read_bytes() == TEXT


async def test_sweep_removes_what_crashed_writers_left_and_nothing_else(blobs: LocalBlobs, tmp_path: Path) -> None:
    kept = await put(blobs, TEXT)
    writer = await blobs.writer()
    await writer.write(b"still being written")
    (in_flight,) = (path for path in files(tmp_path) if path.suffix == ".part")
    abandoned, young = in_flight.with_name("abandoned.part"), in_flight.with_name("young.part")
    abandoned.write_bytes(b"x")
    young.write_bytes(b"x")
    past = time.time() - LEFTOVER_AGE - 1
    for path in (abandoned, in_flight):
        os.utime(path, (past, past))

    assert await blobs.sweep() == 1

    assert not abandoned.exists()
    assert young.exists()
    assert await blobs.exists(kept.sha256)
    assert (await writer.commit()).size == len(b"still being written")


async def test_sweep_of_a_folder_that_is_not_there_yet(blobs: LocalBlobs) -> None:
    assert await blobs.sweep() == 0


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The nearest thing to a full disk that needs no rights: the kernel refuses to let a file grow past `size`."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def test_a_full_disk_is_reported_and_leaves_nothing(blobs: LocalBlobs, tmp_path: Path) -> None:
    writer = await blobs.writer()
    with largest_file(BUFFER // 2), pytest.raises(StorageUnavailable, match="Free some space"):
        await writer.write(bytes(BUFFER))
    assert files(tmp_path) == []
    await writer.abort()


async def test_a_disk_that_fills_at_the_end_is_reported_and_leaves_nothing(blobs: LocalBlobs, tmp_path: Path) -> None:
    writer = await blobs.writer()
    await writer.write(bytes(BUFFER // 2))
    with largest_file(BUFFER // 4), pytest.raises(StorageUnavailable):
        await writer.commit()
    assert files(tmp_path) == []


async def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"in the way")
    with pytest.raises(StorageUnavailable):
        await LocalBlobs(tmp_path / "files").writer()
