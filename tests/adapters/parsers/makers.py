"""Files of every format, made by the libraries that people make them with."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import docx
import pptx
import xlsxwriter
from pptx.util import Inches

NAMESPACES = ("office", "table", "text")
SAMPLE = "हिन्दी में €100 — “quote” தமிழ்"
ROWS = (("Region", "2021", "2022"), ("Europe", "1,200", "1,300"), (SAMPLE, "7", "8"))


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Annual report", 0)
    document.add_heading("Sales", 1)
    document.add_paragraph(SAMPLE)
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Bullet")
    document.add_heading("By region", 2)
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, content in zip(row.cells, cells, strict=True):
            cell.text = content
    document.sections[0].header.paragraphs[0].text = "Confidential"
    document.sections[0].footer.paragraphs[0].text = "Printed on Monday"
    return _saved(document.save)


def slides() -> bytes:
    presentation = pptx.Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "Sales"
    first.placeholders[1].text = f"{SAMPLE}\nsecond point"
    first.notes_slide.notes_text_frame.text = "Say it slowly."
    second = presentation.slides.add_slide(presentation.slide_layouts[5])
    frame = second.shapes.add_table(len(ROWS), len(ROWS[0]), *[Inches(1)] * 4)
    for row, cells in enumerate(ROWS):
        for column, content in enumerate(cells):
            frame.table.cell(row, column).text = content
    second.shapes.title.text = "By region"
    return _saved(presentation.save)


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("Sales")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def delimited() -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(ROWS)
    return stream.getvalue().encode()


def tabbed() -> bytes:
    return "\n".join("\t".join(row) for row in ROWS).encode("utf-16")


def webpage() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in ROWS)
    return f"<!doctype html><title>Report</title><h1>Sales</h1><p>{SAMPLE}<table>{rows}</table>".encode()


def book() -> bytes:
    body = webpage().decode().partition("</title>")[2]
    chapter = f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body>{body}</body></html>"
    package = """<package xmlns="http://www.idpf.org/2007/opf"><metadata><dc:title
        xmlns:dc="http://purl.org/dc/elements/1.1/">A book</dc:title></metadata><manifest>
        <item id="two" href="two%20b.xhtml" media-type="application/xhtml+xml"/>
        <item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>
        <spine><itemref idref="one"/><itemref idref="two"/></spine></package>"""
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": package,
        "OPS/two b.xhtml": chapter,
        "OPS/one.xhtml": "<html><head><title/></head><body><h1>Preface</h1><p>Before all.</p></body></html>",
    }
    return archive_of(parts)


def opendocument() -> bytes:
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMESPACES)
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in ROWS
    )
    body = f"""<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
        <text:h text:outline-level="1">Sales</text:h><text:p>{SAMPLE}</text:p><text:p>a<text:s/>b<text:note>
        <text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body>
        </text:note></text:p><text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p>
        </text:list-item></text:list><text:h text:outline-level="2">By region</text:h>
        <table:table>{rows}</table:table>"""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>",
    }
    return archive_of(parts)


def archive_of(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Ana <ana@example.org>", "bo@example.org"
    message["Subject"], message["Date"] = "Sales — ¿qué tal?", "Mon, 02 Jan 2023 10:00:00 +0000"
    message.set_content(webpage().decode(), subtype="html")
    message.add_attachment(b"1,2", maintype="text", subtype="csv", filename="数字.csv")
    return message.as_bytes()


def rtf_text(content: str) -> str:
    """Every character beyond ASCII as \\u with a question mark for older readers."""
    units = content.encode("utf-16-le")
    codes = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
    return "".join(chr(code) if code < 128 else f"\\u{code - 65536 * (code > 32767)}?" for code in codes)


def rich_text() -> bytes:
    rows = "".join("\\trowd\\intbl " + "".join(f"{rtf_text(cell)}\\cell " for cell in row) + "\\row\n" for row in ROWS)
    styles = "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 Titel 1;}{\\s2 heading 2;}}"
    return (
        "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}}" + styles + "{\\info{\\title Figures}}"
        "{\\header Confidential\\par}\\pard\\s1 Sales\\par\\pard " + rtf_text(SAMPLE) + "\\par\n"
        "\\pard\\s2 By region\\par\\pard " + rows + "\\pard The end.\\par}"
    ).encode("ascii")


def json_file() -> bytes:
    rows = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    return json.dumps({"title": "Sales", "note": SAMPLE, "regions": rows}, indent=1).encode()


def json_lines() -> bytes:
    rows = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def repacked(data: bytes, change: str, content: bytes) -> bytes:
    """The container with another content of the member whose name ends with `change`."""
    target = io.BytesIO()
    changed = 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            changed += name.endswith(change)
            new.writestr(name, content if name.endswith(change) else old.read(name))
    assert changed
    return target.getvalue()


def without(data: bytes, name: str) -> bytes:
    """The container without that member."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
    return target.getvalue()


FORMATS: dict[str, Callable[[], bytes]] = {
    "report.csv": delimited,
    "report.docx": word,
    "report.eml": mail,
    "report.epub": book,
    "report.html": webpage,
    "report.json": json_file,
    "report.jsonl": json_lines,
    "report.odt": opendocument,
    "report.pptx": slides,
    "report.rtf": rich_text,
    "report.tsv": tabbed,
    "report.xlsx": workbook,
}
