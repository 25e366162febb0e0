"""Paragraphs of DrawingML: text on slides, in charts and diagrams (ISO 29500-1, 21.1.2)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from lxml import etree

from app.adapters.parsers.originals.paragraph import Dialect, Paragraph
from app.models.originals import Setting

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SIDES = {"l": "r", "r": "l"}


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
    last=tag("endParaRPr"),
)


def drawn(tree: Any) -> Iterator[Paragraph]:
    """All paragraphs of a part, in order."""
    for node in tree.iter(tag("p")):
        yield Paragraph(node, DRAWING)


def rewrite_drawn(paragraph: Paragraph, text: str, setting: Setting) -> None:
    paragraph.rewrite(text, partial(_dress, setting))
    _set_direction(paragraph.node, setting)


def set_drawn_tables(tree: Any, setting: Setting) -> None:
    """Columns run with the text."""
    for properties in tree.iter(tag("tblPr")):
        properties.attrib.pop("rtl", None)
        if setting.right_to_left:
            properties.set("rtl", "1")


def _dress(setting: Setting, properties: Any) -> Any:
    if properties is None:
        properties = etree.Element(tag("rPr"), nsmap={"a": _A})
    for name in ("altLang", "err", "dirty"):
        properties.attrib.pop(name, None)
    properties.set("lang", setting.language)
    return properties


def _set_direction(node: Any, setting: Setting) -> None:
    """Sides are named as they are seen here, not as they are read: they change places with the direction."""
    properties = node.find(tag("pPr"))
    if properties is None:
        if not setting.right_to_left:
            return
        properties = etree.Element(tag("pPr"), nsmap={"a": _A})
        node.insert(0, properties)
    was = properties.get("rtl") in ("1", "true")
    if was == setting.right_to_left:
        return
    side = properties.get("algn", "r" if was else "l")
    properties.set("algn", _SIDES.get(side, side))
    properties.set("rtl", "1" if setting.right_to_left else "0")
