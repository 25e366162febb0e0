from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.core.errors import EmptyFile, UnreadableDocument
from app.models.domain import DocumentInfo, Page, ParseWarning, Source


def read(tmp_path: Path, data: str | bytes) -> tuple[list[Page], list[str]]:
    path = tmp_path / "blob"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    info, *rest = load("delimited")(Source(path, "text/csv", "table.csv"))
    assert isinstance(info, DocumentInfo)
    warnings = [event.code for event in rest if isinstance(event, ParseWarning)]
    return [event for event in rest if isinstance(event, Page)], warnings


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_delimiter_quotes_and_line_breaks_in_cells(tmp_path: Path, mark: str) -> None:
    data = f'Name{mark}Note\r\n"Ana{mark}B."{mark}"two\nlines, ""quoted"""\r\nمريم{mark}x\r\n'
    [page], _ = read(tmp_path, data)
    name = f"Ana{mark}B.".replace("\t", " ")
    assert page.text == f'Name | Note\n{name} | two lines, "quoted"\nمريم | x'


def test_excel_says_its_delimiter_in_the_first_line(tmp_path: Path) -> None:
    [page], _ = read(tmp_path, "sep=;\na,b;c,d\n1,5;2,5\n")
    assert page.text == "a,b | c,d\n1,5 | 2,5"


def test_long_files_are_cut_between_records_under_their_headings(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "City,Inhabitants\n" + "".join(f"City {n},{n}\n" for n in range(150)))
    assert [page.locator and (page.locator.kind, page.locator.value) for page in found] == [
        ("rows", "1-100"),
        ("rows", "101-151"),
    ]
    assert found[1].text.startswith("City | Inhabitants\nCity 99 | 99\n")


def test_without_headings_none_are_made_up(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "".join(f"{n},{n}\n" for n in range(150)))
    assert found[1].text.startswith("100 | 100\n")


def test_the_encoding_is_guessed_and_said(tmp_path: Path) -> None:
    text = "Город;Население;Описание\n" + "Москва;13000000;столица и крупнейший город страны\n" * 5
    [page], warnings = read(tmp_path, text.encode("cp1251"))
    assert "Москва | 13000000 | столица" in page.text
    assert warnings == ["guessed_encoding"]


def test_no_cells_at_all_and_a_quotation_without_end(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        read(tmp_path, ",,,\n" * 1_000_000)
    with pytest.raises(UnreadableDocument):
        read(tmp_path, 'a,b\n"' + "x" * 80 + "\n" + "never closed\n" * 200_000)
