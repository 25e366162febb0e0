import pytest
from selectolax.lexbor import LexborHTMLParser

from app.logic.translation_outputs import Said, Sheet, to_bilingual_html, to_html, to_markdown
from app.logic.translation_pages import outline, segments
from app.models.domain import Block, BlockKind, Page

TEXT = "Rules <b>\n\nThe harbour\nopens early.\n- one fish\n- two\n\nShip | Length\nAurora | 120 m\n\npage 1 of 2"
PAGES = [
    Page(
        3,
        TEXT,
        (
            Block(BlockKind.HEADING, 0, 9, 2),
            Block(BlockKind.TEXT, 11, TEXT.index("\n\nShip")),
            Block(BlockKind.TABLE, TEXT.index("Ship |"), TEXT.index("\n\npage")),
            Block(BlockKind.FURNITURE, TEXT.index("page 1"), len(TEXT)),
        ),
    ),
    Page(4, "轮船\n离开 <script>alert()</script>"),
]


def sheet(target: str = "ar", failed: int | None = None) -> Sheet:
    pieces = outline(PAGES)
    said = {index: Said(f"«{index}&»", index == failed) for index, _ in enumerate(segments(pieces))}
    return Sheet(pieces, said, "A & B", "en", target)


def test_pages_become_segments_without_running_lines() -> None:
    found = [(page, piece.text) for page, piece in segments(outline(PAGES))]
    assert found == [
        (3, "Rules <x1/>"), (3, "The harbour opens early."), (3, "one fish"), (3, "two"), (3, "Ship"), (3, "Length"),
        (3, "Aurora"), (4, "轮船离开 <x1/><x2/><x3/>"),
    ]  # fmt: skip


def test_markdown() -> None:
    assert to_markdown(sheet()) == (
        '<a id="page-3"></a>\n\n## «0&amp;»\n\n«1&amp;»\n\n- «2&amp;»\n\n- «3&amp;»\n\n'
        "| «4&amp;» | «5&amp;» |\n| --- | --- |\n| «6&amp;» | 120 m |\n\n"
        '<a id="page-4"></a>\n\n«7&amp;»\n'
    )


@pytest.mark.parametrize("write", [to_html, to_bilingual_html])
def test_html_is_whole_and_runs_nothing_of_the_document(write: object) -> None:
    text = write(sheet(failed=1))  # type: ignore[operator]
    tree = LexborHTMLParser(text)
    assert tree.css("script") == []
    assert [node.text() for node in tree.css("mark.untranslated")] == ["«1&»"]
    assert tree.css_first("title").text() == "A & B"
    assert {node.attributes["id"] for node in tree.css("[id]")} == {"page-3", "page-4"}
    assert tree.css_first("[dir=rtl]") is not None


def test_bilingual_html_stands_side_by_side() -> None:
    tree = LexborHTMLParser(to_bilingual_html(sheet("de")))
    rows = [[cell.text(strip=True) for cell in row.css("td[lang]")] for row in tree.css(".bilingual > tbody > tr")]
    assert rows[0] == ["Rules <b>", "«0&»"]
    assert rows[1] == ["The harbour opens early.", "«1&»"]
    assert len(rows) == 6
