"""Word documents: body, headers, footers, notes, charts and diagrams with other text; everything else as it was."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from docx.oxml.ns import nsmap, qn
from lxml import etree

from app.adapters.parsers.originals.drawing import drawn, rewrite_drawn
from app.adapters.parsers.originals.order import place
from app.adapters.parsers.originals.package import Package
from app.adapters.parsers.originals.paragraph import Dialect, Paragraph
from app.adapters.parsers.originals.word_fields import fields
from app.core.errors import UnreadableDocument
from app.logic.translation_masks import is_worded
from app.logic.translation_signs import MOST_SIGNS, SIGN, plain
from app.models.domain import Source
from app.models.originals import Misfit, Setting, Unit

_PARTS = re.compile(r"word/(?:document\d*|header\d*|footer\d*|footnotes\d*|endnotes\d*)\.xml")
_DRAWN = re.compile(r"word/(?:charts/chart\w*|diagrams/(?:data|drawing)\w*)\.xml")
_W = nsmap["w"]
_P, _RPR, _PPR, _LANG, _RTL, _BIDI = map(qn, ("w:p", "w:rPr", "w:pPr", "w:lang", "w:rtl", "w:bidi"))
_COMPLEX = {"w:b": "w:bCs", "w:i": "w:iCs", "w:sz": "w:szCs"}
"""What Word reads of right-to-left runs instead."""


def _names(*names: str) -> frozenset[str]:
    return frozenset(map(qn, names))


WORD = Dialect(
    run=qn("w:r"),
    properties=_RPR,
    text=qn("w:t"),
    kept=_names("w:pPr"),
    dropped=_names("w:proofErr", "w:lastRenderedPageBreak", "w:softHyphen"),
    opening=_names("w:bookmarkStart", "w:commentRangeStart", "w:permStart", "w:moveToRangeStart"),
    closing=_names("w:bookmarkEnd", "w:commentRangeEnd", "w:permEnd", "w:moveToRangeEnd"),
    wrappers=_names("w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:sdt", "w:dir", "w:bdo", "w:customXml"),
    cuts=_names("w:tab", "w:br", "w:cr", "w:ptab"),
    unsaid=_names("w:lang", "w:noProof", "w:webHidden"),
    spelled={qn("w:noBreakHyphen"): "\N{NON-BREAKING HYPHEN}"},
)


class Original:
    def __init__(self, source: Source) -> None:
        """Raises UnreadableDocument, DocumentTooLarge."""
        self._package = Package(source)
        if "word/document.xml" not in self._package.names and not self._parts(_PARTS):
            raise UnreadableDocument
        self._trees: dict[str, Any] = {}

    def units(self) -> Iterable[Unit]:
        return (Unit(None, paragraph.text) for _, paragraph in self._paragraphs())

    def write(self, texts: Mapping[int, str], setting: Setting, put: Callable[[bytes], None]) -> Iterable[Misfit]:
        changed = set()
        # All are read before one is changed: a text box is a paragraph inside of a thing of another one.
        for index, (name, paragraph) in enumerate(list(self._paragraphs())):
            if index in texts:
                changed.add(name)
                if paragraph.dialect is WORD:
                    paragraph.rewrite(texts[index], partial(_dress, setting))
                    _set_direction(paragraph.node, setting)
                else:
                    rewrite_drawn(paragraph, texts[index], setting)
        for name in changed:
            _set_tables(self._trees[name], setting)
        self._package.write({name: self._trees[name] for name in changed}, put)
        return ()

    def _parts(self, pattern: re.Pattern[str]) -> list[str]:
        return [name for name in self._package.names if pattern.fullmatch(name)]

    def _paragraphs(self) -> Iterator[tuple[str, Paragraph]]:
        """Those with words, by their part."""
        for name in self._parts(_PARTS):
            for node in self._tree(name).iter(_P):
                paragraph = Paragraph(node, WORD, fields)
                if _counts(paragraph):
                    yield name, paragraph
        for name in self._parts(_DRAWN):
            for paragraph in drawn(self._tree(name)):
                if _counts(paragraph):
                    yield name, paragraph

    def _tree(self, name: str) -> Any:
        if name not in self._trees:
            self._trees[name] = self._package.tree(name)
        return self._trees[name]


def _counts(paragraph: Paragraph) -> bool:
    return is_worded(plain(paragraph.text)) and len(SIGN.findall(paragraph.text)) <= MOST_SIGNS


def _dress(setting: Setting, properties: Any) -> Any:
    """A run's properties for the other language: the spelling checker's, and which way the text runs."""
    if properties is None:
        if not setting.right_to_left:
            return None
        properties = _element(_RPR)
    for name in (_LANG, _RTL):
        for found in properties.findall(name):
            properties.remove(found)
    if setting.right_to_left:
        for name, other in _COMPLEX.items():
            found = properties.find(qn(name))
            if found is not None and properties.find(qn(other)) is None:
                twin = _element(qn(other))
                twin.attrib.update(found.attrib)
                place(properties, twin)
        place(properties, _element(_RTL))
    return properties


def _set_direction(node: Any, setting: Setting) -> None:
    properties = node.find(_PPR)
    if properties is None:
        if not setting.right_to_left:
            return
        properties = _element(_PPR)
        node.insert(0, properties)
    for found in properties.findall(_BIDI):
        properties.remove(found)
    if setting.right_to_left:
        place(properties, _element(_BIDI))


def _set_tables(tree: Any, setting: Setting) -> None:
    """Columns run with the text."""
    name = qn("w:bidiVisual")
    for properties in tree.iter(qn("w:tblPr")):
        for found in properties.findall(name):
            properties.remove(found)
        if setting.right_to_left:
            place(properties, _element(name))


def _element(tag: str) -> Any:
    return etree.Element(tag, nsmap={"w": _W})
