from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.blobs.local import LocalBlobs
from app.adapters.blobs.telling import TellingBlobs
from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.kept_pictures import PictureKeepingParser
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import PageNotFound
from app.models.domain import Source
from tests.adapters.parsers import pdfs

pytestmark = pytest.mark.anyio


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(request_seconds=20))
    yield parser
    await parser.close()


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.png"))


async def test_a_picture_is_drawn_once_also_after_a_restart(parser: SandboxParser, tmp_path: Path) -> None:
    source = Source(tmp_path / "blob", "application/pdf", "a.pdf")
    source.path.write_bytes(pdfs.make([pdfs.lines("one"), pdfs.lines("two")]))
    keeping = PictureKeepingParser(parser, tmp_path / "pictures", 1)
    first = await keeping.render(source, 1, scale=0.2)
    marked = await keeping.render(source, 1, scale=0.2, highlight=[(0, 0, 100, 100)])
    assert marked != first
    source.path.unlink()
    assert await keeping.render(source, 1, scale=0.2) == first
    again = PictureKeepingParser(parser, tmp_path / "pictures", 1)
    assert await again.render(source, 1, scale=0.2, highlight=[(0, 0, 100, 100)]) == marked


async def test_the_least_recently_seen_leave_first(parser: SandboxParser, tmp_path: Path) -> None:
    source = Source(tmp_path / "blob", "application/pdf", "a.pdf")
    source.path.write_bytes(pdfs.make([pdfs.lines(*["noise 8 x"] * 50)] * 3))
    size = len(await parser.render(source, 1, scale=4.0))
    room = 1 + size * 2 // (1 << 20)
    keeping = PictureKeepingParser(parser, tmp_path / "pictures", room)
    for number in range(1, 1 + 3 * (room << 20) // size):
        await keeping.render(source, 1 + number % 3, scale=4.0 - number / 1000)
        await keeping.render(source, 1, scale=4.0)
    total = sum(path.stat().st_size for path in kept(tmp_path / "pictures"))
    assert (room << 20) - 2 * size < total <= room << 20
    before = kept(tmp_path / "pictures")
    await keeping.render(source, 1, scale=4.0)
    assert kept(tmp_path / "pictures") == before


async def test_nothing_is_kept_where_nothing_may_be(parser: SandboxParser, tmp_path: Path) -> None:
    source = Source(tmp_path / "blob", "application/pdf", "a.pdf")
    source.path.write_bytes(pdfs.make([pdfs.lines("one")]))
    keeping = PictureKeepingParser(parser, tmp_path / "pictures", 0)
    assert (await keeping.render(source, 1, scale=0.1)).startswith(b"\x89PNG")
    with pytest.raises(PageNotFound):
        await keeping.render(source, 2, scale=0.1)
    assert kept(tmp_path / "pictures") == []


async def test_pictures_go_with_the_bytes_that_they_show(parser: SandboxParser, tmp_path: Path) -> None:
    keeping = PictureKeepingParser(parser, tmp_path / "pictures", 1)
    blobs = TellingBlobs(LocalBlobs(tmp_path / "files"), keeping.forget)
    sources = []
    for name in ("one", "two"):
        writer = await blobs.writer()
        await writer.write(pdfs.make([pdfs.lines(name)]))
        blob = await writer.commit()
        sources.append((blob.sha256, Source(await blobs.local_path(blob.sha256), "application/pdf", name)))
        await keeping.render(sources[-1][1], 1, scale=0.1)
    assert len(kept(tmp_path / "pictures")) == 2
    await blobs.delete(sources[0][0])
    assert [path.parent.name for path in kept(tmp_path / "pictures")] == [sources[1][0]]
