"""Damaged PDFs that pdfium refuses and that come through after they were written anew."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from app.adapters.parsers import load
from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import PasswordRequired, UnreadableDocument
from app.models.domain import DocumentInfo, Page, ParseWarning, Source
from tests.adapters.parsers import pdfs

TEXTS = ["first हिन्दी", "second", "third"]


def whole() -> bytes:
    return pdfs.make([pdfs.lines(text) for text in TEXTS])


def index_cut_off() -> bytes:
    """Only the first lines of the cross-reference table, as an upload that broke off leaves it."""
    return whole().partition(b"trailer")[0]


def much_before_the_header() -> bytes:
    return b"HTTP/1.1 200 OK\r\n" * 200 + whole()


def cut_off_after_an_update() -> bytes:
    """The stream that was added last has no end, nor does the file have a new index."""
    return much_before_the_header().rpartition(b"startxref")[0] + b"90 0 obj\n<< /Length 9000 >>\nstream\nBT /F1"


def page_tree_that_holds_itself() -> bytes:
    writer = pdfs.Writer()
    tree = writer.add("<< /Type /Pages /Count 3 /Kids [1 0 R 1 0 R] >>")
    return writer.file(writer.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def stored(tmp_path: Path, data: bytes, password: str | None = None) -> Source:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return Source(path, "application/pdf", "report.pdf", password)


@pytest.mark.parametrize(
    "broken", [index_cut_off, much_before_the_header, cut_off_after_an_update], ids=lambda broken: broken.__name__
)
def test_a_file_that_pdfium_refuses_is_repaired(tmp_path: Path, broken: Callable[[], bytes]) -> None:
    source = stored(tmp_path, broken())
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(source.path)
    info, warning, *pages = load("pdfium")(source)
    assert isinstance(info, DocumentInfo)
    assert (info.page_count, info.parser) == (3, "pdfium")
    assert isinstance(warning, ParseWarning)
    assert (warning.code, warning.page) == ("repaired", None)
    assert [page.text for page in pages if isinstance(page, Page)] == TEXTS


def test_a_sound_file_is_not_called_repaired(tmp_path: Path) -> None:
    assert not [event for event in load("pdfium")(stored(tmp_path, whole())) if isinstance(event, ParseWarning)]


def test_a_page_tree_without_a_page_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        list(load("pdfium")(stored(tmp_path, page_tree_that_holds_itself())))


def test_a_damaged_file_keeps_its_password(tmp_path: Path) -> None:
    out = BytesIO()
    with pikepdf.Pdf.open(BytesIO(whole())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user="пароль"))
    broken = b"\n" * 3000 + out.getvalue()
    for password in (None, "wrong"):
        with pytest.raises(PasswordRequired):
            list(load("pdfium")(stored(tmp_path, broken, password)))
    events = list(load("pdfium")(stored(tmp_path, broken, "пароль")))
    assert [event.text for event in events if isinstance(event, Page)] == TEXTS


@pytest.mark.anyio
async def test_a_repaired_file_has_boxes_and_pictures(tmp_path: Path) -> None:
    """In the confined children, whose limits hold for the repair."""
    parser = SandboxParser(ParseLimits(memory_mb=400, seconds=20, page_seconds=10, request_seconds=10))
    try:
        source = stored(tmp_path, much_before_the_header())
        codes = [event.code async for event in parser.parse(source) if isinstance(event, ParseWarning)]
        assert codes == ["repaired"]
        ((box,),) = await parser.boxes(source, [(2, 0, 6)])
        assert box[0] == pytest.approx(72, abs=3)
        assert (await parser.render(source, 3, scale=0.5)).startswith(b"\x89PNG")
    finally:
        await parser.close()
