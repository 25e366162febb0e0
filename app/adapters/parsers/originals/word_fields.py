"""Word's fields (ISO 29500-1, 17.16): an instruction and its last result, spread over runs.

A link's result is text like any other. What Word computes (page numbers, dates, references) stays as it is.
"""

from typing import Any

from docx.oxml.ns import qn

from app.adapters.parsers.originals.paragraph import FieldItem, Item, TextItem, Thing, element_of

_CHAR, _TYPE, _INSTRUCTION = qn("w:fldChar"), qn("w:fldCharType"), qn("w:instrText")
_READ = "HYPERLINK"


def fields(items: list[Item]) -> list[Item]:
    """Fields that begin and end among `items` made one item each; pieces of others stay things."""
    found: list[Item] = []
    stack: list[int] = []
    for item in items:
        found.append(item)
        kind = _kind(item)
        if kind == "begin":
            stack.append(len(found) - 1)
        elif kind == "end" and stack:
            start = stack.pop()
            found[start:] = _field(found[start:])
    return found


def _kind(item: Item) -> str | None:
    node = _only(item)
    return node.get(_TYPE) if node is not None and node.tag == _CHAR else None


def _only(item: Item) -> Any:
    return element_of(item.nodes[0]) if isinstance(item, Thing) and len(item.nodes) == 1 else None


def _field(items: list[Item]) -> list[Item]:
    instruction = "".join(
        node.text or "" for item in items if (node := _only(item)) is not None and node.tag == _INSTRUCTION
    )
    parted = next((index for index, item in enumerate(items) if _kind(item) == "separate"), None)
    before = items[: parted + 1] if parted is not None else []
    if parted is None or not instruction.strip().upper().startswith(_READ) or not all(map(_is_thing, before)):
        return _kept(items)
    return [FieldItem(_nodes(before), items[parted + 1 : -1], _nodes(items[-1:]))]


def _kept(items: list[Item]) -> list[Item]:
    """The whole field as one thing."""
    if all(isinstance(item, Thing | TextItem) for item in items):
        return [Thing(_nodes(items))]
    return items


def _is_thing(item: Item) -> bool:
    return isinstance(item, Thing)


def _nodes(items: list[Item]) -> list[Any]:
    return [node for item in items if isinstance(item, Thing | TextItem) for node in item.nodes]
