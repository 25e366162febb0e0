"""Word documents: body, headers, footers, notes, charts and diagrams with other text; everything else as it was."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import nsmap, qn
from lxml import etree

from app.adapters.parsers.originals.dialect import Dialect
from app.adapters.parsers.originals.drawing import drawn, office_language, rewrite_drawn
from app.adapters.parsers.originals.order import place
from app.adapters.parsers.originals.package import Package
from app.adapters.parsers.originals.paragraph import Paragraph
from app.adapters.parsers.originals.word_fields import fields
from app.core.errors import UnreadableDocument
from app.logic import translation_languages as languages
from app.logic.translation_masks import is_worded
from app.logic.translation_signs import MOST_SIGNS, SIGN, plain
from app.models.domain import Source
from app.models.originals import Misfit, Setting, Unit

_PARTS = re.compile(r"word/(?:document\d*|header\d*|footer\d*|footnotes\d*|endnotes\d*)\.xml")
_MAIN = re.compile(r"word/document\d*\.xml")
_DRAWN = re.compile(r"word/(?:charts/chart\w*|diagrams/(?:data|drawing)\w*)\.xml")
_W = nsmap["w"]
_P, _RPR, _PPR, _LANG, _RTL, _BIDI = map(qn, ("w:p", "w:rPr", "w:pPr", "w:lang", "w:rtl", "w:bidi"))
_SIDES, _VALUE = qn("w:bidiVisual"), qn("w:val")
_STYLES = "word/styles.xml"
_CONTROL, _CONTROL_SETTINGS = qn("w:sdt"), qn("w:sdtPr")
_EAST_ASIAN = ("zh", "ja", "ko")
_COMPLEX = {"w:b": "w:bCs", "w:i": "w:iCs", "w:sz": "w:szCs"}
"""What Word reads instead of text in complex scripts: those from the right, and those of South and South East Asia."""
_SIMPLE = frozenset({"latin", "cyrillic", "greek", "armenian", "georgian", "ethiopic", "han", "kana", "hangul"})


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
    usual=_names("w:bCs", "w:iCs", "w:szCs", "w:kern", "w:snapToGrid"),
)


class Original:
    def __init__(self, source: Source) -> None:
        """Raises UnreadableDocument, DocumentTooLarge."""
        self._package = Package(source)
        if not self._parts(_MAIN):
            raise UnreadableDocument
        self._trees: dict[str, Any] = {}

    def units(self) -> Iterable[Unit]:
        return (Unit(None, paragraph.text) for _, paragraph in self._paragraphs())

    def write(self, texts: Mapping[int, str], setting: Setting, put: Callable[[bytes], None]) -> Iterable[Misfit]:
        changed = set()
        way = _Way(setting, self._styled())
        # All are read before one is changed: a text box is a paragraph inside of a thing of another one.
        for index, (name, paragraph) in enumerate(list(self._paragraphs())):
            if index in texts:
                changed.add(name)
                if paragraph.dialect is WORD:
                    paragraph.rewrite(texts[index], way.dress)
                    way.turn(paragraph.node)
                    _unbind(paragraph.node)
                else:
                    rewrite_drawn(paragraph, texts[index], setting)
        for name in changed:
            _set_sides(self._trees[name], way)
        trees = {name: self._trees[name] for name in changed}
        if changed and _is_complex(setting) and (styles := self._styles()) is not None:
            for properties in styles.iter(_RPR):
                _pair(properties)
            trees[_STYLES] = styles
        self._package.write(trees, put)
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

    def _styled(self) -> frozenset[str]:
        """Marks of direction that the document's styles set, for all that does not say otherwise."""
        tree = self._styles()
        names = (_RTL, _BIDI, _SIDES)
        return frozenset(() if tree is None else (name for name in names if next(tree.iter(name), None) is not None))

    def _styles(self) -> Any:
        with suppress(UnreadableDocument):  # text is put in without them too
            return self._package.tree(_STYLES) if _STYLES in self._package.names else None

    def _tree(self, name: str) -> Any:
        if name not in self._trees:
            self._trees[name] = self._package.tree(name)
        return self._trees[name]


def _counts(paragraph: Paragraph) -> bool:
    return is_worded(plain(paragraph.text)) and len(SIGN.findall(paragraph.text)) <= MOST_SIGNS


@dataclass(frozen=True, slots=True)
class _Way:
    """Which way text runs, and what of it the styles say that must be unsaid."""

    setting: Setting
    styled: frozenset[str]

    def mark(self, properties: Any, name: str) -> None:
        for found in properties.findall(name):
            properties.remove(found)
        if self.setting.right_to_left or name in self.styled:
            made = _element(name)
            if not self.setting.right_to_left:
                made.set(_VALUE, "0")
            place(properties, made)

    def dress(self, properties: Any) -> Any:
        """A run's properties for the other language: which it is, for spelling and glyphs, and which way it runs."""
        if properties is None:
            properties = _element(_RPR)
        for found in properties.findall(_LANG):
            properties.remove(found)
        if _is_complex(self.setting):
            _pair(properties)
        self.mark(properties, _RTL)
        place(properties, _language(self.setting))
        return properties

    def turn(self, node: Any) -> None:
        properties = node.find(_PPR)
        if properties is None:
            properties = _element(_PPR)
            self.mark(properties, _BIDI)
            if len(properties):
                node.insert(0, properties)
        else:
            self.mark(properties, _BIDI)


def _is_complex(setting: Setting) -> bool:
    return not languages.scripts(setting.language) & _SIMPLE


def _pair(properties: Any) -> None:
    """Bold, italics and size of a run or a style hold for text in complex scripts too."""
    for name, other in _COMPLEX.items():
        found = properties.find(qn(name))
        if found is not None and properties.find(qn(other)) is None:
            twin = _element(qn(other))
            twin.attrib.update(found.attrib)
            place(properties, twin)


def _language(setting: Setting) -> Any:
    """Word asks for it by the kind of script: complex, East Asian, any other."""
    kind = "bidi" if _is_complex(setting) else "val"
    if setting.language.partition("-")[0] in _EAST_ASIAN:
        kind = "eastAsia"
    made = _element(_LANG)
    made.set(qn(f"w:{kind}"), office_language(setting.language))
    return made


def _set_sides(tree: Any, way: _Way) -> None:
    """Tables, columns of text, and paragraphs that hold figures or pictures alone run with the text."""
    for holder, name in ((qn("w:tblPr"), _SIDES), (qn("w:sectPr"), _BIDI)):
        for properties in tree.iter(holder):
            way.mark(properties, name)
    for node in tree.iter(_P):
        if not is_worded(plain("".join(text.text or "" for text in node.iter(WORD.text)))):
            way.turn(node)


def _unbind(node: Any) -> None:
    """Content controls around or inside of a paragraph show what they hold, and no longer a property of the file:
    Word would put the original text back from there."""
    for control in (*node.iterancestors(_CONTROL), *node.iter(_CONTROL)):
        for properties in control.findall(_CONTROL_SETTINGS):
            for bound in [child for child in properties if str(child.tag).endswith("}dataBinding")]:
                properties.remove(bound)


def _element(tag: str) -> Any:
    return etree.Element(tag, nsmap={"w": _W})
