"""Text drawn as a page, its quotes marked: what shows is asked of the picture alone."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.models.domain import Source
from app.models.pictures import WrittenPage

pytestmark = pytest.mark.anyio

YELLOW = (255, 232, 92)
TEXTS = {
    "en": "Revenue grew by 12%. Costs stayed flat.",
    "ar": "بلغت الإيرادات 4.2 مليون يورو. وبقيت التكاليف على حالها.",
    "hi": "राजस्व 12% बढ़कर 42 लाख हो गया। लागत स्थिर रही।",
    "zh": "收入增长了百分之十二。成本保持不变。",
    "th": "รายได้เพิ่มขึ้น 12% เป็น 4.2 ล้านยูโร",
}


@pytest.fixture
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(request_seconds=60))
    yield parser
    await parser.close()


async def drawn(parser: SandboxParser, tmp_path: Path, page: WrittenPage, scale: float = 1.0) -> Image.Image:
    path = tmp_path / "blob"
    path.write_text("never read", encoding="utf-8")
    source = Source(path, "text/markdown", "notes.md")
    return Image.open(io.BytesIO(await parser.render(source, 1, scale=scale, text=page))).convert("RGB")


def columns(image: Image.Image, colour: tuple[int, int, int]) -> list[int]:
    return [x for x in range(image.width) if any(image.getpixel((x, y)) == colour for y in range(0, image.height, 2))]


@pytest.mark.parametrize("language", TEXTS)
async def test_a_quote_is_marked_and_nothing_else(parser: SandboxParser, tmp_path: Path, language: str) -> None:
    text = TEXTS[language]
    plain = await drawn(parser, tmp_path, WrittenPage(text, language))
    assert not columns(plain, YELLOW)
    assert min(plain.convert("L").getextrema()) < 100  # there is ink
    half = await drawn(parser, tmp_path, WrittenPage(text, language, ((0, len(text) // 2),)))
    whole = await drawn(parser, tmp_path, WrittenPage(text, language, ((0, len(text)),)))
    assert 0 < len(columns(half, YELLOW)) < len(columns(whole, YELLOW))
    edge = max if language == "ar" else min  # where the line begins
    assert abs(edge(columns(half, YELLOW)) - edge(columns(whole, YELLOW))) <= 1


async def test_of_a_long_text_the_quote_s_surroundings_are_drawn(parser: SandboxParser, tmp_path: Path) -> None:
    text = "\n".join(f"Line {number} of a long text." for number in range(20_000))
    at = text.index("Line 15000 ")
    image = await drawn(parser, tmp_path, WrittenPage(text, "en", ((at, at + 26),)), scale=0.5)
    assert columns(image, YELLOW)
    assert image.height < 4000


async def test_odd_texts_have_pictures_too(parser: SandboxParser, tmp_path: Path) -> None:
    for text in ("", "\n\n", "x" * 5000, "\u202eabc\u0007\t|", "🙂 emoji", "\U0010ffff"):
        image = await drawn(parser, tmp_path, WrittenPage(text, None, ((0, 10**9), (7, 3))))
        assert image.width == 595
