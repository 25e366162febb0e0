from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import EmptyFile, ParserTimeout
from app.models.domain import BlockKind, DocumentInfo, Page, Source

PAGE = """<!DOCTYPE html><html><head><title> Sales
 report </title><style>p { color: red }</style><script>var hidden = "<p>script</p>";</script></head><body>
<nav><a href="/">Home</a></nav><h1>Sales <em>of</em> 2021</h1><p>First&nbsp;line<br>second   line<!-- no --></p>
<div>Loose text <b>goes</b> on<ul><li>one</li><li><p>two</p></li></ul></div><p hidden>unseen</p>
<p style="display: none">unseen</p><h2>القسم</h2>
<table><caption>In millions</caption><tr><th>Region<th colspan=2>Sales</tr><tr><td>Europe<br>West<td>1<td>2</table>
<table><tr><td><h3>Framed</h3><p>Text in a frame.</p></td></tr></table><pre>a  b
  c</pre></body></html>"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(page_seconds=2))
    yield parser
    await parser.close()


def stored(tmp_path: Path, data: bytes) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, "text/html", "page.html")


def read(source: Source) -> tuple[DocumentInfo, list[Page]]:
    info, *rest = load("webpage")(source)
    assert isinstance(info, DocumentInfo)
    return info, [event for event in rest if isinstance(event, Page)]


def test_what_a_reader_sees_by_section(tmp_path: Path) -> None:
    info, pages = read(stored(tmp_path, PAGE.encode()))
    assert info.title == "Sales report"
    assert [page.locator and page.locator.value for page in pages] == ["Sales of 2021", "Sales of 2021 > القسم"]
    blocks = [(block.kind, page.text[block.start : block.end]) for page in pages for block in page.blocks]
    assert blocks == [
        (BlockKind.HEADING, "Sales of 2021"),
        (BlockKind.TEXT, "First\xa0line\nsecond line"),
        (BlockKind.TEXT, "Loose text goes on"),
        (BlockKind.TEXT, "- one\n- two"),
        (BlockKind.HEADING, "القسم"),
        (BlockKind.TEXT, "In millions"),
        (BlockKind.TABLE, "Region | Sales |\nEurope West | 1 | 2"),
        (BlockKind.HEADING, "Framed"),
        (BlockKind.TEXT, "Text in a frame."),
        (BlockKind.TEXT, "a b\nc"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "shift_jis"])
def test_encodings_are_found_or_declared(tmp_path: Path, encoding: str) -> None:
    html = '<html><meta charset="Shift_JIS"><p>売上高が増加した。</p></html>'
    _, [page] = read(stored(tmp_path, html.encode(encoding)))
    assert page.text == "売上高が増加した。"


def test_a_page_that_shows_nothing(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        read(stored(tmp_path, b"<html><script>write()</script>"))


def test_deep_nesting_is_read(tmp_path: Path) -> None:
    _, [page] = read(stored(tmp_path, b"<html>" + b"<div>" * 2000 + b"deep"))
    assert page.text == "deep"


@pytest.mark.anyio
async def test_nesting_without_end_runs_into_the_clock(parser: SandboxParser, tmp_path: Path) -> None:
    with pytest.raises(ParserTimeout):
        async for _ in parser.parse(stored(tmp_path, b"<html>" + b"<div>" * 1_000_000 + b"deep")):
            pass
