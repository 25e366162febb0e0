from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.core.errors import UnreadableDocument
from app.models.domain import DocumentInfo, Page, Source
from tests.adapters.parsers import makers


def read(tmp_path: Path, data: bytes) -> tuple[DocumentInfo, list[Page]]:
    path = tmp_path / "blob"
    path.write_bytes(data)
    info, *rest = load("epub")(Source(path, "", "a.epub"))
    assert isinstance(info, DocumentInfo)
    return info, [event for event in rest if isinstance(event, Page)]


def test_chapters_come_in_the_order_of_the_spine(tmp_path: Path) -> None:
    info, pages = read(tmp_path, makers.book())
    assert info.title == "A book"
    assert [page.locator and page.locator.value for page in pages] == ["Preface", "Sales"]
    assert pages[0].text == "Preface\n\nBefore all."


def test_a_chapter_that_is_missing_is_left_out(tmp_path: Path) -> None:
    data = makers.repacked(makers.book(), "book.opf", package_of("two%20b.xhtml", "gone.xhtml"))
    assert [page.locator and page.locator.value for page in read(tmp_path, data)[1]] == ["Sales"]


def package_of(*chapters: str) -> bytes:
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters)
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    return f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>".encode()


def test_entities_and_nonsense_are_refused(tmp_path: Path) -> None:
    for package in (b'<!DOCTYPE p [<!ENTITY a "b">]><package/>', b"<package>", b""):
        with pytest.raises(UnreadableDocument):
            read(tmp_path, makers.repacked(makers.book(), "book.opf", package))
