from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from app.adapters.parsers import load
from app.adapters.parsers.sandbox import SandboxParser
from app.models.domain import Page, Source

FONT, SIZE, TIGHT = "Times-BoldItalic", 10, 0.7


def letter_by_letter(text: str) -> bytes:
    """A line as some filings have it: each letter drawn by itself, spaces left out, an "f" wider than its step."""
    file = BytesIO()
    canvas = Canvas(file)
    x = 72.0
    for letter, following in zip(text, [*text[1:], " "], strict=True):
        if letter != " ":
            canvas.setFont(FONT, SIZE)
            canvas.drawString(x, 700, letter)
        x += stringWidth(letter, FONT, SIZE) * (TIGHT if letter == following == "f" else 1)
    canvas.save()
    return file.getvalue()


def stored(tmp_path: Path, text: str) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(letter_by_letter(text))
    return Source(path, "application/pdf", "filing.pdf")


@pytest.mark.parametrize(
    "text",
    [
        "results may be affected by it, differently",
        "turn off the effect of the offer",
        "Off-site staff, if of use, is written off",
    ],
)
def test_the_second_of_two_equal_letters_is_not_lost(tmp_path: Path, text: str) -> None:
    events = load("pdfium")(stored(tmp_path, text))
    assert [event.text for event in events if isinstance(event, Page)] == [text]


@pytest.mark.anyio
async def test_what_stands_behind_it_is_found_at_its_place(tmp_path: Path) -> None:
    source, text = stored(tmp_path, "turn off the effect"), "turn off the effect"
    parser = SandboxParser()
    try:
        (whole,), (word,) = await parser.boxes(source, [(1, 0, len(text)), (1, text.index("effect"), len(text))])
    finally:
        await parser.close()
    assert word[2] == whole[2]
    assert whole[0] < word[0] < whole[2]
