"""What holds of every format, and how each ends that is damaged or a bomb."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.parsers import MEDIA_TYPES, load
from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import DocumentError, DocumentTooLarge, PasswordRequired, UnreadableDocument
from app.logic.mediatype import HEAD_BYTES, SUPPORTED, sniff
from app.models.domain import BlockKind, DocumentInfo, Page, ParseEvent, Source
from tests.adapters.parsers.makers import FORMATS, SAMPLE, repacked

ZIPPED = [name for name, make in FORMATS.items() if make().startswith(b"PK")]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(memory_mb=512, seconds=30, page_seconds=15))
    yield parser
    await parser.close()


def stored(tmp_path: Path, data: bytes, name: str) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    media_type = sniff(data[:HEAD_BYTES], name)
    assert media_type is not None
    return Source(path, media_type, name)


def pages(source: Source) -> list[Page]:
    info, *rest = load(MEDIA_TYPES[source.media_type])(source)
    assert isinstance(info, DocumentInfo)
    found = [event for event in rest if isinstance(event, Page)]
    assert info.page_count == len(found)
    return found


async def events(parser: SandboxParser, source: Source) -> list[ParseEvent]:
    return [event async for event in parser.parse(source)]


def test_every_supported_type_has_a_reader() -> None:
    assert set(MEDIA_TYPES) == set(SUPPORTED)


@pytest.mark.parametrize("name", FORMATS)
def test_any_script_survives_and_is_located(tmp_path: Path, name: str) -> None:
    source = stored(tmp_path, FORMATS[name](), name)
    found = pages(source)
    assert any(SAMPLE in page.text for page in found)
    assert [page.number for page in found] == list(range(1, len(found) + 1))
    for page in found:
        assert page.locator
        assert page.locator.value
        assert page.label is None
        offsets = [offset for block in page.blocks for offset in (block.start, block.end)]
        assert offsets == sorted(offsets)


@pytest.mark.parametrize("name", FORMATS)
def test_a_table_keeps_its_rows(tmp_path: Path, name: str) -> None:
    tables = [
        page.text[block.start : block.end]
        for page in pages(stored(tmp_path, FORMATS[name](), name))
        for block in page.blocks
        if block.kind is BlockKind.TABLE
    ]
    assert f"Region | 2021 | 2022\nEurope | 1,200 | 1,300\n{SAMPLE} | 7 | 8" in tables


@pytest.mark.anyio
async def test_all_are_read_in_the_sandbox(parser: SandboxParser, tmp_path: Path) -> None:
    for name, make in FORMATS.items():
        source = stored(tmp_path, make(), name)
        assert [event for event in await events(parser, source) if isinstance(event, Page)] == pages(source)


@pytest.mark.anyio
async def test_cut_off_files_end_with_a_stable_code(parser: SandboxParser, tmp_path: Path) -> None:
    for name in ZIPPED:
        whole = FORMATS[name]()
        for cut in (len(whole) // 2, len(whole) - 10):
            with pytest.raises(UnreadableDocument):
                await events(parser, stored(tmp_path, whole[:cut], name))


@pytest.mark.parametrize("name", ZIPPED)
def test_an_encrypted_container_says_so(tmp_path: Path, name: str) -> None:
    data = bytearray(FORMATS[name]())
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    with pytest.raises(PasswordRequired):
        pages(stored(tmp_path, bytes(data), name))


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (name + 1, b"&%c;" % name * 20) for name in range(ord("a"), ord("j"))
)
MAIN_PARTS = {
    "report.docx": "word/document.xml",
    "report.odt": "content.xml",
    "report.pptx": "ppt/slides/slide1.xml",
    "report.xlsx": "xl/worksheets/sheet1.xml",
}


@pytest.mark.anyio
@pytest.mark.parametrize("name", MAIN_PARTS)
async def test_bombs_end_with_a_stable_code(parser: SandboxParser, tmp_path: Path, name: str) -> None:
    whole = FORMATS[name]()
    blanks = repacked(whole, MAIN_PARTS[name], b"<x>" + b" " * (40 << 20) + b"</x>")
    with pytest.raises(DocumentTooLarge):
        await events(parser, stored(tmp_path, blanks, name))
    for content in (LAUGHS + b"<x>&j;</x>", b"<x>" * 100_000, b"", b"\0" * 1000, b"<y/>"):
        with pytest.raises(DocumentError):
            await events(parser, stored(tmp_path, repacked(whole, MAIN_PARTS[name], content), name))
