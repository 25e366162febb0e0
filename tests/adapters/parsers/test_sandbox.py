import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import DocumentTooLarge, ParserCrashed, ParserTimeout, UnreadableDocument
from app.models.domain import DocumentInfo, Page, ParseEvent, Source
from tests.adapters.parsers import pdfs

SAMPLE = "हिन्दी में €100 — “quote” தமிழ்"


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(seconds=20, page_seconds=10, request_seconds=10))
    yield parser
    await parser.close()


def stored(tmp_path: Path, data: bytes, password: str | None = None) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, "application/pdf", "report.pdf", password)


async def events(parser: SandboxParser, source: Source) -> list[ParseEvent]:
    return [event async for event in parser.parse(source)]


async def drain(stream: AsyncIterator[ParseEvent]) -> None:
    async for _ in stream:
        pass


def descendants() -> set[psutil.Process]:
    return {one for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE}


def is_tracker(process: psutil.Process) -> bool:
    """Python's own, which other tests in this process need."""
    return any("resource_tracker" in argument for argument in process.cmdline())


def workers() -> set[psutil.Process]:
    """The fork server's children."""
    return descendants() - set(psutil.Process().children())


@pytest.mark.anyio
async def test_info_comes_first_then_every_page_in_order(parser: SandboxParser, tmp_path: Path) -> None:
    pages = [pdfs.lines(f"This is page {number}.", SAMPLE) for number in range(1, 31)]
    info, *read = await events(parser, stored(tmp_path, pdfs.make(pages, info="/Title (Thirty)")))
    assert isinstance(info, DocumentInfo)
    assert (info.page_count, info.title, info.parser) == (30, "Thirty", "pdfium")
    assert [page.text for page in read if isinstance(page, Page)] == [
        f"This is page {number}.\n{SAMPLE}" for number in range(1, 31)
    ]
    assert [page.number for page in read if isinstance(page, Page)] == list(range(1, 31))


@pytest.mark.anyio
async def test_pages_stream_and_leaving_early_ends_the_child(parser: SandboxParser, tmp_path: Path) -> None:
    pages = [pdfs.lines(*["Much text on every page, so that the pipe fills."] * 50) for _ in range(1000)]
    async with contextlib.aclosing(parser.parse(stored(tmp_path, pdfs.make(pages)))) as stream:
        async for event in stream:
            if isinstance(event, Page) and event.number == 3:
                break
        assert len(workers()) == 1
    assert not workers()


@pytest.mark.anyio
async def test_nothing_is_left_after_close(tmp_path: Path) -> None:
    before = descendants()
    parser = SandboxParser()
    source = stored(tmp_path, pdfs.make([pdfs.lines("Hello world")]))
    await events(parser, source)
    await parser.boxes(source, [(1, 0, 5)])
    await parser.render(source, 1, scale=0.2)
    assert len(workers()) == 2
    await parser.close()
    assert descendants() == before


@pytest.mark.parametrize(
    "data",
    [b"", b"not a PDF at all", b"%PDF-1.7\n", b"\0" * 5000, pdfs.make([pdfs.lines("whole")])[:200]],
    ids=["empty", "text", "header", "zeros", "truncated"],
)
@pytest.mark.anyio
async def test_a_damaged_file_is_unreadable(parser: SandboxParser, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        await events(parser, stored(tmp_path, data))


@pytest.mark.anyio
async def test_a_document_of_many_pages_is_too_large(tmp_path: Path) -> None:
    parser = SandboxParser(ParseLimits(pages=2))
    with pytest.raises(DocumentTooLarge, match="3 pages"):
        await events(parser, stored(tmp_path, pdfs.make([pdfs.lines("x")] * 3)))
    await parser.close()


@pytest.mark.anyio
async def test_a_document_of_much_text_is_too_large(tmp_path: Path) -> None:
    parser = SandboxParser(ParseLimits(characters=100))
    with pytest.raises(DocumentTooLarge, match="100 characters"):
        await events(parser, stored(tmp_path, pdfs.make([pdfs.lines("forty characters of text on each page ...")] * 3)))
    await parser.close()


@pytest.mark.anyio
async def test_a_child_that_dies_is_a_crash_and_the_next_document_is_read(
    parser: SandboxParser, tmp_path: Path
) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines("One page and the next. " * 3)] * 2000))
    stream = parser.parse(source)
    assert isinstance(await anext(stream), DocumentInfo)
    for child in workers():
        child.send_signal(signal.SIGSEGV)
    with pytest.raises(ParserCrashed):
        await drain(stream)
    assert len(await events(parser, stored(tmp_path, pdfs.make([pdfs.lines("alive")])))) == 2


@pytest.mark.anyio
async def test_a_child_that_hangs_is_timed_out(tmp_path: Path) -> None:
    parser = SandboxParser(ParseLimits(page_seconds=2))
    source = stored(tmp_path, pdfs.make([pdfs.lines("One page and the next. " * 3)] * 2000))
    began = time.monotonic()
    stream = parser.parse(source)
    assert isinstance(await anext(stream), DocumentInfo)
    for child in workers():
        child.suspend()
    with pytest.raises(ParserTimeout):
        await drain(stream)
    assert time.monotonic() - began < 30
    assert not workers()
    await parser.close()


@pytest.mark.anyio
async def test_a_fork_server_that_was_killed_is_replaced(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines("One page and the next. " * 3)] * 2000))
    stream = parser.parse(source)
    assert isinstance(await anext(stream), DocumentInfo)
    boxes = await parser.boxes(source, [(1, 0, 3)])
    left = {one for one in descendants() if not is_tracker(one)}
    for server in psutil.Process().children():
        if not is_tracker(server):
            server.kill()
    with pytest.raises(ParserCrashed):
        await drain(stream)
    assert await parser.boxes(source, [(1, 0, 3)]) == boxes
    assert not left & descendants()


@pytest.mark.anyio
async def test_documents_are_read_side_by_side(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines(f"Page {number}") for number in range(50)]))
    read = await asyncio.gather(*(events(parser, source) for _ in range(6)))
    assert [len(one) for one in read] == [51] * 6


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines("One page and the next. " * 3)] * 2000))
    script = f"""
import asyncio
from pathlib import Path
from app.adapters.parsers.sandbox import SandboxParser
from app.models.domain import Source
async def main():
    parser = SandboxParser()
    stream = parser.parse(Source(Path({str(source.path)!r}), "application/pdf", "x"))
    await anext(stream)
    print("reading", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"reading\n"
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) == 2
        process.kill()
    assert not psutil.wait_procs(family, timeout=10)[1]
