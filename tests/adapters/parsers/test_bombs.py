"""Small files that would take all memory or time: each ends its own child, with a stable code, and nothing else."""

import time
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import DocumentTooLarge, ParserCrashed, ParserTimeout, UnreadableDocument
from app.models.domain import Source
from tests.adapters.parsers import pdfs

pytestmark = pytest.mark.anyio

FORM = "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X {} 0 R >> >>"


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(memory_mb=400, cpu_seconds=20, seconds=20, page_seconds=4, request_seconds=4))
    yield parser
    await parser.close()


def one_page(writer: pdfs.Writer, contents: int, resources: str) -> bytes:
    number = len(writer.objects) + 2
    page = writer.add(
        f"<< /Type /Page /Parent {number} 0 R /MediaBox [0 0 600 800] /Resources << {resources} >> "
        f"/Contents {contents} 0 R >>"
    )
    tree = writer.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
    return writer.file(writer.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def form_that_draws_itself() -> bytes:
    writer = pdfs.Writer()
    form = writer.stream("/X Do /X Do", FORM.format(1))
    return one_page(writer, writer.stream("/X Do"), f"/XObject << /X {form} 0 R >>")


def forms_within_forms() -> bytes:
    """A billion of them."""
    writer = pdfs.Writer()
    last = writer.stream("BT /F 10 Tf (ha) Tj ET", FORM.format(1))
    for _ in range(9):
        last = writer.stream("/X Do " * 10, FORM.format(last))
    return one_page(writer, writer.stream("/X Do"), f"/XObject << /X {last} 0 R >>")


def pages_that_share_a_page() -> bytes:
    """A million, in a thousand bytes."""
    writer = pdfs.Writer()
    last, count = writer.add("<< /Type /Page /MediaBox [0 0 9 9] >>"), 1
    for _ in range(6):
        count *= 10
        last = writer.add(f"<< /Type /Pages /Count {count} /Kids [{f'{last} 0 R ' * 10}] >>")
    return writer.file(writer.add(f"<< /Type /Catalog /Pages {last} 0 R >>"))


def page_tree_that_holds_itself() -> bytes:
    writer = pdfs.Writer()
    tree = writer.add("<< /Type /Pages /Count 3 /Kids [1 0 R 1 0 R] >>")
    return writer.file(writer.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def stream_of_a_gigabyte() -> bytes:
    packer = zlib.compressobj(1)
    megabyte = b" " * (1 << 20)
    packed = b"".join([*(packer.compress(megabyte) for _ in range(1000)), packer.flush()])
    writer = pdfs.Writer()
    contents = writer.stream(zlib.compress(packed), "/Filter [/FlateDecode /FlateDecode]")
    return one_page(writer, contents, "")


def character_that_means_a_book() -> bytes:
    writer = pdfs.Writer()
    characters = writer.stream(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"1 beginbfchar <41> <{'0041' * 20_000}> endbfchar endcmap end end"
    )
    font = writer.add(f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode {characters} 0 R >>")
    contents = writer.stream(f"BT /F 10 Tf 10 10 Td ({'A' * 20_000}) Tj ET")
    return one_page(writer, contents, f"/Font << /F {font} 0 R >>")


BOMBS: list[Callable[[], bytes]] = [
    form_that_draws_itself,
    forms_within_forms,
    pages_that_share_a_page,
    page_tree_that_holds_itself,
    stream_of_a_gigabyte,
    character_that_means_a_book,
]


def stored(tmp_path: Path, data: bytes) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, "application/pdf", "bomb.pdf")


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
async def test_a_bomb_ends_with_a_stable_code(parser: SandboxParser, tmp_path: Path, bomb: Callable[[], bytes]) -> None:
    source = stored(tmp_path, bomb())
    began = time.monotonic()
    with pytest.raises((DocumentTooLarge, ParserTimeout, ParserCrashed, UnreadableDocument)):
        async for _ in parser.parse(source):
            pass
    assert time.monotonic() - began < 30
    good = stored(tmp_path, pdfs.make([pdfs.lines("still here")]))
    assert len([event async for event in parser.parse(good)]) == 2


@pytest.mark.parametrize("bomb", [form_that_draws_itself, stream_of_a_gigabyte], ids=lambda bomb: bomb.__name__)
async def test_a_bomb_does_not_stop_pictures(parser: SandboxParser, tmp_path: Path, bomb: Callable[[], bytes]) -> None:
    good = stored(tmp_path, pdfs.make([pdfs.lines("still here")]))
    picture = await parser.render(good, 1, scale=0.5)
    bad = Source(tmp_path / "bad", "application/pdf", "bomb.pdf")
    bad.path.write_bytes(bomb())
    with pytest.raises((DocumentTooLarge, ParserTimeout, ParserCrashed, UnreadableDocument)):
        await parser.boxes(bad, [(1, 0, 10)])
    assert await parser.render(good, 1, scale=0.5) == picture
    assert (await parser.boxes(good, [(1, 0, 5)]))[0]


async def test_memory_that_runs_out_is_told_from_a_crash(tmp_path: Path) -> None:
    parser = SandboxParser(ParseLimits(memory_mb=400))
    with pytest.raises(DocumentTooLarge):
        async for _ in parser.parse(stored(tmp_path, form_that_draws_itself())):
            pass
    await parser.close()


async def test_processor_time_that_runs_out_is_told_from_a_crash(tmp_path: Path) -> None:
    parser = SandboxParser(ParseLimits(memory_mb=4000, cpu_seconds=1))
    with pytest.raises(ParserTimeout):
        async for _ in parser.parse(stored(tmp_path, forms_within_forms())):
            pass
    await parser.close()
