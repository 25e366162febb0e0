import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import PageNotFound, UnsupportedMediaType
from app.models.domain import Source
from tests.adapters.parsers import pdfs

pytestmark = pytest.mark.anyio

WHITE = (255, 255, 255)


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(request_seconds=20))
    yield parser
    await parser.close()


def stored(tmp_path: Path, data: bytes, media_type: str = "application/pdf") -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, media_type, "report.pdf")


class Image:
    """An eight-bit RGB PNG of one IDAT chunk whose rows are not filtered."""

    def __init__(self, png: bytes) -> None:
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        chunks, at = {}, 8
        while at < len(png):
            size, name = struct.unpack("!I4s", png[at : at + 8])
            chunks[name] = png[at + 8 : at + 8 + size]
            (checksum,) = struct.unpack("!I", png[at + 8 + size : at + 12 + size])
            assert checksum == zlib.crc32(name + chunks[name])
            at += 12 + size
        self.width, self.height, depth, colour = struct.unpack("!IIBB", chunks[b"IHDR"][:10])
        assert (depth, colour) == (8, 2)
        self._rows = zlib.decompress(chunks[b"IDAT"])

    def at(self, x: int, y: int) -> tuple[int, ...]:
        stride = 1 + 3 * self.width
        assert self._rows[y * stride] == 0
        return tuple(self._rows[y * stride + 1 + 3 * x :][:3])


async def test_a_page_is_drawn_in_the_size_that_was_asked_for(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([[]], page_entries="/Rotate 90 /CropBox [0 0 300 400]"))
    image = Image(await parser.render(source, 1, scale=1.5))
    assert (image.width, image.height) == (600, 450)
    assert image.at(0, 0) == image.at(599, 449) == WHITE


async def test_quotes_are_marked_where_they_stand(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([[]]))
    image = Image(await parser.render(source, 1, scale=2.0, highlight=[(100, 200, 150, 210)]))
    inside, *outside = (image.at(x, y) for x, y in ((220, 410), (198, 410), (302, 410), (220, 398), (220, 422)))
    assert outside == [WHITE] * 4
    assert inside[2] < inside[1] < inside[0] == 255


async def test_marks_that_leave_the_page_are_cut(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([[]]))
    image = Image(await parser.render(source, 1, scale=0.2, highlight=[(-50, -50, 9999, 20), (9, 9, 3, 3)]))
    assert image.at(0, 0) != WHITE
    assert image.at(0, 100) == WHITE


async def test_a_huge_scale_is_lowered(parser: SandboxParser, tmp_path: Path) -> None:
    image = Image(await parser.render(stored(tmp_path, pdfs.make([[]])), 1, scale=1000))
    assert 30_000_000 < image.width * image.height <= 40_500_000


@pytest.mark.parametrize("number", [0, 2, -1])
async def test_there_is_no_such_page(parser: SandboxParser, tmp_path: Path, number: int) -> None:
    with pytest.raises(PageNotFound):
        await parser.render(stored(tmp_path, pdfs.make([[]])), number, scale=1.0)


async def test_only_pdfs_have_pictures_and_boxes(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, b"plain text", "text/plain")
    with pytest.raises(UnsupportedMediaType):
        await parser.render(source, 1, scale=1.0)
    assert await parser.boxes(source, [(1, 0, 5), (1, 6, 10)]) == [(), ()]
