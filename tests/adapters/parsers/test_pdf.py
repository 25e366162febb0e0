import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from app.adapters.parsers import load
from app.adapters.parsers.pdf_document import open_document
from app.adapters.parsers.pdf_page import PdfPage
from app.core.errors import PasswordRequired, UnreadableDocument
from app.models.domain import BlockKind, DocumentInfo, Page, ParseEvent, ParseWarning, Source
from tests.adapters.parsers import pdfs

SAMPLE = "हिन्दी में €100 — “quote” தமிழ்"
BOTH = pytest.mark.parametrize("reader", ["pdfium", "pypdf"])


def stored(tmp_path: Path, data: bytes, password: str | None = None) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, "application/pdf", "report.pdf", password)


def read(reader: str, source: Source) -> list[ParseEvent]:
    return list(load(reader)(source))


def pages(events: list[ParseEvent]) -> list[Page]:
    return [event for event in events if isinstance(event, Page)]


def warnings(events: list[ParseEvent]) -> list[tuple[str, int | None]]:
    return [(event.code, event.page) for event in events if isinstance(event, ParseWarning)]


@BOTH
def test_text_of_many_scripts_is_read_whole(reader: str, tmp_path: Path) -> None:
    texts = [SAMPLE, "ภาษาไทย ทดสอบ", "日本語のテスト", "한국어 시험", "emoji 😀", "été ÅÄÖ ß"]
    (page,) = pages(read(reader, stored(tmp_path, pdfs.make([pdfs.lines(*texts, leading=30)]))))
    assert [line for line in page.text.split("\n") if line] == texts


@BOTH
def test_title_and_metadata(reader: str, tmp_path: Path) -> None:
    data = pdfs.make([pdfs.lines("x")], info="/Title (Annual Report) /Author <FEFF00C9>")
    info = read(reader, stored(tmp_path, data))[0]
    assert isinstance(info, DocumentInfo)
    assert (info.page_count, info.parser, info.title) == (1, reader, "Annual Report")
    assert info.metadata["Author"] == "É"


@BOTH
def test_page_labels(reader: str, tmp_path: Path) -> None:
    labels = "/PageLabels << /Nums [0 << /S /r >> 2 << /S /D /St 7 >>] >>"
    data = pdfs.make([pdfs.lines(word) for word in ("one", "two", "three", "four")], catalog=labels)
    assert [page.label for page in pages(read(reader, stored(tmp_path, data)))] == ["i", "ii", "7", "8"]


@BOTH
def test_without_page_labels_there_are_none(reader: str, tmp_path: Path) -> None:
    (page,) = pages(read(reader, stored(tmp_path, pdfs.make([pdfs.lines("x")]))))
    assert page.label is None


@BOTH
def test_the_size_is_that_of_the_page_as_it_is_shown(reader: str, tmp_path: Path) -> None:
    data = pdfs.make([pdfs.lines("x")], page_entries="/Rotate 270 /CropBox [0 0 300 500]")
    (page,) = pages(read(reader, stored(tmp_path, data)))
    assert (page.width, page.height) == (500, 300)


@BOTH
def test_passwords(reader: str, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(BytesIO(pdfs.make([pdfs.lines("secret text")])))
    writer.encrypt("пароль", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    for password in (None, "wrong"):
        with pytest.raises(PasswordRequired):
            read(reader, stored(tmp_path, out.getvalue(), password))
    (page,) = pages(read(reader, stored(tmp_path, out.getvalue(), "пароль")))
    assert page.text == "secret text"


@BOTH
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n%%EOF", b"plain text", b"\0" * 2000, b"%PDF-1.4\n" + b"\xff" * 5000])
def test_what_is_no_pdf_is_unreadable(reader: str, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read(reader, stored(tmp_path, data))


@BOTH
def test_values_of_form_fields_are_text(reader: str, tmp_path: Path) -> None:
    fields = [
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [72 600 300 620] {entries} >>"
        for entries in (
            "/T (applicant.name) /TU (Name) /V (Ada Lovelace)",
            "/T (empty) /V ()",
            "/T (city) /V <FEFF67714EAC>",
        )
    ]
    data = pdfs.make(
        [pdfs.lines("Application")],
        objects=fields,
        page_entries="/Annots [1 0 R 2 0 R 3 0 R]",
        catalog="/AcroForm << /Fields [1 0 R 2 0 R 3 0 R] >>",
    )
    (page,) = pages(read(reader, stored(tmp_path, data)))
    assert page.text == "Application\nName: Ada Lovelace\ncity: 東京"


def test_text_boxes_on_a_page_are_text(tmp_path: Path) -> None:
    note = "<< /Type /Annot /Subtype /FreeText /Contents <FEFF005B8A62005D> /Rect [72 600 300 620] >>"
    data = pdfs.make([pdfs.lines("Letter")], objects=[note], page_entries="/Annots [1 0 R]")
    (page,) = pages(read("pdfium", stored(tmp_path, data)))
    assert page.text == "Letter\n[詢]"


def test_a_form_value_has_a_box(tmp_path: Path) -> None:
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [72 600 300 620] >>"
    data = pdfs.make(
        [pdfs.lines("Form")], objects=[field], page_entries="/Annots [1 0 R]", catalog="/AcroForm << /Fields [1 0 R] >>"
    )
    page = PdfPage(open_document(stored(tmp_path, data)), 0, Second(""))
    assert page.text == "Form\nname: Ada"
    assert page.boxes(5, 14) == ((72, 222, 300, 242),)
    assert len(page.boxes(0, 14)) == 2
    page.close()


def test_a_damaged_page_is_a_warning_and_the_others_are_read(tmp_path: Path) -> None:
    data = pdfs.make([pdfs.lines("one"), pdfs.lines("two"), pdfs.lines("three")])
    second_page = data.rindex(b"/Type /Page ", 0, data.rindex(b"/Type /Page "))
    events = read("pdfium", stored(tmp_path, data[:second_page] + b"/Type /Pug " + data[second_page + 11 :]))
    assert [page.number for page in pages(events)] == [1, 2, 3]
    assert pages(events)[0].text == "one"
    assert pages(events)[2].text == "three"


def test_a_scan_is_told_and_a_blank_page_is_not(tmp_path: Path) -> None:
    events = read("pdfium", stored(tmp_path, scan([], [pdfs.Run(400, 20, "RECEIVED 12")])))
    assert warnings(events) == [("no_text_layer", 1), ("no_text_layer", 2)]
    assert [page.has_text_layer for page in pages(events)] == [False, False]
    assert pages(events)[1].text == "RECEIVED 12"
    blank = read("pdfium", stored(tmp_path, pdfs.make([[], pdfs.lines("x")])))
    assert warnings(blank) == []
    assert pages(blank)[0].has_text_layer


def scan(*pages: list[pdfs.Run]) -> bytes:
    """Pages that a picture fills."""
    picture = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    )
    return pdfs.make(pages, objects=[f"{picture}\nstream\n~\nendstream"], picture=1)


def test_rubbish_is_told(tmp_path: Path) -> None:
    data = pdfs.make([pdfs.lines("\ue001\ue002\ue003\ue004 \ue005\ue006\ue007\ue008")])
    assert warnings(read("pdfium", stored(tmp_path, data))) == [("bad_text_layer", 1)]


class Second:
    """pypdf's part, with a text of our own."""

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self, index: int) -> str:
        return self._text


def test_pypdf_is_asked_where_pdfium_gives_rubbish(tmp_path: Path) -> None:
    data = pdfs.make([pdfs.lines("\ue001\ue002\ue003 one \ue004\ue005\ue006 two \ue004\ue005\ue006")])
    page = PdfPage(open_document(stored(tmp_path, data)), 0, Second("There is one and two"))
    assert (page.text, page.quality) == ("There is one and two", "good")
    assert len(page.boxes(9, 12)) == 1, "found again by its letters"
    assert page.boxes(0, 8) == ()
    assert [(line.start, line.end) for line in page.lines()] == [(0, 20)]
    page.close()


def test_a_file_that_cannot_be_repaired_is_read_by_pypdf(tmp_path: Path) -> None:
    data = pdfs.make([pdfs.lines("Saved by the second parser")])
    without_root = re.sub(rb"/Root \d+ 0 R", b"", data)  # nor can it be written anew
    info, *rest = read("pdfium", stored(tmp_path, without_root))
    assert isinstance(info, DocumentInfo)
    assert info.parser == "pypdf"
    assert [page.text for page in pages(rest)] == ["Saved by the second parser"]


def test_rows_of_a_table_stay_on_one_line_however_far_apart_its_cells_are(tmp_path: Path) -> None:
    cells = [
        pdfs.Run(x, 700 - 14 * row, text)
        for row, texts in enumerate((("Sales", "1,200", "1,100"), ("Costs", "900", "800"), ("Profit", "300", "300")))
        for x, text in zip((72, 300, 500), texts, strict=True)
    ]
    (page,) = pages(read("pdfium", stored(tmp_path, pdfs.make([cells]))))
    assert page.text == "Sales 1,200 1,100\nCosts 900 800\nProfit 300 300"
    assert [block.kind for block in page.blocks] == [BlockKind.TABLE]


def test_what_the_page_does_not_show_is_not_its_text(tmp_path: Path) -> None:
    spread = [*pdfs.lines("left page", "of the spread"), *pdfs.lines("right page", "of the spread", x=372)]
    data = pdfs.make([spread], page_entries="/CropBox [300 0 595 842]")
    (page,) = pages(read("pdfium", stored(tmp_path, data)))
    assert page.text == "right page\nof the spread"
    assert len(PdfPage(open_document(stored(tmp_path, data)), 0, Second("")).boxes(0, 10)) == 1


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = pdfs.lines(*(f"left line {n} of the column" for n in range(20)))
    right = pdfs.lines(*(f"right line {n} of the column" for n in range(20)), x=320)
    (page,) = pages(read("pdfium", stored(tmp_path, pdfs.make([left + right]))))
    assert page.text.split("\n") == [run.text for run in left + right]


COLUMN = (
    "many words of one column",
    "go on from line to line",
    "while the other one has",
    "nothing to do with them",
    "at all, and yet a file",
    "may hold both by rows",
    "so that they mingle there",
    "unless someone minds it",
)


def test_two_columns_that_are_drawn_row_by_row_are_read_one_after_the_other(tmp_path: Path) -> None:
    runs = [pdfs.Run(72, 780, "A title over both of the columns of this page, as wide as they are, or wider")]
    for number, text in enumerate(COLUMN):
        runs += [pdfs.Run(72, 750 - 14 * number, text), pdfs.Run(260, 750 - 14 * number, text.upper())]
    source = stored(tmp_path, pdfs.make([[*runs, pdfs.Run(72, 400, "and a line under them")]]))
    (page,) = pages(read("pdfium", source))
    assert page.text.split("\n") == [
        runs[0].text,
        *COLUMN,
        *(text.upper() for text in COLUMN),
        "and a line under them",
    ]
    shown = PdfPage(open_document(source), 0, Second(""))
    ((x0, y0, x1, _),) = shown.boxes(page.text.index("THERE"), page.text.index("THERE") + 5)
    assert 355 < x0 < x1 < 400
    assert 842 - 750 + 14 * 6 - 12 < y0 < 842 - 750 + 14 * 6
    shown.close()


def test_a_table_of_words_is_no_prose_in_columns(tmp_path: Path) -> None:
    rows = [
        ("name of the person", "town and country"),
        ("Ada", "a very long name of a town"),
        ("Bob Bobson Junior", "Rome"),
    ]
    runs = [
        pdfs.Run(x, 750 - 14 * number, cell)
        for number, cells in enumerate(rows * 4)
        for x, cell in zip((72, 260), cells, strict=True)
    ]
    (page,) = pages(read("pdfium", stored(tmp_path, pdfs.make([runs]))))
    assert page.text.split("\n") == [" ".join(cells) for cells in rows * 4]


def report() -> Iterator[list[pdfs.Run]]:
    for number in range(1, 13):
        yield [
            pdfs.Run(72, 800, "Company Report 2021", 8),
            pdfs.Run(72, 760, f"{number}. Chapter about {'abcdefghijkl'[number - 1] * 6}", 16, bold=True),
            *pdfs.lines(
                *(f"Text {n} of chapter {'abcdefghijkl'[number - 1]} goes on and on." for n in range(9)), top=730
            ),
            pdfs.Run(290, 30, str(number), 8),
        ]


def test_headings_text_and_furniture_over_a_document(tmp_path: Path) -> None:
    for page in pages(read("pdfium", stored(tmp_path, pdfs.make(list(report()))))):
        kinds = [(block.kind, page.text[block.start : block.end].split("\n")[0]) for block in page.blocks]
        assert kinds[0] == (BlockKind.FURNITURE, "Company Report 2021")
        assert kinds[1] == (BlockKind.HEADING, f"{page.number}. Chapter about {'abcdefghijkl'[page.number - 1] * 6}")
        assert {kind for kind, _ in kinds[2:-1]} == {BlockKind.TEXT}
        assert kinds[-1] == (BlockKind.FURNITURE, str(page.number))


def test_the_outline_names_headings(tmp_path: Path) -> None:
    outline = [
        "<< /Type /Outlines /First 2 0 R /Last 2 0 R /Count 1 >>",
        "<< /Title (Overview) /Parent 1 0 R /Dest [0 /Fit] >>",
    ]
    text = pdfs.lines("Overview", *["A line of the text that fills the column as it should."] * 5)
    (page,) = pages(read("pdfium", stored(tmp_path, pdfs.make([text], objects=outline, catalog="/Outlines 1 0 R"))))
    assert (page.blocks[0].kind, page.blocks[0].level) == (BlockKind.HEADING, 1)


def test_arabic_that_a_browser_printed_reads_from_right_to_left() -> None:
    path = Path(__file__).parents[3] / "data" / "samples" / "customer-charter.pdf"
    page = pages(read("pdfium", Source(path, "application/pdf", "charter.pdf")))[1]
    assert "يمكن إرجاع البضائع خلال ثلاثين" in page.text
    assert "يقع مركز\nالخدمة في ميناء الإسكندرية." in page.text
