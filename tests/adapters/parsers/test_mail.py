from pathlib import Path

import pytest

from app.adapters.parsers import load
from app.models.domain import DocumentInfo, Page, ParseWarning, Source
from tests.adapters.parsers import makers


def read(tmp_path: Path, data: bytes) -> tuple[DocumentInfo, list[Page], list[str]]:
    path = tmp_path / "blob"
    path.write_bytes(data)
    info, *rest = load("mail")(Source(path, "message/rfc822", "a.eml"))
    assert isinstance(info, DocumentInfo)
    warnings = [event.code for event in rest if isinstance(event, ParseWarning)]
    return info, [event for event in rest if isinstance(event, Page)], warnings


def test_headers_text_and_names_of_attachments(tmp_path: Path) -> None:
    info, pages, warnings = read(tmp_path, makers.mail())
    assert info.title == "Sales — ¿qué tal?"
    assert warnings == ["attachments_not_read"]
    assert pages[0].text.startswith(
        "Sales — ¿qué tal?\n\nFrom: Ana <ana@example.org>\nTo: bo@example.org\nDate: Mon, 02 Jan 2023"
    )
    assert pages[-1].text.endswith("- 数字.csv")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"Content-Type: text/plain; charset=koi8-r", "Привет".encode("koi8-r")),
        (b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", b"0J/RgNC40LLQtdGC"),
        (b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit", "Привет".encode()),
    ],
)
def test_encodings_of_the_text(tmp_path: Path, headers: bytes, body: bytes) -> None:
    _, [page], _ = read(tmp_path, b"From: a@b\nSubject: x\n" + headers + b"\n\n" + body)
    assert page.text == "x\n\nFrom: a@b\n\nПривет"


def test_parts_within_parts_without_end_are_survived(tmp_path: Path) -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(200)
    )
    _, pages, _ = read(tmp_path, b"From: a@b\nSubject: deep\n" + nested + b"Content-Type: text/plain\n\nhello")
    assert pages[0].text.startswith("deep")
