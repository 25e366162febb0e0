import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import UnreadableDocument
from app.models.domain import Box, Page, Source
from tests.adapters.parsers import pdfs

pytestmark = pytest.mark.anyio


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(seconds=20, request_seconds=10))
    yield parser
    await parser.close()


def stored(tmp_path: Path, data: bytes, name: str = "blob") -> Source:
    path = tmp_path / name
    path.write_bytes(data)
    return Source(path, "application/pdf", "report.pdf")


async def find(parser: SandboxParser, source: Source, quote: str) -> tuple[Box, ...]:
    """The boxes of a quote, found in the text as it was parsed."""
    async for event in parser.parse(source):
        if isinstance(event, Page) and quote in event.text:
            start = event.text.index(quote)
            return (await parser.boxes(source, [(event.number, start, start + len(quote))]))[0]
    raise AssertionError("the quote is not in the text")


def near(box: Box, expected: Box) -> bool:
    return all(abs(one - other) < 3 for one, other in zip(box, expected, strict=True))


async def test_a_quote_is_one_box_a_line(parser: SandboxParser, tmp_path: Path) -> None:
    # Ten points high, five wide; the page is 842 points high.
    source = stored(tmp_path, pdfs.make([pdfs.lines("First line of text", "second line of text", top=700)]))
    boxes = await find(parser, source, "line of text\nsecond")
    assert len(boxes) == 2
    assert near(boxes[0], (72 + 6 * 5, 134, 72 + 18 * 5, 144))
    assert near(boxes[1], (72, 148, 72 + 6 * 5, 158))


async def test_boxes_are_those_of_the_page_as_it_is_shown(parser: SandboxParser, tmp_path: Path) -> None:
    page = [pdfs.lines("Turned by a quarter", top=700)]
    turned = stored(tmp_path, pdfs.make(page, page_entries="/Rotate 90"), "turned")
    (box,) = await find(parser, turned, "Turned")
    assert near(box, (698, 72, 708, 72 + 30))
    cropped = stored(tmp_path, pdfs.make(page, page_entries="/CropBox [50 100 500 750]"), "cropped")
    (box,) = await find(parser, cropped, "Turned")
    assert near(box, (22, 42, 22 + 30, 52))


@pytest.mark.parametrize(
    "quote",
    [
        "हिन्दी में €100 — “quote” தமிழ்",
        "emoji 😀 end",
        "the example goes",
        "été",
        "office",
        "中文文本在这里没有空格的长句子写满一行下一行继续",
    ],
)
async def test_boxes_follow_text_that_was_rewritten(parser: SandboxParser, tmp_path: Path, quote: str) -> None:
    texts = [
        "हिन्दी में €100 — “quote” தமிழ்",
        "emoji 😀 end",
        "an example: the exam-",
        "ple goes on",
        "e\u0301te\u0301 oﬃce",
        "中文文本在这里没有空格的长句子写满一行",
        "下一行继续这个句子直到段落结束。",
    ]
    source = stored(tmp_path, pdfs.make([pdfs.lines(*texts)]))
    boxes = await find(parser, source, quote)
    assert boxes
    assert all(72 <= x0 < x1 <= 300 and 60 <= y0 < y1 <= 170 for x0, y0, x1, y1 in boxes)


async def test_spans_outside_the_text_have_no_boxes(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines("short")]))
    assert await parser.boxes(source, [(2, 0, 5), (0, 0, 5), (1, 3, 3), (1, 50, 60), (1, -5, 2)]) == [
        (),
        (),
        (),
        (),
        (await parser.boxes(source, [(1, 0, 2)]))[0],
    ]


async def test_a_file_that_was_replaced_is_read_again(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines("short")]))
    (one,) = (await parser.boxes(source, [(1, 0, 5)]))[0]
    stored(tmp_path, pdfs.make([pdfs.lines("short", top=400)]))
    (other,) = (await parser.boxes(source, [(1, 0, 5)]))[0]
    assert other[1] - one[1] == pytest.approx(370, abs=1)


async def test_more_documents_than_stay_open(parser: SandboxParser, tmp_path: Path) -> None:
    sources = [stored(tmp_path, pdfs.make([pdfs.lines("same place")]), str(number)) for number in range(9)]
    first = [await parser.boxes(source, [(1, 0, 4)]) for source in sources]
    assert [await parser.boxes(source, [(1, 0, 4)]) for source in sources] == first
    assert len(set(map(str, first))) == 1


async def test_a_damaged_file_has_no_boxes_and_the_next_request_is_served(
    parser: SandboxParser, tmp_path: Path
) -> None:
    bad = stored(tmp_path, b"no PDF", "bad")
    assert await parser.boxes(bad, [(1, 0, 1), (2, 0, 1)]) == [(), ()]
    with pytest.raises(UnreadableDocument):
        await parser.render(bad, 1, scale=1.0)
    with pytest.raises(UnreadableDocument):
        await parser.render(Source(tmp_path / "gone", "application/pdf", "x"), 1, scale=1.0)
    assert (await parser.boxes(stored(tmp_path, pdfs.make([pdfs.lines("fine")])), [(1, 0, 4)]))[0]


async def test_a_dead_child_is_replaced(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines("fine")]))
    others = set(psutil.Process().children())
    boxes = await parser.boxes(source, [(1, 0, 4)])
    (server,) = set(psutil.Process().children()) - others
    (child,) = server.children()
    child.kill()
    assert await parser.boxes(source, [(1, 0, 4)]) == boxes


async def test_a_caller_who_leaves_does_not_spoil_the_next_reply(parser: SandboxParser, tmp_path: Path) -> None:
    source = stored(tmp_path, pdfs.make([pdfs.lines("one two three")]))
    expected = await parser.boxes(source, [(1, 4, 7)])
    leaving = asyncio.ensure_future(parser.boxes(source, [(1, 0, 3)]))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await parser.boxes(source, [(1, 4, 7)]) == expected


async def test_words_that_white_space_alone_parts_are_parted_and_keep_their_places(
    parser: SandboxParser, tmp_path: Path
) -> None:
    runs = [pdfs.Run(72, 700, "2.5"), pdfs.Run(72 + 15 + 1.4, 700, "Base Pay"), *pdfs.lines("more text", top=640)]
    source = stored(tmp_path, pdfs.make([runs]))
    (box,) = await find(parser, source, "2.5 Base Pay")
    assert near(box, (72, 134, 72 + 15 + 1.4 + 40, 144))
    (box,) = await find(parser, source, "Base")
    assert near(box, (72 + 15 + 1.4, 134, 72 + 15 + 1.4 + 20, 144))
