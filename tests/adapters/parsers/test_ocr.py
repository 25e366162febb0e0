"""Pages whose text is missing or rubbish, and pictures, read by Tesseract in the sandbox."""

import io
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from app.adapters.parsers import ocr
from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.ocr import open_ocr, what_is_missing
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import DocumentTooLarge, OcrNotInstalled, PageNotFound, UnreadableDocument
from app.models.domain import OcrRules, Page, ParseEvent, ParseWarning, Source
from tests.adapters.parsers import pdfs, scans

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(ocr.tesserocr is None, reason='OCR is not installed: pip install "docubot[ocr]"'),
]

LINES = ("Tide gauges were sold", "in forty-two harbours.")
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff"}


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(seconds=40, page_seconds=20, request_seconds=20))
    yield parser
    await parser.close()


def stored(tmp_path: Path, data: bytes, media_type: str = "application/pdf") -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, media_type, "scan")


async def events(parser: SandboxParser, source: Source) -> list[ParseEvent]:
    return [event async for event in parser.parse(source)]


def pages(found: list[ParseEvent]) -> list[Page]:
    return [event for event in found if isinstance(event, Page)]


def warnings(found: list[ParseEvent]) -> list[tuple[str, int | None]]:
    return [(event.code, event.page) for event in found if isinstance(event, ParseWarning)]


async def test_a_scanned_page_is_read_and_its_words_have_places(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, scans.pdf([scans.page(*LINES), scans.page()]))
    found = await events(parser, source)
    read, blank = pages(found)
    assert read.text == "\n".join(LINES)
    assert read.ocr_confidence is not None
    assert read.ocr_confidence > 0.8
    assert not read.has_text_layer
    word = next(word for word in read.words if read.text[word.start : word.end] == "harbours.")
    x0, y0, x1, y1 = word.box
    points = 72 / scans.DPI
    assert 150 * points < x0 < x1 < scans.WIDTH * points
    assert 96 * points < y0 < y1 < 135 * points
    assert (blank.text, blank.ocr_confidence, blank.words) == ("", None, ())
    assert warnings(found) == [("no_text_layer", 2)]


async def test_only_pages_that_need_it_are_read(parser: SandboxParser, tmp_path: Path) -> None:
    good = pdfs.make([pdfs.lines(*["Text that is good as it stands, line by line."] * 5)])
    [page] = pages(await events(parser, stored(tmp_path, good)))
    assert page.ocr_confidence is None
    assert page.words == ()


@pytest.mark.parametrize("kind", TYPES)
async def test_pictures_are_documents(parser: SandboxParser, tmp_path: Path, kind: str) -> None:
    source = stored(tmp_path, scans.saved([scans.page(*LINES)], kind), TYPES[kind])
    [page] = pages(await events(parser, source))
    assert page.text == "\n".join(LINES)
    assert page.width == pytest.approx(scans.WIDTH * 72 / scans.DPI, abs=0.2)
    drawn = Image.open(io.BytesIO(await parser.render(source, 1, scale=1.0)))
    assert drawn.size == (round(page.width), round(page.height))
    marked = Image.open(io.BytesIO(await parser.render(source, 1, scale=2.0, highlight=[page.words[0].box])))
    x0, y0, *_ = page.words[0].box
    assert marked.getpixel((round(2 * x0) + 1, round(2 * y0) + 1))[2] < 120
    assert marked.getpixel((2, 2)) == (255, 255, 255)


async def test_a_tiff_has_pages(parser: SandboxParser, tmp_path: Path) -> None:
    images = [scans.page("Page one"), scans.page("Page two"), scans.page("Page three")]
    fax = [image.convert("1") for image in images]
    source = stored(tmp_path, scans.saved(fax, "TIFF", compression="group4"), "image/tiff")
    found = pages(await events(parser, source))
    assert [page.text for page in found] == ["Page one", "Page two", "Page three"]
    assert await parser.render(source, 3, scale=0.2) != await parser.render(source, 1, scale=0.2)
    with pytest.raises(PageNotFound):
        await parser.render(source, 4, scale=1.0)


async def test_letters_on_nothing_are_read(parser: SandboxParser, tmp_path: Path) -> None:
    black = Image.new("RGBA", (scans.WIDTH, scans.HEIGHT), (0, 0, 0, 0))
    black.paste((0, 0, 0, 255), mask=scans.page(*LINES).point(lambda value: 255 - value))
    [page] = pages(await events(parser, stored(tmp_path, scans.saved([black], "PNG"), "image/png")))
    assert page.text == "\n".join(LINES)


async def test_a_picture_lying_on_its_side_is_turned_as_it_says(parser: SandboxParser, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the top is on the right
    data = scans.saved([scans.page(*LINES).rotate(90, expand=True)], "JPEG", exif=exif)
    [page] = pages(await events(parser, stored(tmp_path, data, "image/jpeg")))
    assert page.text == "\n".join(LINES)
    assert page.width > page.height


def claiming(width: int, height: int) -> bytes:
    """A PNG of many pixels in few bytes."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000_000)), (b"IEND", b""))
    body = b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


async def test_a_bomb_is_refused_before_it_is_unpacked(parser: SandboxParser, tmp_path: Path) -> None:
    with pytest.raises(DocumentTooLarge, match="pixels"):
        await events(parser, stored(tmp_path, claiming(60_000, 60_000), "image/png"))
    with pytest.raises(UnreadableDocument):
        await events(parser, stored(tmp_path, b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "image/png"))
    whole = scans.saved([scans.page(*LINES)], "PNG")
    with pytest.raises(UnreadableDocument):
        await events(parser, stored(tmp_path, whole[: len(whole) // 2], "image/png"))


async def test_no_more_pages_than_the_rules_allow(tmp_path: Path) -> None:
    parser = SandboxParser(ocr=OcrRules(pages=1))
    found = await events(parser, stored(tmp_path, scans.pdf([scans.page("First"), scans.page("Second")])))
    assert [page.text for page in pages(found)] == ["First", ""]
    assert warnings(found) == [("no_text_layer", 2)]
    await parser.close()


async def test_without_ocr_a_page_is_a_warning_and_a_picture_an_error(tmp_path: Path) -> None:
    parser = SandboxParser(ocr=OcrRules(languages=("tlh",)))
    found = await events(parser, stored(tmp_path, scans.pdf([scans.page(*LINES)])))
    [warning] = [event for event in found if isinstance(event, ParseWarning)]
    assert warning.code == "no_text_layer"
    assert "OCR_LANGUAGES" in warning.message
    with pytest.raises(OcrNotInstalled, match="tlh"):
        await events(parser, stored(tmp_path, scans.saved([scans.page(*LINES)], "PNG"), "image/png"))
    await parser.close()


def test_languages_that_are_installed_in_the_order_of_the_rules(tmp_path: Path) -> None:
    for name in ("ara", "deu", "osd"):
        (tmp_path / f"{name}.traineddata").touch()
    folder = str(tmp_path)
    both = open_ocr(OcrRules(("ara+deu", "xyz", "eng"), folder))
    assert both is not None
    assert [name for name, _ in both.languages] == ["ara+deu", "eng"]
    every = open_ocr(OcrRules((), folder))
    assert every is not None
    assert [name for name, _ in every.languages] == ["eng", "ara", "deu"]
    assert open_ocr(OcrRules(("ara+eng",), folder)) is None  # they lie in two folders
    assert open_ocr(OcrRules(pages=0)) is None
    assert "OCR_MAX_PAGES" in what_is_missing(OcrRules(pages=0))
