import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logic.filenames import MAX_BYTES, UNNAMED, clean_filename


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\Users\\Ann\\report.pdf", "report.pdf"),
        ("/absolute/report.pdf", "report.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("line\r\nbreak.pdf", "linebreak.pdf"),
        ("paragraph\u2029.pdf", "paragraph.pdf"),
        ("  padded.pdf  ", "padded.pdf"),
        ("📄 summary 👩‍💻.pdf", "📄 summary 👩‍💻.pdf"),
        ("报告 2023.pdf", "报告 2023.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("प्रतिवेदन हिन्दी.pdf", "प्रतिवेदन हिन्दी.pdf"),
        ("รายงาน.pdf", "รายงาน.pdf"),
        ("re\u0301sume\u0301.pdf", "résumé.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\ud800x.pdf", "x.pdf"),
        ("résumé.pdf".encode().decode("latin-1"), "résumé.pdf"),
        ("报告.pdf".encode().decode("latin-1"), "报告.pdf"),
        ("Ã.pdf", "Ã.pdf"),
        (".gitignore", ".gitignore"),
    ],
)
def test_names(raw: str, clean: str) -> None:
    assert clean_filename(raw) == clean


@pytest.mark.parametrize("raw", ["", ".", "..", "/", "a/", "\\", "   ", "\0\x01", "../.."])
def test_a_name_is_never_empty(raw: str) -> None:
    assert clean_filename(raw) == UNNAMED


@pytest.mark.parametrize("letter", ["a", "é", "报", "हि", "📄"])
def test_a_long_name_keeps_its_extension_and_whole_characters(letter: str) -> None:
    name = clean_filename(letter * 300 + ".pdf")
    assert MAX_BYTES - 8 <= len(name.encode()) <= MAX_BYTES
    assert name.endswith(".pdf")
    assert set(name.removesuffix(".pdf")) <= set(letter)


def test_an_endless_extension_is_cut_too() -> None:
    assert clean_filename("a." + "b" * 300) == "a." + "b" * 253


@given(st.text(max_size=400))
def test_any_text_gives_a_name_that_can_be_stored_and_shown(raw: str) -> None:
    name = clean_filename(raw)
    assert 0 < len(name.encode()) <= MAX_BYTES
    assert not set(name) & set("/\\\0\r\n")
    assert name == unicodedata.normalize("NFC", name)
