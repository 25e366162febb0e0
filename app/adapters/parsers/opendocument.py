"""OpenDocument texts (ODT). Units are sections under headings: the file does not say where its pages break."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from app.adapters.parsers.archive import Archive
from app.core.errors import EmptyFile, PasswordRequired, UnreadableDocument
from app.logic.flow import Element, first_heading, heading, item, table, text, units
from app.logic.tidy import one_line
from app.models.domain import DocumentInfo, ParseEvent, Source

_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE = _NS % "text", _NS % "table", _NS % "office"
_HEADING, _PARAGRAPH, _ITEM, _NOTE = _TEXT + "h", _TEXT + "p", _TEXT + "list-item", _TEXT + "note"
_GRID, _ROW, _CELLS = _TABLE + "table", _TABLE + "table-row", (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_BREAKS = {_TEXT + "s": " ", _TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_PASSED_OVER = frozenset({_TEXT + "tracked-changes", _TEXT + "note-citation", _OFFICE + "annotation", _NOTE})
_MOST_COLUMNS = 100
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the sections. Raises DocumentError's subclasses."""
    archive = Archive(source.path)
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise PasswordRequired("The document is encrypted. Save it without a password, and upload that.")
    body = _tree(archive, "content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    pages = [] if body is None else list(units(_inside(body, listed=False)))
    if not pages:
        raise EmptyFile("The document holds no text. Check that it was saved, and upload it again.")
    title = _tree(archive, "meta.xml").findtext(f".//{_TITLE}") if "meta.xml" in archive.names else None
    yield DocumentInfo(len(pages), "odt", one_line(title or "") or first_heading(pages))
    yield from pages


def _tree(archive: Archive, part: str) -> Any:
    options = {"resolve_entities": False, "no_network": True, "remove_comments": True, "remove_pis": True}
    try:
        return etree.fromstring(archive.read(part), etree.XMLParser(**options))
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument("The document's XML is not well formed.") from error


def _inside(node: Any, *, listed: bool) -> Iterator[Element]:
    """Depth is bounded: the XML parser takes no more than 256 levels."""
    for child in node:
        if child.tag in (_HEADING, _PARAGRAPH):
            content = _text(child)
            level = child.get(_TEXT + "outline-level", "1")
            if child.tag == _HEADING:
                yield heading(content, int(level) if level.isdecimal() and len(level) < 3 else 1)
            else:
                yield item(content) if listed else text(content)
            for note in child.iter(_NOTE):
                yield from _inside(note, listed=False)
        elif child.tag == _GRID:
            yield table(map(_cells, child.iter(_ROW)))
        elif child.tag not in _PASSED_OVER:
            yield from _inside(child, listed=listed or child.tag == _ITEM)


def _cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren(*_CELLS):
        repeated = cell.get(_TABLE + "number-columns-repeated", "1")
        count = int(repeated) if repeated.isdecimal() and len(repeated) < 4 else 1
        content = " ".join(_text(one) for one in cell.iter(_HEADING, _PARAGRAPH))
        cells += [content] * min(count, _MOST_COLUMNS)
    while cells and not cells[-1]:
        cells.pop()
    return cells[:_MOST_COLUMNS]


def _text(node: Any) -> str:
    return (node.text or "") + "".join(
        (_BREAKS.get(child.tag) or ("" if child.tag in _PASSED_OVER else _text(child))) + (child.tail or "")
        for child in node
    )
