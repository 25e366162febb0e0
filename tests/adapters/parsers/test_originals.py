"""Word and PowerPoint files written again with other text, by the confined child."""

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from PIL import Image

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.errors import DocubotError, DocumentTooLarge, UnreadableDocument
from app.logic.containers import DOCX, PPTX
from app.logic.translation_signs import plain
from app.models.domain import Source
from app.models.originals import Setting
from tests.adapters.parsers import makers

pytestmark = pytest.mark.anyio
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LINK = f'<w:hyperlink {_W} w:anchor="x"><w:r><w:t>the rules</w:t></w:r></w:hyperlink>'
_PAGE_FIELD = [
    f'<w:r {_W}><w:fldChar w:fldCharType="begin"/></w:r>',
    f"<w:r {_W}><w:instrText> PAGE </w:instrText></w:r>",
    f'<w:r {_W}><w:fldChar w:fldCharType="separate"/></w:r>',
    f"<w:r {_W}><w:t>three</w:t></w:r>",
    f'<w:r {_W}><w:fldChar w:fldCharType="end"/></w:r>',
]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def parser() -> AsyncIterator[SandboxParser]:
    parser = SandboxParser(ParseLimits(seconds=20, page_seconds=10))
    yield parser
    await parser.close()


def picture() -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    stream.seek(0)
    return stream


def letter() -> bytes:
    document = docx.Document()
    document.add_heading("The harbour", 1)
    paragraph = document.add_paragraph("Ships ")
    paragraph.add_run("must").bold = True
    paragraph.add_run(" call before ")
    paragraph._p.append(parse_xml(_LINK))
    paragraph.add_run(" apply.")
    document.add_paragraph().add_run().add_picture(picture())
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Length", "120"
    document.sections[0].header.paragraphs[0].text = "Harbour office"
    footer = document.sections[0].footer.paragraphs[0]
    footer.text = "Page "
    for part in _PAGE_FIELD:
        footer._p.append(parse_xml(part))
    return saved(document)


async def changed(
    parser: SandboxParser,
    folder: Path,
    data: bytes,
    media_type: str,
    change: Callable[[str], str],
    *,
    rtl: bool = False,
    language: str = "",
) -> tuple[list[str], bytes]:
    """The units' texts, and the file in which `change` was done to each."""
    path = folder / "blob"
    path.write_bytes(data)
    source = Source(path, media_type, "letter")
    units = await parser.units(source)
    texts = {number: change(unit.text) for number, unit in enumerate(units)}
    events = [event async for event in parser.rewrite(source, texts, Setting(language or ("ar" if rtl else "de"), rtl))]
    return [unit.text for unit in units], b"".join(event for event in events if isinstance(event, bytes))


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def loud(text: str) -> str:
    """Other words of the same signs, longer ones."""
    return text.replace("e", "eee")


async def test_word_keeps_styles_runs_links_fields_tables_and_pictures(parser: SandboxParser, tmp_path: Path) -> None:
    data = letter()
    units, made = await changed(parser, tmp_path, data, DOCX, loud)
    assert [plain(unit) for unit in units] == [
        "The harbour", "Ships must call before the rules apply.", "Length", "Harbour office", "Page ",
    ]  # fmt: skip
    document = docx.Document(io.BytesIO(made))
    heading, body, _ = document.paragraphs
    assert (heading.style.name, heading.text) == ("Heading 1", "Theee harbour")
    assert body.text == "Ships must call beeeforeee theee ruleees apply."
    assert [run.text for run in body.runs if run.bold] == ["must"]
    assert [link.text for link in body.hyperlinks] == ["theee ruleees"]
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["Leeength", "120"]
    assert document.sections[0].header.paragraphs[0].text == "Harbour officeee"
    footer = document.sections[0].footer.paragraphs[0]
    assert footer.text == "Pageee three"
    assert [node.get(qn("w:fldCharType")) for node in footer._p.iter(qn("w:fldChar"))] == ["begin", "separate", "end"]
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (data, made))
    assert set(before.namelist()) == set(after.namelist())
    same = [name for name in before.namelist() if before.read(name) == after.read(name)]
    assert {"word/media/image1.png", "word/styles.xml", "[Content_Types].xml"} <= set(same)


async def test_word_runs_from_right_to_left(parser: SandboxParser, tmp_path: Path) -> None:
    _, made = await changed(parser, tmp_path, letter(), DOCX, lambda text: text, rtl=True)
    document = docx.Document(io.BytesIO(made))
    body = document.paragraphs[1]._p
    assert body.pPr is not None
    assert body.pPr.find(qn("w:bidi")) is not None
    assert all(run.rPr.find(qn("w:rtl")) is not None for run in body.iter(qn("w:r")))
    bold = next(run for run in document.paragraphs[1].runs if run.bold)
    assert [child.tag for child in bold._r.rPr] == list(map(qn, ("w:b", "w:bCs", "w:rtl", "w:lang")))
    assert bold._r.rPr[-1].get(qn("w:bidi")) == "ar"
    assert document.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    assert document.sections[0]._sectPr.find(qn("w:bidi")) is not None
    title = document.styles["Title"].element.rPr
    assert title.find(qn("w:szCs")).get(qn("w:val")) == title.find(qn("w:sz")).get(qn("w:val"))
    figure = document.tables[0].cell(0, 1).paragraphs[0]
    assert figure.text == "120"
    assert figure._p.pPr is not None
    assert figure._p.pPr.find(qn("w:bidi")) is not None


async def test_thai_is_as_bold_as_it_was(parser: SandboxParser, tmp_path: Path) -> None:
    _, made = await changed(parser, tmp_path, letter(), DOCX, lambda text: text, language="th")
    bold = next(run for run in docx.Document(io.BytesIO(made)).paragraphs[1].runs if run.bold)._r.rPr
    assert [child.tag for child in bold] == list(map(qn, ("w:b", "w:bCs", "w:lang")))
    assert bold[-1].get(qn("w:bidi")) == "th"


async def test_word_shows_the_translation_where_it_showed_a_property(parser: SandboxParser, tmp_path: Path) -> None:
    bound = "<w:sdtPr><w:dataBinding w:xpath='/title' w:storeItemID='{1}'/><w:text/></w:sdtPr>"
    inline = f"<w:sdt {_W}>{bound}<w:sdtContent><w:r><w:t>Harbours</w:t></w:r></w:sdtContent></w:sdt>"
    block = f"<w:sdt {_W}>{bound}<w:sdtContent><w:p><w:r><w:t>Rules here</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document = docx.Document()
    document.add_paragraph("On ")._p.append(parse_xml(inline))
    document.element.body.insert(0, parse_xml(block))
    _, made = await changed(parser, tmp_path, saved(document), DOCX, loud)
    body = docx.Document(io.BytesIO(made)).element.body
    assert [text.text for text in body.iter(qn("w:t"))] == ["Ruleees heeereee", "On ", "Harbours"]
    assert not list(body.iter(qn("w:dataBinding")))
    assert len(list(body.iter(qn("w:text")))) == 2


async def test_signs_that_a_reply_forges_lose_nothing(parser: SandboxParser, tmp_path: Path) -> None:
    forged = "\x02x7\x03 \x02g9\x03a\x02/g1\x03\x02x1\x03\x02x1\x03\x01b"
    _, made = await changed(parser, tmp_path, letter(), DOCX, lambda _: forged)
    document = docx.Document(io.BytesIO(made))
    assert document.paragraphs[1].text == " ab"
    footer = document.sections[0].footer.paragraphs[0]._p
    assert len(list(footer.iter(qn("w:fldChar")))) == 3


async def test_slides_keep_shapes_tables_and_notes(parser: SandboxParser, tmp_path: Path) -> None:
    units, made = await changed(parser, tmp_path, makers.slides(), PPTX, loud)
    presentation = pptx.Presentation(io.BytesIO(made))
    first, second = presentation.slides
    assert first.shapes.title.text == "Saleees"
    assert first.placeholders[1].text_frame.paragraphs[1].text == "seeecond point"
    assert first.notes_slide.notes_text_frame.text == "Say it slowly."
    table = next(shape.table for shape in second.shapes if shape.has_table)
    assert table.cell(1, 0).text == "Europeee"
    assert table.cell(1, 1).text == "1,200"
    assert makers.SAMPLE in units


async def test_a_word_is_not_cut_where_its_halves_look_alike(parser: SandboxParser, tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    paragraph = slide.shapes.title.text_frame.paragraphs[0]
    for text, usual in (("Role of the F", {}), ("air", {"i": "0", "kern": "1200", "u": "none"}), ("ness", {"b": "1"})):
        run = paragraph.add_run()
        run.text = text
        for name, value in usual.items():
            run._r.get_or_add_rPr().set(name, value)
    units, _ = await changed(parser, tmp_path, saved(presentation), PPTX, loud)
    assert units == ["Role of the Fair\x02g1\x03ness\x02/g1\x03"]


async def test_slides_run_from_right_to_left(parser: SandboxParser, tmp_path: Path) -> None:
    _, made = await changed(parser, tmp_path, makers.slides(), PPTX, lambda text: text, rtl=True)
    first, second = pptx.Presentation(io.BytesIO(made)).slides
    name = "{http://schemas.openxmlformats.org/drawingml/2006/main}pPr"
    [title] = first.shapes.title._element.iter(name)
    assert (title.get("rtl"), title.get("algn")) == ("1", None)  # its master sets it in the middle
    points = [(node.get("rtl"), node.get("algn")) for node in first.placeholders[1]._element.iter(name)]
    assert set(points) == {("1", "r")}
    table = next(shape for shape in second.shapes if shape.has_table)
    cells = list(table._element.iter(name))
    assert len(cells) == len(list(table.table.iter_cells()))  # those with figures too
    assert {(node.get("rtl"), node.get("algn")) for node in cells} == {("1", "r")}


async def test_each_placeholder_of_a_comparison_begins_where_it_did(parser: SandboxParser, tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[4])
    for shape in slide.placeholders:
        shape.text_frame.text = "Some words"
    _, made = await changed(parser, tmp_path, saved(presentation), PPTX, lambda text: text, rtl=True)
    [done] = pptx.Presentation(io.BytesIO(made)).slides
    sides = [shape.text_frame.paragraphs[0]._p.pPr.get("algn") for shape in done.placeholders]
    assert sides == [None, "r", "r", "r", "r"]


async def test_what_styles_turned_runs_from_left_to_right_again(parser: SandboxParser, tmp_path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].element.get_or_add_pPr().append(parse_xml(f"<w:bidi {_W}/>"))
    document.styles["Normal"].element.get_or_add_rPr().append(parse_xml(f"<w:rtl {_W}/>"))
    document.add_paragraph("شركة الميناء")
    _, made = await changed(parser, tmp_path, saved(document), DOCX, lambda _: "Harbour company")
    [paragraph] = docx.Document(io.BytesIO(made)).paragraphs
    assert paragraph._p.pPr is not None
    marks = [paragraph._p.pPr.find(qn("w:bidi")), paragraph.runs[0]._r.rPr.find(qn("w:rtl"))]
    assert [mark.get(qn("w:val")) for mark in marks] == ["0", "0"]


async def test_slides_of_a_master_that_runs_from_the_right(parser: SandboxParser, tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    name = "{http://schemas.openxmlformats.org/drawingml/2006/main}lvl1pPr"
    for properties in presentation.slide_master.element.iter(name):
        properties.attrib.update({"rtl": "1", "algn": "r"})
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.placeholders[1].text_frame.text = "شركة الميناء"
    for rtl, want in ((False, ("0", "l")), (True, (None, None))):
        _, made = await changed(parser, tmp_path, saved(presentation), PPTX, lambda text: text + "!", rtl=rtl)
        [done] = pptx.Presentation(io.BytesIO(made)).slides
        properties = done.placeholders[1].text_frame.paragraphs[0]._p.pPr
        assert (want == (None, None)) if properties is None else (properties.get("rtl"), properties.get("algn")) == want


async def test_a_unit_that_nothing_was_said_of_stays_as_it_is(parser: SandboxParser, tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(letter())
    source = Source(path, DOCX, "letter.docx")
    events = [event async for event in parser.rewrite(source, {}, Setting("de"))]
    with zipfile.ZipFile(io.BytesIO(b"".join(map(bytes, events)))) as made, zipfile.ZipFile(path) as before:
        assert all(made.read(name) == before.read(name) for name in before.namelist())


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"")
        archive.writestr("word/document.xml", b"<a>" + b" " * (40 << 20) + b"</a>")
    return stream.getvalue()


def _entities() -> bytes:
    with zipfile.ZipFile(io.BytesIO(letter())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(9))
    body = "<w:body><w:p><w:r><w:t>Words &a8;</w:t></w:r></w:p></w:body>"
    parts["word/document.xml"] = f"<!DOCTYPE x [{inner}]><w:document {_W}>{body}</w:document>".encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: b"PK\x03\x04 nothing", UnreadableDocument),
        (makers.workbook, UnreadableDocument),
        (_entities, UnreadableDocument),
        (_bomb, DocumentTooLarge),
    ],
)
async def test_what_cannot_be_read(
    parser: SandboxParser, tmp_path: Path, make: Callable[[], bytes], error: type[DocubotError]
) -> None:
    path = tmp_path / "blob"
    path.write_bytes(make())
    with pytest.raises(error):
        await parser.units(Source(path, DOCX, "letter.docx"))
