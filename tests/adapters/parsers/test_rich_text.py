from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.core.errors import EmptyFile, UnreadableDocument
from app.models.domain import BlockKind, DocumentInfo, Page, Source
from tests.adapters.parsers.makers import rich_text, rtf_text


def read(tmp_path: Path, data: bytes) -> tuple[DocumentInfo, list[Page]]:
    path = tmp_path / "blob"
    path.write_bytes(data)
    info, *pages = load("rich_text")(Source(path, "application/rtf", "a.rtf"))
    assert isinstance(info, DocumentInfo)
    return info, pages


def text_of(tmp_path: Path, body: str) -> str:
    return read(tmp_path, body.encode("latin-1"))[1][0].text


def test_headings_by_style_name_and_by_outline_level(tmp_path: Path) -> None:
    info, pages = read(tmp_path, rich_text())
    assert info.title == "Figures"
    assert [page.locator and page.locator.value for page in pages] == ["Sales", "Sales > By region"]
    kinds = [block.kind for block in pages[1].blocks]
    assert kinds == [BlockKind.HEADING, BlockKind.TABLE, BlockKind.TEXT]
    assert pages[0].text.startswith("Confidential")
    assert pages[0].blocks[0].kind is BlockKind.FURNITURE


def test_code_pages_of_the_document_and_of_its_fonts(tmp_path: Path) -> None:
    fonts = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Mincho;}{\f3\fcharset178 A;}}"
    russian = "".join(rf"\'{byte:02x}" for byte in "Привет".encode("cp1251"))
    # The second byte of a character may be written as the letter that it is.
    japanese = "".join(chr(byte) if 0x40 <= byte < 0x5B else rf"\'{byte:02x}" for byte in "アテスト".encode("cp932"))
    arabic = "".join(rf"\'{byte:02x}" for byte in "مرحبا".encode("cp1256"))
    told = text_of(
        tmp_path, rf"{{\rtf1\ansi\ansicpg1252{fonts}caf\'e9 {{\f1 {russian}}} {{\f2 {japanese}}} {{\f3 {arabic}}}\par}}"
    )
    assert told == "café Привет アテスト مرحبا"
    central = r"{\rtf1\ansi\ansicpg1250 \'9elut\'fd}"
    assert text_of(tmp_path, central) == "žlutý"


def test_unicode_with_what_older_readers_show_instead(tmp_path: Path) -> None:
    assert text_of(tmp_path, rf"{{\rtf1 {rtf_text('हिन्दी 😀 தமிழ்')} end}}") == "हिन्दी 😀 தமிழ் end"
    assert text_of(tmp_path, r"{\rtf1\uc2 \u8364 EUb{\uc0 \u8364 c}\u8364\'80\'80 d}") == "€b€c€ d"


def test_nothing_but_the_text(tmp_path: Path) -> None:
    body = (
        r"{\rtf1{\colortbl;\red0;}{\*\generator Word 97;}{\pict\pngblip 89504e47}{\field{\*\fldinst HYPERLINK "
        r'"http://x"}{\fldrslt link}} {\v hidden}{\deleted gone}\{kept\}\~x{\bin4 }}\par'
    )
    body = body.replace(r"{\bin4 }", r"{\bin4 }{}\}") + r"{\footnote A note.}}"
    assert text_of(tmp_path, body) == "link {kept}\u00a0x\n\nA note."


def test_a_footnote_is_a_paragraph_of_its_own(tmp_path: Path) -> None:
    told = text_of(tmp_path, r"{\rtf1 It grew.{\footnote Before tax.} Then it fell.\par}")
    assert told == "Before tax.\n\nIt grew. Then it fell."


def test_list_items_stand_together(tmp_path: Path) -> None:
    items = "".join(rf"\pard{{\listtext\'b7\tab}}{name}\par" for name in ("one", "two"))
    assert text_of(tmp_path, rf"{{\rtf1 Before\par {items}\pard After\par}}") == "Before\n\n- one\n- two\n\nAfter"


@pytest.mark.parametrize("data", [b"{\\rtf1}", b"{\\rtf1 \\par\\par}", b"{\\rtf1{\\pict 00}}"])
def test_nothing_to_read(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptyFile):
        read(tmp_path, data)


def test_groups_within_groups_without_end(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        read(tmp_path, b"{\\rtf1" + b"{" * 1_000_000)


@pytest.mark.parametrize(
    "data",
    [
        rich_text()[:-40],
        b"{\\rtf1 a}}}}}} b",
        b"{\\rtf1 \\u99999999999 a\\bin999999999 b",
        b"{\\rtf1\\ansicpg99999 a\\'zz\\",
        b"{\\rtf1 \\uc-5\\u65? a \\cell\\row\\cell}",
    ],
    ids=["cut", "closed", "numbers", "escapes", "cells"],
)
def test_damage_costs_no_more_than_what_it_hit(tmp_path: Path, data: bytes) -> None:
    assert "a" in read(tmp_path, data)[1][0].text
