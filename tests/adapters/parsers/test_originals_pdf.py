"""PDFs with other text in the places of theirs, written by the confined child."""

from collections.abc import AsyncIterator, Callable
from itertools import combinations
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import EmptyFile
from app.models.domain import Source
from app.models.originals import Misfit, Setting, Unit
from tests.adapters.parsers import pdfs

pytestmark = pytest.mark.anyio
REPORT = Path(__file__).parents[3] / "data" / "samples" / "aurora-annual-report-2025.pdf"
SOURCE = Source(REPORT, "application/pdf", REPORT.name)
WORDS = {
    "de": "Die Überprüfung der Pegel fiel größer aus",
    "ar": "تم رفع تقرير الإيرادات السنوية إلى المجلس",
    "he": "הדוח השנתי הוגש לדירקטוריון",
    "hi": "वार्षिक राजस्व रिपोर्ट प्रस्तुत की गई",
    "th": "รายงานรายได้ประจำปีถูกส่งแล้ว",
    "zh-Hans": "年度收入报告已按时提交给董事会审阅",
}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(seconds=60, page_seconds=30))
    yield parser
    await parser.close()


@pytest.fixture(scope="module")
async def units(parser: SandboxParser, anyio_backend: str) -> list[Unit]:
    return await parser.units(SOURCE)


async def written(
    parser: SandboxParser, units: list[Unit], language: str, say: Callable[[str], str]
) -> tuple[pdfium.PdfDocument, list[Misfit]]:
    texts = {number: say(unit.text) for number, unit in enumerate(units)}
    events = [event async for event in parser.rewrite(SOURCE, texts, Setting(language, language in ("ar", "he")))]
    data = b"".join(event for event in events if isinstance(event, bytes))
    return pdfium.PdfDocument(data), [event for event in events if isinstance(event, Misfit)]


def as_long(words: str) -> Callable[[str], str]:
    """Of a length like the original's, cut between words."""

    def say(text: str) -> str:
        room = len(text) if " " in words else len(text) // 3
        said = f"{words} " * (room // len(words) + 1)
        return said[: room + 1].rpartition(" ")[0] or words.split()[0]

    return say


def text_of(document: pdfium.PdfDocument, number: int = 0) -> str:
    page = document[number]
    return page.get_textpage().get_text_bounded()


def test_units_are_paragraphs_and_cells_without_figures(units: list[Unit]) -> None:
    texts = [unit.text for unit in units]
    assert "Annual Report 2025" in texts
    assert "Research and development expense" in texts
    assert any(text.startswith("In 2025 Aurora") and text.endswith("two months early.") for text in texts)
    assert not any(text.strip("()").replace(".", "").isdigit() for text in texts)


@pytest.mark.parametrize("language", WORDS)
async def test_each_script_is_set_and_figures_stay(parser: SandboxParser, units: list[Unit], language: str) -> None:
    document, misfits = await written(parser, units, language, as_long(WORDS[language]))
    assert misfits == []
    found = text_of(document, 2)
    assert all(figure in found for figure in ("184.2", "163.9", "(24.8)"))
    assert "expense" not in found
    letters = set(WORDS[language]) - set(" 0123456789")
    assert sum(character in letters for character in found) > 30
    boxes = [page_object.get_bounds() for page_object in document[2].get_objects() if page_object.type == 1]
    inside = [(left, bottom, right, top) for left, bottom, right, top in boxes if right - left > 8]
    overlaps = [
        (one, other)
        for one, other in combinations(inside, 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > 8 and min(one[3], other[3]) - max(one[1], other[1]) > 3
    ]
    assert overlaps == []


async def test_thai_vowels_stay_with_their_consonants(parser: SandboxParser, units: list[Unit]) -> None:
    document, _ = await written(parser, units, "th", as_long("ความปลอดภัยและโครงการไทยให้ประชาชน"))
    lines = [line for number in range(len(document)) for line in text_of(document, number).splitlines()]
    thai = [line for line in lines if any("\u0e01" <= character <= "\u0e4e" for character in line)]
    assert len(thai) > 20
    assert not [line for line in thai if line[0] in "ะาำๆฯ" or line[-1] in "เแโใไ"]


async def test_what_has_no_room_is_told_and_the_original_stays(parser: SandboxParser, units: list[Unit]) -> None:
    index = next(number for number, unit in enumerate(units) if unit.text.startswith("In 2025 Aurora"))
    document, misfits = await written(
        parser, units, "de", lambda text: text * 9 if text == units[index].text else text.upper()
    )
    assert misfits == [Misfit(index, "no_room")]
    assert "ten-thousandth tide gauge" in text_of(document)
    assert "NOT EVERYTHING WENT WELL" in text_of(document)


async def test_characters_without_a_glyph_are_told(parser: SandboxParser, units: list[Unit]) -> None:
    _, misfits = await written(parser, units, "de", lambda text: "𓀀𓀁" if text == "Annual Report 2025" else text.upper())
    assert [misfit.reason for misfit in misfits] == ["no_font"]


async def test_pictures_of_text_hold_none(parser: SandboxParser, tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(pdfs.make([""]))
    with pytest.raises(EmptyFile):
        await parser.units(Source(path, "application/pdf", "scan.pdf"))


async def test_rows_of_a_table_stay_rows_though_each_column_is_written_for_itself(
    parser: SandboxParser, tmp_path: Path
) -> None:
    words = ("Standard rate band of the year", "Income tax liability of it all", "Less the credits for taxes paid")
    path = tmp_path / "blob"
    path.write_bytes(pdfs.make([[*pdfs.lines(*words), *pdfs.lines("32,000", "3,508", "1,872", x=300)]]))
    units = await parser.units(Source(path, "application/pdf", "table.pdf"))
    assert [unit.text for unit in units] == list(words)
