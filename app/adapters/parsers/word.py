"""Word documents (DOCX). Units are sections under headings: the file does not say where its pages break."""

from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from app.adapters.parsers.archive import Archive
from app.core.errors import EmptyFile, UnreadableDocument
from app.logic.flow import Element, first_heading, furniture, heading, item, table, text, units
from app.models.domain import DocumentInfo, ParseEvent, Source

_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _TBL, _TEXT, _BOX, _NOTE = qn("w:p"), qn("w:tbl"), qn("w:t"), qn("w:txbxContent"), qn("w:footnoteReference")
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\N{NON-BREAKING HYPHEN}"}
_PASSED_OVER = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:sdtPr"), _FALLBACK, _BOX})
_HEADINGS = {"title": 1} | {f"heading {level}": level for level in range(1, 10)}
_BODY_LEVEL = 9  # of outline levels 0..8 and this
_STYLES_DEEP = 12


def read(source: Source) -> Iterator[ParseEvent]:
    """One DocumentInfo, then the sections. Raises EmptyFile, UnreadableDocument, DocumentTooLarge."""
    try:
        document = Document(Archive(source.path).slim())
        body = _Body(document)
        pages = list(units(body.elements()))
        title = body.title or document.core_properties.title
    except (PackageNotFoundError, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise UnreadableDocument from error
    if not pages:
        raise EmptyFile("The document holds no text. Check that it was saved, and upload it again.")
    yield DocumentInfo(len(pages), "docx", title or first_heading(pages))
    yield from pages


class _Body:
    """The walk through one document, in the order in which it is read."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.findall(qn("w:style"))}
        default = document.styles.element.find(f"{qn('w:style')}[@{qn('w:default')}='1'][@{qn('w:type')}='paragraph']")
        self._default = None if default is None else default.get(qn("w:styleId"))
        self._footnotes = _footnotes(document)
        self.title: str | None = None
        """What stands in the style "Title", once `elements` has met it."""

    def elements(self) -> Iterator[Element]:
        yield from self._furniture("header")
        yield from self._inside(self._document.element.body)
        yield from self._furniture("footer")

    def _furniture(self, which: str) -> Iterator[Element]:
        own = [getattr(section, which) for section in self._document.sections]
        told = ["\n".join(map(_text, part._element.iter(_P))) for part in own if not part.is_linked_to_previous]
        yield from map(furniture, dict.fromkeys(told))

    def _inside(self, node: Any) -> Iterator[Element]:
        for child in node:
            if child.tag == _P:
                yield from self._paragraph(child)
            elif child.tag == _TBL:
                yield from self._table(child)
            elif child.tag not in _PASSED_OVER:  # content controls and the like hold paragraphs
                yield from self._inside(child)

    def _paragraph(self, node: Any) -> Iterator[Element]:
        content = _text(node)
        styles = list(self._ancestry(node))
        level = _level(node, styles)
        if level:
            if self.title is None and _style_name(styles) == "title":
                self.title = " ".join(content.split()) or None
            yield heading(content, level)
        else:
            yield item(content) if _is_listed(node, styles) else text(content)
        for reference in node.iter(_NOTE):
            yield text(self._footnotes.get(reference.get(qn("w:id")), ""))
        for box in node.iter(_BOX):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self._inside(box)

    def _ancestry(self, node: Any) -> Iterator[Any]:
        """The paragraph's style and those that it is based on."""
        named = node.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = self._default if named is None else named.get(qn("w:val"))
        for _ in range(_STYLES_DEEP):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            base = style.find(qn("w:basedOn"))
            name = None if base is None else base.get(qn("w:val"))

    def _table(self, node: Any) -> Iterator[Element]:
        rows = [list(row.iter(qn("w:tc"))) for row in node.iterchildren(qn("w:tr"), qn("w:sdt"))]
        if all(len(cells) == 1 for cells in rows):  # a frame for layout
            for [cell] in rows:
                yield from self._inside(cell)
        else:
            yield table([_cell(cell) for cell in cells if _is_of(cell, node)] for cells in rows)


def _is_of(cell: Any, node: Any) -> bool:
    """Not of a table inside of that table."""
    return next(cell.iterancestors(_TBL)) is node


def _cell(cell: Any) -> str:
    return " ".join(filter(None, map(_text, cell.iter(_P))))


def _text(node: Any) -> str:
    return "".join(_inline(node))


def _inline(node: Any) -> Iterator[str]:
    """What is read of a paragraph: insertions but not deletions, no field codes, no text boxes."""
    for child in node:
        if child.tag in (_TEXT, _MATH_TEXT):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _PASSED_OVER:
            yield from _inline(child)


def _style_name(styles: list[Any]) -> str:
    name = styles[0].find(qn("w:name")) if styles else None
    return "" if name is None else str(name.get(qn("w:val"))).lower()


def _level(node: Any, styles: list[Any]) -> int:
    """Of a heading, 1 to 9; 0 for the rest. Names of built-in styles are English in every language's Word."""
    for index, holder in enumerate([node, *styles]):
        outline = holder.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            level = int(outline.get(qn("w:val")))
            return level + 1 if level < _BODY_LEVEL else 0
        if index and (level := _HEADINGS.get(_style_name([holder]), 0)):
            return level
    return 0


def _is_listed(node: Any, styles: list[Any]) -> bool:
    for holder in (node, *styles):
        number = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if number is not None:
            identity = number.find(qn("w:numId"))
            return identity is None or identity.get(qn("w:val")) != "0"
    return False


def _footnotes(document: WordDocument) -> dict[str | None, str]:
    """Text of footnotes by id."""
    for relation in document.part.rels.values():
        if relation.reltype == _FOOTNOTES and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            return {
                note.get(qn("w:id")): " ".join(filter(None, map(_text, note.iter(_P))))
                for note in root.iter(qn("w:footnote"))
            }
    return {}
