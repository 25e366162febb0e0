from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.core.errors import PasswordRequired
from app.models.domain import Page, Source
from tests.adapters.parsers import makers


def stored(tmp_path: Path, data: bytes) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, "", "a.odt")


def test_headings_notes_and_lists_in_order(tmp_path: Path) -> None:
    events = load("opendocument")(stored(tmp_path, makers.opendocument()))
    pages = [event for event in events if isinstance(event, Page)]
    assert [page.locator and page.locator.value for page in pages] == ["Sales", "Sales > By region"]
    assert pages[0].text == f"Sales\n\n{makers.SAMPLE}\n\na b\n\nA note.\n\n- one\n- two"


def test_an_encrypted_document_says_so(tmp_path: Path) -> None:
    data = makers.repacked(makers.opendocument(), "manifest.xml", b"<manifest><encryption-data/></manifest>")
    with pytest.raises(PasswordRequired):
        list(load("opendocument")(stored(tmp_path, data)))
