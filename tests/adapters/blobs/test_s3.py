"""What only a bucket does: copies, other processes, a store that is gone."""

import os
import uuid
from pathlib import Path

import obstore
import pytest
from obstore.store import from_url

from app.adapters.blobs.s3 import S3Blobs
from app.core.errors import StartupError, Unavailable
from app.models.domain import Blob
from tests.s3_server import S3Server

pytestmark = pytest.mark.anyio
TEXT = "हिन्दी में €100 — “quote” தமிழ்".encode()


@pytest.fixture
def url(s3: S3Server) -> str:
    return s3.bucket(f"b-{uuid.uuid4()}")


async def put(blobs: S3Blobs, content: bytes = TEXT) -> Blob:
    writer = await blobs.writer()
    await writer.write(content)
    return await writer.commit()


async def test_what_one_process_stores_another_reads(url: str, tmp_path: Path) -> None:
    one, other = S3Blobs(url, tmp_path / "one"), S3Blobs(url, tmp_path / "other")
    content = os.urandom(12 << 20)  # goes in parts
    blob = await put(one, content)
    assert (await other.local_path(blob.sha256)).read_bytes() == content
    assert await other.hashes() == {blob.sha256}


async def test_a_copy_of_what_another_process_deleted_is_not_read(url: str, tmp_path: Path) -> None:
    one, other = S3Blobs(url, tmp_path / "one"), S3Blobs(url, tmp_path / "other")
    blob = await put(one)
    await other.local_path(blob.sha256)
    await one.delete(blob.sha256)
    with pytest.raises(FileNotFoundError):
        await other.local_path(blob.sha256)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_an_object_that_is_not_what_its_name_says_is_not_read(url: str, tmp_path: Path) -> None:
    blob = await put(S3Blobs(url, tmp_path / "one"))
    store = from_url(url, client_options={"allow_http": True})
    await obstore.put_async(store, f"{blob.sha256[:2]}/{blob.sha256}", b"x")
    with pytest.raises(FileNotFoundError):
        await S3Blobs(url, tmp_path / "other").local_path(blob.sha256)


async def test_prefixes_of_one_bucket_do_not_see_each_other(url: str, tmp_path: Path) -> None:
    one, other = S3Blobs(f"{url}/one", tmp_path / "one"), S3Blobs(f"{url}/other", tmp_path / "other")
    blob = await put(one)
    assert not await other.exists(blob.sha256)
    assert await other.hashes() == set()


async def test_copies_go_when_nobody_asks_for_them(url: str, tmp_path: Path) -> None:
    blobs = S3Blobs(url, tmp_path / "copies")
    old, young = await put(blobs, b"old"), await put(blobs, b"young")
    path = await blobs.local_path(old.sha256)
    os.utime(path, (1, 1))
    again = S3Blobs(url, tmp_path / "copies")
    await again.sweep()
    assert not path.exists()
    assert (await again.local_path(young.sha256)).exists()
    assert (await again.local_path(old.sha256)).read_bytes() == b"old"


async def test_a_bucket_that_is_missing_stops_the_start(s3: S3Server, tmp_path: Path) -> None:
    blobs = S3Blobs("s3://never-made", tmp_path / "copies")
    with pytest.raises(StartupError, match="s3://never-made cannot be reached"):
        await blobs.sweep()
    with pytest.raises(Unavailable):
        await put(blobs)


async def test_a_store_that_is_down_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = S3Server().start()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    blobs = S3Blobs(server.bucket("there"), tmp_path / "copies")
    blob = await put(blobs)
    server.kill()
    for call in (blobs.exists, blobs.local_path, blobs.delete, blobs.keep):
        with pytest.raises(Unavailable):
            await call(blob.sha256)
    with pytest.raises(Unavailable):
        await blobs.hashes()
    with pytest.raises(Unavailable):
        await put(blobs, b"more")
    with pytest.raises(StartupError):
        await blobs.sweep()
