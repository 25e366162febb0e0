from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.core.errors import EmptyFile, UnreadableDocument
from app.models.domain import BlockKind, DocumentInfo, Page, Source
from tests.adapters.parsers.makers import SAMPLE


def read(tmp_path: Path, data: bytes) -> tuple[DocumentInfo, list[Page]]:
    path = tmp_path / "blob"
    path.write_bytes(data)
    info, *events = load("xml")(Source(path, "application/xml", "a.xml"))
    assert isinstance(info, DocumentInfo)
    return info, [event for event in events if isinstance(event, Page)]


def place(page: Page) -> str:
    assert page.locator is not None
    return page.locator.value


def test_elements_alike_are_rows_of_a_table(tmp_path: Path) -> None:
    books = "".join(
        f"<b:book><title>{t}</title><price unit='€'>{p}</price></b:book>" for t, p in ((SAMPLE, 1), ("B", 2))
    )
    _, [page] = read(tmp_path, f"<b:books xmlns:b='urn:b'>{books}</b:books>".encode())
    assert page.text == f"title | price | price@unit\n{SAMPLE} | 1 | €\nB | 2 | €"
    assert [block.kind for block in page.blocks] == [BlockKind.TABLE]
    assert place(page) == "/books/book[1–2]"


def test_rows_of_attributes(tmp_path: Path) -> None:
    _, [page] = read(tmp_path, b"<t>\n<row a='1' b='2'/>\n<row a='3' b='4'/>\n</t>")
    assert page.text == "a | b\n1 | 2\n3 | 4"


def test_prose_keeps_its_order_and_its_inner_elements(tmp_path: Path) -> None:
    prose = "<doc><title>Report</title><sec><h>One</h><p><b>B</b>old <i>and</i> thin.</p></sec><p>Last.</p></doc>"
    info, [page] = read(tmp_path, prose.encode())
    assert info.title == "Report"
    assert page.text == "title: Report\n\nh: One\nBold and thin.\n\nLast."


def test_places_lead_to_the_element(tmp_path: Path) -> None:
    items = "".join(f"<item><t>{n}</t><d>{'word ' * 300}</d></item>" for n in range(1, 6))
    _, pages = read(tmp_path, f"<r><list>{items}</list></r>".encode())
    assert list(map(place, pages)) == ["/r/list[1]/item[1–2]", "/r/list[1]/item[3–4]", "/r/list[1]/item[5]"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "shift_jis", "windows-1251"])
def test_declared_encodings_also_those_that_expat_does_not_know(tmp_path: Path, encoding: str) -> None:
    content = {"gb18030": "该公司报告", "shift_jis": "売上高", "windows-1251": "выручка"}.get(encoding, SAMPLE)
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    _, [page] = read(tmp_path, f"<?xml version='1.0' encoding='{declared}'?><a>{content}</a>".encode(encoding))
    assert page.text == f"a: {content}"


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS + b"<x>&b;</x>",
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
        b"<x>" * 100_000,
        b"<a><b></a>",
        b"<a>cut off",
        b"<a/><b/>",
        b"<?xml version='1.0' encoding='hex'?><a\xff>",
    ],
    ids=["laughs", "file", "deep", "crossed", "cut", "two roots", "bytes"],
)
def test_bombs_and_damage_end_with_a_stable_code(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read(tmp_path, data)


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        read(tmp_path, b"<a><b> </b><c/></a>")
