"""Paragraphs of DrawingML: text on slides, in charts and diagrams (ISO 29500-1, 21.1.2)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from lxml import etree

from app.adapters.parsers.originals.alignments import Side
from app.adapters.parsers.originals.dialect import Dialect
from app.adapters.parsers.originals.paragraph import Paragraph
from app.models.originals import Setting

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SIDES = {"l": "r", "r": "l"}
_UNTOLD = Side(None)
_OFFICE_CODES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "nb": "nb-NO", "ja": "ja-JP", "ko": "ko-KR", "tl": "fil-PH"}


def _names(*names: str) -> frozenset[str]:
    return frozenset(f"{{{_A}}}{name}" for name in names)


def tag(name: str) -> str:
    return f"{{{_A}}}{name}"


DRAWING = Dialect(
    run=tag("r"),
    properties=tag("rPr"),
    text=tag("t"),
    kept=_names("pPr", "endParaRPr"),
    dropped=frozenset(),
    opening=frozenset(),
    closing=frozenset(),
    wrappers=frozenset(),
    cuts=_names("br"),
    unsaid=frozenset({"lang", "altLang", "dirty", "err", "noProof", "smtClean"}),
    spelled={},
    usual=_names("effectLst", "uLnTx", "uFillTx", "ln", "ea", "cs", "sym")
    | {"kumimoji", "kern", "normalizeH", "i=0", "b=0", "u=none", "strike=noStrike", "cap=none", "spc=0", "baseline=0"},
    last=tag("endParaRPr"),
)


def drawn(tree: Any) -> Iterator[Paragraph]:
    """All paragraphs of a part, in order."""
    for node in tree.iter(tag("p")):
        yield Paragraph(node, DRAWING)


def rewrite_drawn(paragraph: Paragraph, text: str, setting: Setting, side: Side = _UNTOLD) -> None:
    """`side` is where the paragraph is set from if it does not say so."""
    paragraph.rewrite(text, partial(_dress, setting))
    turn_drawn(paragraph.node, setting, side)


def set_drawn_tables(tree: Any, setting: Setting) -> None:
    """Columns run with the text."""
    for properties in tree.iter(tag("tblPr")):
        properties.attrib.pop("rtl", None)
        if setting.right_to_left:
            properties.set("rtl", "1")


def turn_drawn(node: Any, setting: Setting, side: Side) -> None:
    """Sides are named as they are seen here, not as they are read: they change places with the direction."""
    properties = node.find(tag("pPr"))
    own = {} if properties is None else properties.attrib
    was = own["rtl"] in ("1", "true") if "rtl" in own else side.rtl
    if was == setting.right_to_left:
        return
    if properties is None:
        properties = etree.Element(tag("pPr"), nsmap={"a": _A})
        node.insert(0, properties)
    algn = properties.get("algn", side.algn)
    if algn in _SIDES:
        properties.set("algn", _SIDES[algn])
    properties.set("rtl", "1" if setting.right_to_left else "0")


def office_language(code: str) -> str:
    """As Office spells it."""
    return _OFFICE_CODES.get(code, code)


def _dress(setting: Setting, properties: Any) -> Any:
    if properties is None:
        properties = etree.Element(tag("rPr"), nsmap={"a": _A})
    for name in ("altLang", "err", "dirty"):
        properties.attrib.pop(name, None)
    properties.set("lang", office_language(setting.language))
    return properties
