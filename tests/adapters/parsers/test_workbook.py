import datetime
import io
from pathlib import Path

import pytest
import xlsxwriter

from app.adapters.parsers import load
from app.core.errors import EmptyFile
from app.models.domain import DocumentInfo, Page, Source
from tests.adapters.parsers.makers import repacked


def pages(tmp_path: Path, data: bytes) -> list[Page]:
    path = tmp_path / "blob"
    path.write_bytes(data)
    info, *rest = load("workbook")(Source(path, "", "book.xlsx"))
    assert isinstance(info, DocumentInfo)
    return [event for event in rest if isinstance(event, Page)]


def made(*sheets: tuple[str, list[list[object]]], **options: object) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy hh:mm", **options})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def located(found: list[Page]) -> list[str]:
    return [page.locator.value for page in found if page.locator]


def test_long_sheets_are_cut_between_rows_and_repeat_their_headings(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Sales of all regions"], [], ["Region", "2021"], *[[f"R{n}", n] for n in range(250)]]
    found = pages(tmp_path, made(("Q1 results", rows)))
    assert located(found) == ["'Q1 results'!A1:B101", "'Q1 results'!A102:B201", "'Q1 results'!A202:B253"]
    for page in found:
        assert page.text.startswith("Q1 results\n\nSales of all regions\n\nRegion | 2021\n")
    assert found[1].text.endswith("R197 | 197")


def test_a_second_table_after_a_gap_has_its_own_headings(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Name", "City"], ["Ana", "Lima"], [], ["Item", "Price"], ["Tea", 3.5]]
    found = pages(tmp_path, made(("One", rows), ("二", [["单元"]]), ("Empty", [])))
    assert located(found) == ["One!A1:B2", "One!A4:B5", "二!A1:A1"]
    assert found[1].text == "One\n\nItem | Price\nTea | 3.5"


@pytest.mark.parametrize("date_1904", [False, True])
def test_values_are_shown_in_their_meaning(tmp_path: Path, date_1904: bool) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"date_1904": date_1904})
    sheet = book.add_worksheet("Data")
    values: list[tuple[object, str | None]] = [
        (datetime.date(2024, 2, 29), "dd/mm/yyyy"),
        (datetime.datetime(2024, 2, 29, 13, 30), 'd "de" mmm yy h:mm AM/PM'),
        (datetime.time(9, 5), "hh:mm"),
        (1.5625, "[h]:mm:ss"),
        (0.125, "0.0%"),
        (0.1 + 0.2, None),
        (1234567, '#,##0 "days"'),
        (True, None),
        ("=1/0", None),
    ]
    for column, (value, code) in enumerate(values):
        sheet.write(0, column, value, book.add_format({"num_format": code}) if code else None)
    sheet.write_rich_string(1, 0, "bold", book.add_format({"bold": True}), "ly")
    book.close()
    [page] = pages(tmp_path, stream.getvalue())
    shown = page.text.split("\n")[2]
    assert shown == "2024-02-29 | 2024-02-29 13:30:00 | 09:05:00 | 37:30:00 | 12.5% | 0.3 | 1234567 | TRUE | 0"
    assert "boldly" in page.text


def test_inline_strings_and_cells_without_references(tmp_path: Path) -> None:
    cells = '<c t="inlineStr"><is><t>東京</t><rPh><t>トウキョウ</t></rPh></is></c><c/><c><v>7</v></c>'
    sheet = f'<x:worksheet xmlns:x="x"><x:sheetData><row>{cells}</row></x:sheetData></x:worksheet>'
    [page] = pages(tmp_path, repacked(made(("S", [["a"]])), "sheet1.xml", sheet.encode()))
    assert page.text == "S\n\n東京 | 7"
    assert located([page]) == ["S!A1:C1"]


def test_a_million_empty_cells_are_no_text(tmp_path: Path) -> None:
    row = b'<row r="%d">' + b'<c s="1"/>' * 1000 + b"</row>"
    sheet = b"<worksheet><sheetData>" + b"".join(row % n for n in range(1, 1001)) + b"</sheetData></worksheet>"
    with pytest.raises(EmptyFile):
        pages(tmp_path, repacked(made(("S", [["a"]])), "sheet1.xml", sheet))


def test_two_cells_in_opposite_corners_cost_nothing(tmp_path: Path) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("S")
    sheet.write("A1", "first")
    sheet.write("XFD1048576", "last")
    book.close()
    [page] = pages(tmp_path, stream.getvalue())
    assert located([page]) == ["S!A1:XFD1048576"]
