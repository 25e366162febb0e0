"""One paragraph of Office markup as a line of text with signs, and the same paragraph with another text.

Word's and PowerPoint's paragraphs are alike: runs of one formatting each, things between them, and wrappers around
them (links, tracked insertions). What is no text is moved, never made anew, so that it stays what it was.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from app.adapters.parsers.originals.dialect import Dialect
from app.logic.translation_signs import Node, parse, sign

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class TextItem:
    content: str
    properties: Any
    key: bytes
    look: bytes
    """The same without what is usual."""
    nodes: list[Any]


@dataclass(slots=True)
class Thing:
    nodes: list[Any]
    cuts: bool = False


@dataclass(slots=True)
class _Group:
    make: Callable[[], Any]
    """A wrapper like the one that there was, empty."""
    items: list["Item"]


@dataclass(slots=True)
class FieldItem:
    """A field with a result that is read: what comes before it and after it."""

    opening: list[Any]
    items: list["Item"]
    closing: list[Any]


Item = TextItem | Thing | _Group | FieldItem
Fields = Callable[[list[Item]], list[Item]]


@dataclass(slots=True)
class Paragraph:
    """`text` is what it says, with signs. `rewrite` must be called at most once."""

    node: Any
    dialect: Dialect
    fields: Fields = field(default=lambda items: items)
    text: str = ""
    base: Any = None
    _signs: dict[int, Any] = field(default_factory=dict)
    _opening: list[Any] = field(default_factory=list)
    _closing: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        items = self._items(self.node)
        self.base = _commonest(items)
        self.text = "".join(self._said(items, _key(self.base, self.dialect.unsaid), top=True))

    # ------------------------------------------------------------ reading

    def _items(self, holder: Any) -> list[Item]:
        dialect, found = self.dialect, list[Item]()
        for child in holder:
            if not isinstance(child.tag, str) or child.tag in dialect.kept | dialect.dropped:
                continue
            if child.tag == dialect.run:
                found += self._run(child)
            elif child.tag in dialect.opening:
                self._opening.append(child)
            elif child.tag in dialect.closing:
                self._closing.append(child)
            elif child.tag in dialect.wrappers:
                found.append(self._wrapper(child))
            else:
                found.append(Thing([child], cuts=child.tag in dialect.cuts))
        return _joined(self.fields(found))

    def _run(self, run: Any) -> Iterator[Item]:
        dialect = self.dialect
        properties = run.find(dialect.properties)
        key = _key(properties, dialect.unsaid)
        look = _key(properties, dialect.unsaid | dialect.usual)
        for child in run:
            if child.tag == dialect.properties or child.tag in dialect.dropped or not isinstance(child.tag, str):
                continue
            part = _Within(run, properties, child)
            if child.tag == dialect.text or child.tag in dialect.spelled:
                content = dialect.spelled.get(child.tag) or child.text or ""
                yield TextItem(content, properties, key, look, [part])
            else:
                yield Thing([part], cuts=child.tag in dialect.cuts)

    def _wrapper(self, node: Any) -> Item:
        """A link and the like; the content of a content control stands one level deeper."""
        holder = next((child for child in node if str(child.tag).endswith("}sdtContent")), node)

        def make() -> Any:
            made = etree.Element(node.tag, node.attrib, nsmap=node.nsmap)
            for child in node:
                if str(child.tag).endswith(("}sdtPr", "}sdtEndPr", "}smartTagPr")):
                    made.append(deepcopy(child))
            if holder is not node:
                etree.SubElement(made, holder.tag)
            return made

        return _Group(make, self._items(holder))

    def _said(self, items: Sequence[Item], base: bytes, *, top: bool) -> Iterator[str]:
        for item in items:
            number = len(self._signs) + 1
            if isinstance(item, TextItem) and item.key == base:
                yield item.content
                continue
            self._signs[number] = item
            if isinstance(item, Thing):
                yield sign("c" if item.cuts and top else "x", number)
                continue
            yield sign("g", number)
            if isinstance(item, TextItem):
                yield item.content
            else:
                yield from self._said(item.items, base, top=False)
            yield sign("g", number, closing=True)

    # ------------------------------------------------------------ writing

    def rewrite(self, text: str, dress: Callable[[Any], Any]) -> None:
        """Put another text in its place. `dress` gives a run's properties as they should be for it.

        Signs that are missing, doubled or invented do no harm: each thing stands in the paragraph once.
        """
        tree = parse(text)
        last = None if self.dialect.last is None else self.node.find(self.dialect.last)
        for child in list(self.node):
            if child.tag not in self.dialect.kept:
                self.node.remove(child)
        left = dict(self._signs)
        self.node.extend(self._opening)
        self._fill(self.node, tree, self.base, left, dress)
        for item in left.values():
            self._rest(item)
        self.node.extend(self._closing)
        if last is not None:
            self.node.append(last)

    def _fill(
        self, holder: Any, nodes: Sequence[Node | str], look: Any, left: dict[int, Item], dress: Callable[[Any], Any]
    ) -> None:
        for node in nodes:
            if isinstance(node, str):
                holder.append(self._made_run(node, look, dress))
                continue
            item = left.pop(node.number, None)
            if isinstance(item, Thing):
                holder.extend(map(_solid, item.nodes))
            elif isinstance(item, TextItem):
                self._fill(holder, node.inside, item.properties, left, dress)
            elif isinstance(item, FieldItem):
                holder.extend(map(_solid, item.opening))
                self._fill(holder, node.inside, look, left, dress)
                holder.extend(map(_solid, item.closing))
            elif isinstance(item, _Group):
                made = item.make()
                holder.append(made)
                inner = next((child for child in made if str(child.tag).endswith("}sdtContent")), made)
                self._fill(inner, node.inside, look, left, dress)
            else:
                self._fill(holder, node.inside, look, left, dress)

    def _rest(self, item: Item) -> None:
        """A thing that the text has no sign for."""
        if isinstance(item, Thing):
            self.node.extend(map(_solid, item.nodes))
        elif isinstance(item, FieldItem):
            self.node.extend(map(_solid, [*item.opening, *item.closing]))

    def _made_run(self, text: str, properties: Any, dress: Callable[[Any], Any]) -> Any:
        run = etree.Element(self.dialect.run, nsmap=self.node.nsmap)
        dressed = dress(None if properties is None else deepcopy(properties))
        if dressed is not None:
            run.append(dressed)
        content = etree.SubElement(run, self.dialect.text)
        content.text = " ".join(text.split("\n"))
        if text != text.strip():
            content.set(_SPACE, "preserve")
        return run


@dataclass(slots=True)
class _Within:
    """A part of a run; it gets a run of its own when it is put back."""

    run: Any
    properties: Any
    node: Any


def _solid(node: Any) -> Any:
    if not isinstance(node, _Within):
        return node
    alone = etree.Element(node.run.tag, nsmap=node.run.nsmap)
    if node.properties is not None:
        alone.append(deepcopy(node.properties))
    alone.append(node.node)
    return alone


def element_of(node: Any) -> Any:
    """The element of one of an item's nodes."""
    return node.node if isinstance(node, _Within) else node


def _key(properties: Any, unsaid: frozenset[str]) -> bytes:
    """What a run looks like, to be compared."""
    if properties is None:
        return b""
    said = [etree.tostring(child, method="c14n") for child in properties if child.tag not in unsaid]
    attributes = sorted(
        spelled
        for name, value in properties.attrib.items()
        if name not in unsaid and (spelled := f"{name}={value}") not in unsaid
    )
    return b"".join([*said, *map(str.encode, attributes)])


def _commonest(items: Sequence[Item]) -> Any:
    """The properties that most of the paragraph's characters have."""
    counts: Counter[bytes] = Counter()
    looks: dict[bytes, Any] = {}
    for item in _texts(items):
        counts[item.key] += len(item.content)
        looks.setdefault(item.key, item.properties)
    return looks[counts.most_common(1)[0][0]] if counts else None


def _texts(items: Sequence[Item]) -> Iterator[TextItem]:
    for item in items:
        if isinstance(item, TextItem):
            yield item
        elif not isinstance(item, Thing):
            yield from _texts(item.items)


def _joined(items: Sequence[Item]) -> list[Item]:
    """Texts of one look side by side made one, also over white space of another; things side by side too."""
    found: list[Item] = []
    for item in items:
        before = found[-1] if found else None
        if isinstance(item, TextItem) and isinstance(before, TextItem) and _looks_alike(before, item):
            look = before if before.content.strip() else item
            content, nodes = before.content + item.content, [*before.nodes, *item.nodes]
            found[-1] = TextItem(content, look.properties, look.key, look.look, nodes)
        elif isinstance(item, Thing) and isinstance(before, Thing) and item.cuts == before.cuts:
            found[-1] = Thing([*before.nodes, *item.nodes], item.cuts)
        elif not (isinstance(item, TextItem) and not item.content):
            found.append(item)
    return found


def _looks_alike(one: TextItem, other: TextItem) -> bool:
    """White space has no look of its own; nor have halves of a word where nobody sees a difference."""
    if one.key == other.key or not one.content.strip() or not other.content.strip():
        return True
    return one.look == other.look and one.content[-1].isalpha() and other.content[0].isalpha()
