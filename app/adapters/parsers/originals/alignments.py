"""Which side a paragraph of a slide is set from, where it does not say so itself (ISO 29500-1, 19.3.1.36, 21.1.2.4).

Its shape's list styles say it, then those of the placeholder in the layout and in the master, then the master's styles.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.core.errors import UnreadableDocument

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_ABOVE = ("ppt/slideLayouts/", "ppt/slideMasters/", "ppt/notesMasters/")
_HAVE_SLIDES = ("ppt/slides/", "ppt/notesSlides/")
_LAYOUT = f"{_P}sldLayout"
_TITLES = frozenset({"title", "ctrTitle"})
_SMALL = frozenset({"dt", "ftr", "sldNum", "hdr"})
_LEVELS = {str(level): level + 1 for level in range(9)}
_FIRST = "l"
"""Where nothing says it."""


@dataclass(frozen=True, slots=True)
class Side:
    """What a paragraph is that says nothing itself."""

    algn: str | None
    """None where charts and diagrams decide."""
    rtl: bool = False


class Alignments:
    def __init__(self, tree: Callable[[str], Any], related: Callable[[str], Mapping[str, str]]) -> None:
        self._tree, self._related = tree, related
        self._above: dict[str, list[Any]] = {}

    def of(self, name: str, node: Any) -> Side:
        """Of a paragraph of that part."""
        if not name.startswith(_HAVE_SLIDES):
            return Side(None)
        properties = node.find(f"{_A}pPr")
        level = "0" if properties is None else properties.get("lvl", "0")
        told = {"algn": _FIRST, "rtl": "0"}
        for styles in reversed(list(self._styles(name, node))):
            found = None if styles is None else styles.find(f"{_A}lvl{_LEVELS.get(level, 1)}pPr")
            if found is not None:
                told |= {key: value for key, value in found.attrib.items() if key in told}
        return Side(told["algn"], told["rtl"] in ("1", "true"))

    def _styles(self, name: str, node: Any) -> Iterator[Any]:
        """Lists of styles by level, the nearest first."""
        yield node.getparent().find(f"{_A}lstStyle")
        shape = next(node.iterancestors(f"{_P}sp"), None)
        place = None if shape is None else _place(shape)
        above = self._parts_above(name)
        if place is None:
            return
        for tree in above:
            for other in tree.iter(f"{_P}sp"):
                if _is_same(place, _place(other), by_index=tree.tag == _LAYOUT):
                    yield other.find(f"{_P}txBody/{_A}lstStyle")
        kind = place.get("type", "obj")
        own = "titleStyle" if kind in _TITLES else "otherStyle" if kind in _SMALL else "bodyStyle"
        for tree in above:
            yield tree.find(f"{_P}txStyles/{_P}{own}")

    def _parts_above(self, name: str) -> list[Any]:
        """Layout and master, or the notes' master."""
        if name not in self._above:
            nearest = next((one for one in self._related(name).values() if one.startswith(_ABOVE)), None)
            names = [] if nearest is None else [nearest]
            if nearest is not None and nearest.startswith(_ABOVE[0]):
                names += [one for one in self._related(nearest).values() if one.startswith(_ABOVE[1])]
            with suppress(UnreadableDocument):  # of a part that nothing is written to
                self._above[name] = []
                self._above[name] = [self._tree(one) for one in names]
        return self._above[name]


def _place(shape: Any) -> Any:
    return shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")


def _is_same(place: Any, other: Any, *, by_index: bool) -> bool:
    """A placeholder and the one that it comes from: a layout's by its index, a master's by its type."""
    if other is None:
        return False
    kind, kind_above = place.get("type", "obj"), other.get("type", "obj")
    if kind in _TITLES:
        return kind_above in _TITLES
    if by_index and place.get("idx") is not None:
        return bool(place.get("idx") == other.get("idx"))
    return bool(kind_above == ("body" if kind in ("obj", "subTitle") else kind))
