"""Signs inside of a unit's text, for what a file has there beside characters, and how such text becomes a template.

A sign is a control character that no document holds (XML 1.0 forbids it), a letter and a number: g opens and /g closes
formatting around words, x is a thing (a picture, a footnote's number, a field), c a thing that parts text: a tab or a
line's end.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.logic.translation_masks import is_worded, mask
from app.logic.translation_text import bounds, merged
from app.models.translation import Segment, Template

SIGN = re.compile("\x02(?P<closing>/?)(?P<kind>[gxc])(?P<number>\\d{1,4})\x03")
MOST_SIGNS = 9999
_THING = "\ufffc"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def sign(kind: str, number: int, *, closing: bool = False) -> str:
    return f"\x02{'/' if closing else ''}{kind}{number}\x03"


@dataclass(slots=True)
class Node:
    """A thing, or formatting with what it holds."""

    kind: str
    number: int
    inside: list["Node | str"] = field(default_factory=list)

    @property
    def spelled(self) -> str:
        if self.kind != "g":
            return sign(self.kind, self.number)
        return sign("g", self.number) + spelled(self.inside) + sign("g", self.number, closing=True)


def spelled(nodes: Sequence[Node | str]) -> str:
    return "".join(node if isinstance(node, str) else node.spelled for node in nodes)


def parse(text: str) -> list[Node | str]:
    """The signs of a text as a tree. Never raises: what closes nothing is left out, what stays open ends at the end.

    Characters that XML cannot hold are left out.
    """
    top: list[Node | str] = []
    stack: list[tuple[int, list[Node | str]]] = [(0, top)]
    position = 0
    for match in SIGN.finditer(text):
        _put(stack[-1][1], text[position : match.start()])
        position = match.end()
        number = int(match["number"])
        if match["kind"] != "g":
            if not match["closing"]:
                stack[-1][1].append(Node(match["kind"], number))
        elif not match["closing"]:
            node = Node("g", number)
            stack[-1][1].append(node)
            stack.append((number, node.inside))
        elif any(number == opened for opened, _ in stack[1:]):
            while stack.pop()[0] != number:
                pass
    _put(stack[-1][1], text[position:])
    return top


def plain(text: str) -> str:
    """Without the signs."""
    return _ILLEGAL.sub("", SIGN.sub(lambda found: " " if found["kind"] == "c" else "", text))


def cut_unit(text: str) -> Template:
    """A unit's text cut into segments, where it is parted and, when it is long, between sentences."""
    parts: list[str | Segment] = []
    waiting: list[Node | str] = []
    for node in parse(text):
        if isinstance(node, Node) and node.kind == "c":
            parts += [*_stretch(waiting), node.spelled]
            waiting = []
        else:
            waiting.append(node)
    return Template(tuple(merged([*parts, *_stretch(waiting)])))


def _put(nodes: list[Node | str], text: str) -> None:
    if text := _ILLEGAL.sub("", text):
        nodes.append(text)


def _stretch(nodes: list[Node | str]) -> Iterator[str | Segment]:
    """Segments of what nothing parts; white space and things at its ends are copied."""
    shown = "".join(_shown(node) for node in nodes)
    starts = [start for start, _ in bounds(shown)][1:]
    for piece in _split(nodes, starts):
        before, inner, after = _framed(piece)
        yield spelled(before)
        if inner:
            made = _segment(inner)
            yield made if is_worded(made.text) else made.raw
        yield spelled(after)


def _shown(node: Node | str) -> str:
    """As long as what a reader sees of it."""
    if isinstance(node, str):
        return node
    return "".join(map(_shown, node.inside)) if node.kind == "g" else _THING


def _split(nodes: list[Node | str], starts: Sequence[int]) -> Iterator[list[Node | str]]:
    """The nodes cut at offsets of what is shown; formatting is never cut: it goes with the piece that it begins in."""
    piece: list[Node | str] = []
    left = list(starts)
    at = 0
    for node in nodes:
        end = at + len(_shown(node))
        rest = node
        while left and at <= left[0] < end:
            cut = left.pop(0)
            if isinstance(rest, str):
                piece.append(rest[: cut - at])
                rest, at = rest[cut - at :], cut
            elif cut > at:
                continue  # inside of formatting: the cut is given up
            yield [item for item in piece if item != ""]
            piece = []
        piece.append(rest)
        at = end
    yield [item for item in piece if item != ""]


def _framed(nodes: list[Node | str]) -> tuple[list[Node | str], list[Node | str], list[Node | str]]:
    """What stands before the first word, the rest, what stands after the last."""
    inner = list(nodes)
    before: list[Node | str] = []
    after: list[Node | str] = []
    while inner and not _has_letters(inner[0]) and not isinstance(inner[0], str):
        before.append(inner.pop(0))
        _move_space(inner, before, first=True)
    while inner and not _has_letters(inner[-1]) and not isinstance(inner[-1], str):
        after.insert(0, inner.pop())
        _move_space(inner, after, first=False)
    _move_space(inner, before, first=True)
    _move_space(inner, after, first=False)
    return before, inner, after


def _move_space(inner: list[Node | str], outer: list[Node | str], *, first: bool) -> None:
    at = 0 if first else -1
    while inner and isinstance(text := inner[at], str):
        kept = text.lstrip() if first else text.rstrip()
        space = text[: len(text) - len(kept)] if first else text[len(kept) :]
        outer.insert(len(outer) if first else 0, space)
        if kept:
            inner[at] = kept
            return
        inner.pop(at)


def _has_letters(node: Node | str) -> bool:
    return any(unicodedata.category(character)[0] in "LN" for character in _shown(node))


def _segment(nodes: list[Node | str]) -> Segment:
    kept: list[tuple[str, ...]] = []
    return Segment(spelled(nodes), _marked(nodes, kept), tuple(kept))


def _marked(nodes: Sequence[Node | str], kept: list[tuple[str, ...]]) -> str:
    put = []
    for node in nodes:
        if isinstance(node, str):
            put.append(mask(node, kept))
        elif node.kind == "g" and any(character.isalpha() for character in _shown(node)):
            kept.append((sign("g", node.number), sign("g", node.number, closing=True)))
            number = len(kept)
            put.append(f"<g{number}>{_marked(node.inside, kept)}</g{number}>")
        else:
            kept.append((node.spelled,))
            put.append(f"<x{len(kept)}/>")
    return "".join(put)
