"""Lines with Arabic or Hebrew in the order in which they are read, from where their words stand on the paper.

pdfium turns some words of such text round and leaves others, and puts the words of a line in the order of the paper,
from left to right; numbers and Latin words between them end up at the wrong place. This is the way back from the
picture to the text: Unicode's bidirectional algorithm (UAX 9) in reverse, for what one line can show.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from app.models.domain import Box

Kind = Literal["R", "L", "N", "-"]
"""Right-to-left word, left-to-right word, number, or anything else."""

_HAS_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LINE = re.compile(r"[^\r\n]+")
_KINDS: dict[str, Kind] = {"R": "R", "AL": "R", "L": "L", "EN": "N", "AN": "N", "NSM": "-"}
_INSIDE_NUMBERS = frozenset(["CS", "ES", "ET"])
_MIRRORED = str.maketrans("()[]{}«»<>", ")(][}{»«><")
_PERCENT = "%\u066a"
_SPACE, _JUMP, _CROWDED = 0.12, 0.4, 1.5


@dataclass(slots=True)
class _Token:
    """Characters that stay together, in the order in which they are read."""

    kind: Kind
    indices: list[int]
    x0: float
    x1: float
    height: float


def by_direction(raw: str, box: Callable[[int], Box]) -> tuple[str, list[int]] | None:
    """The raw text with its lines in reading order, and for each character the one that it was; None: all is well.

    A space that had to be put in counts as the character before it.
    """
    if not _HAS_RTL.search(raw):
        return None
    lines = {
        line.span(): _read(raw, range(*line.span()), box) for line in _LINE.finditer(raw) if _HAS_RTL.search(line[0])
    }
    read = {span: pieces for span, pieces in lines.items() if pieces is not None}
    if not read:
        return None
    mirrored = _is_inside_out("".join(character for pieces in read.values() for character, _ in pieces))
    text: list[str] = []
    order: list[int] = []
    at = 0
    for (start, end), pieces in read.items():
        line = "".join(character for character, _ in pieces)
        text += (raw[at:start], line.translate(_MIRRORED) if mirrored and _is_rtl(line) else line)
        order += (*range(at, start), *(index for _, index in pieces))
        at = end
    return "".join((*text, raw[at:])), [*order, *range(at, len(raw))]


def _is_rtl(line: str) -> bool:
    """By its letters: whether most of them are of those scripts."""
    kinds = [unicodedata.bidirectional(character) for character in line]
    return kinds.count("R") + kinds.count("AL") >= kinds.count("L")


def _read(raw: str, line: range, box: Callable[[int], Box]) -> list[tuple[str, int]] | None:
    """Characters of a line with their indices, as they are read; None where its places make no line."""
    rtl = _is_rtl(raw[line.start : line.stop])
    tokens = sorted(_tokens(raw, line, box), key=lambda token: token.x0 + token.x1)
    for token in tokens:
        if token.kind == "N" and rtl and raw[token.indices[0]] in _PERCENT:  # after Arabic letters it stands in front
            token.indices.append(token.indices.pop(0))
        if token.kind == "R":
            token.indices = _from_the_right(raw, token.indices, box)
    if not tokens:
        return None
    width = max(token.x1 for token in tokens) - min(token.x0 for token in tokens)
    if sum(token.x1 - token.x0 for token in tokens) > _CROWDED * max(width, 1.0):
        return None  # turned text, or one line printed over the other
    if rtl:  # "DocuBot 2.5": a number to the right of a Latin word goes with it
        for before, token in pairwise(tokens):
            token.kind = "L" if before.kind == "L" and token.kind == "N" else token.kind
    ordered = list(_logical(tokens, rtl=rtl))
    pieces: list[tuple[str, int]] = []
    for number, token in enumerate(ordered):
        if number and _is_apart(ordered[number - 1], token):
            pieces.append((" ", pieces[-1][1]))
        pieces += [(raw[index], index) for index in token.indices]
    return pieces


def _tokens(raw: str, line: range, box: Callable[[int], Box]) -> Iterator[_Token]:
    token: _Token | None = None
    for index in line:
        if raw[index].isspace() or raw[index] < " ":
            if token:
                yield token
            token = None
            continue
        x0, y0, x1, y1 = box(index)
        kind = _kind(raw, index, token)
        if token is None or not _belongs(token, kind, raw[index], (x0, x1)):
            if token:
                yield token
            token = _Token(kind, [index], x0, x1, y1 - y0)
            continue
        token.indices.append(index)
        token.x0, token.x1 = min(token.x0, x0), max(token.x1, x1)
        token.height = max(token.height, y1 - y0)
    if token:
        yield token


def _kind(raw: str, index: int, token: _Token | None) -> Kind:
    """Marks are of the word that they stand on, points and commas of the number that they stand in."""
    found = unicodedata.bidirectional(raw[index])
    if token is not None and found == "NSM":
        return token.kind
    if found in _INSIDE_NUMBERS:
        beside = raw[max(0, index - 1) : index] + raw[index + 1 : index + 2]
        sign = found == "ET" and any(map(str.isdecimal, beside))
        return "N" if sign or (len(beside) == 2 and beside.isdecimal()) else "-"
    return _KINDS.get(found, "-")


def _belongs(token: _Token, kind: Kind, character: str, place: tuple[float, float]) -> bool:
    if kind == "-" or kind != token.kind:
        return False
    ahead, behind = place[0] - token.x1, token.x0 - place[1]
    near = ahead <= _JUMP * token.height and behind <= (_JUMP * token.height if kind == "R" else 0)
    return near or unicodedata.combining(character) > 0


def _from_the_right(raw: str, indices: Sequence[int], box: Callable[[int], Box]) -> list[int]:
    """Letters by their places, each with the marks that stand nearest to it; of one ligature, in their given order."""
    middle = {index: (box(index)[0] + box(index)[2]) / 2 for index in indices}
    letters = sorted((index for index in indices if not unicodedata.combining(raw[index])), key=lambda at: -middle[at])
    marks: dict[int, list[int]] = {index: [] for index in letters}
    for index in indices:
        if index not in marks and letters:
            nearest = min(letters, key=lambda letter: abs(middle[letter] - middle[index]))
            marks[nearest].append(index)
    return [one for letter in letters for one in (letter, *marks[letter])] or list(indices)


def _logical(tokens: Sequence[_Token], *, rtl: bool) -> Iterator[_Token]:
    """From the order on paper to that of reading: stretches of the other direction are turned round in themselves."""
    order = list(reversed(tokens)) if rtl else list(tokens)
    other: Kind = "L" if rtl else "R"
    held: list[_Token] = []  # since the last word of the other direction
    run: list[_Token] = []
    for token in order:
        if token.kind == other:
            run += (*held, token)
            held = []
        elif run and token.kind in ("N", "-"):
            held.append(token)
        else:
            yield from (*reversed(run), *held, token)
            run, held = [], []
    yield from (*reversed(run), *held)


def _is_apart(one: _Token, other: _Token) -> bool:
    gap = max(other.x0 - one.x1, one.x0 - other.x1)
    return gap > _SPACE * max(one.height, other.height)


def _is_inside_out(text: str) -> bool:
    """Brackets as they look on paper, where their opening side is the other one."""
    first = min((text.find(sign) for sign in "()[]" if sign in text), default=-1)
    return first >= 0 and text[first] in ")]"
