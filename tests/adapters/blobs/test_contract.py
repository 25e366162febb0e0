"""What every store of bytes does, whichever stands behind the port."""

import hashlib
import uuid
from pathlib import Path

import pytest

from app.adapters.blobs.local import BUFFER, LocalBlobs
from app.adapters.blobs.s3 import S3Blobs
from app.models.domain import Blob
from app.ports import BlobStore
from tests.s3_server import S3Server

pytestmark = pytest.mark.anyio
TEXT = "हिन्दी में €100 — “quote” தமிழ்".encode()


@pytest.fixture(params=["local", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "local":
        return LocalBlobs(tmp_path / "files")
    server: S3Server = request.getfixturevalue("s3")
    return S3Blobs(f"{server.bucket(f'b-{uuid.uuid4()}')}/some/where", tmp_path / "copies")


async def put(blobs: BlobStore, *pieces: bytes) -> Blob:
    writer = await blobs.writer()
    for piece in pieces:
        await writer.write(piece)
    return await writer.commit()


async def test_what_was_committed_can_be_read_by_its_hash(blobs: BlobStore) -> None:
    pieces = [TEXT * 1000, b"", TEXT, bytes(3 * BUFFER + 1)]
    blob = await put(blobs, *pieces)
    whole = b"".join(pieces)
    assert blob == Blob(hashlib.sha256(whole).hexdigest(), len(whole))
    assert await blobs.exists(blob.sha256)
    assert (await blobs.local_path(blob.sha256)).read_bytes() == whole


async def test_nothing_is_visible_before_the_commit(blobs: BlobStore, tmp_path: Path) -> None:
    writer = await blobs.writer()
    await writer.write(TEXT)
    assert not await blobs.exists(hashlib.sha256(TEXT).hexdigest())
    await writer.abort()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_no_bytes_are_a_blob_too(blobs: BlobStore) -> None:
    assert await put(blobs) == Blob(hashlib.sha256().hexdigest(), 0)


async def test_deleted_bytes_are_gone_and_deleting_again_is_fine(blobs: BlobStore) -> None:
    sha256 = (await put(blobs, TEXT)).sha256
    await blobs.delete(sha256)
    await blobs.delete(sha256)
    assert not await blobs.exists(sha256)
    with pytest.raises(FileNotFoundError):
        await blobs.local_path(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "\n", "/" * 64])
async def test_only_a_hash_becomes_a_path(blobs: BlobStore, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        await blobs.local_path(name)


async def test_provisional_bytes_are_told_until_somebody_has_them(blobs: BlobStore) -> None:
    await put(blobs, b"known from the start")
    writer = await blobs.writer(provisional=True)
    await writer.write(TEXT)
    assert await blobs.unkept() == set()
    blob = await writer.commit()
    assert await blobs.unkept() == {blob.sha256}
    assert await blobs.unkept(age=3600) == set()
    await blobs.keep(blob.sha256)
    await blobs.keep(blob.sha256)
    assert await blobs.unkept() == set()
    assert await blobs.exists(blob.sha256)
