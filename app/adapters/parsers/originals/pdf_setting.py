"""Text set into a box: broken into lines, each in the order of the paper, and made smaller until it has room."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.adapters.parsers.originals.pdf_fonts import Face, FontShelf, Glyph
from app.logic.directions import visual_runs
from app.models.domain import Box

_SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6)
"""Down to a limit: smaller print is no use."""
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_NEVER_FIRST = frozenset("、。，．：；！？）」』】〕》〉”’.,:;!?)]}%‰…ーぁぃぅぇぉっゃゅょ")
_BOUND_BEFORE = frozenset("ะาำๅๆฯ" + "ະາຳຽໆຯ")
_BOUND_AFTER = frozenset("เแโใไ" + "ເແໂໃໄ")
"""Thai and Lao vowels and signs that belong to the consonant beside them, though they are letters of their own."""
_ASCENT, _DESCENT = 0.95, 0.3


@dataclass(frozen=True, slots=True)
class Look:
    size: float
    pitch: float
    """From one line to the next, in points."""
    bold: bool
    align: str
    """left, right or center."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A run of glyphs whose origin stands at (x, y), in points from the page's top left."""

    face: Face
    size: float
    x: float
    y: float
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class LineRun:
    """A stretch of a line, in the order of the paper: `start` is where it begins in the line's text."""

    start: int
    face: Face
    glyphs: tuple[Glyph, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Fitted:
    runs: tuple[Placed, ...]
    rect: Box
    scale: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Where text may stand: `baseline` is its first line's."""

    x0: float
    x1: float
    baseline: float
    bottom: float


class Setter:
    def __init__(self, shelf: FontShelf, *, right_to_left: bool) -> None:
        self._shelf = shelf
        self._advances: dict[tuple[str, bool], float] = {}
        self.right_to_left = right_to_left

    def covers(self, text: str) -> bool:
        """Whether there is a glyph for each character."""
        return self._shelf.covers(text)

    def fit(self, text: str, frame: Frame, look: Look, free: Callable[[Box], bool]) -> Fitted | None:
        """The largest setting that stands inside of the frame and on nothing else; None where there is none."""
        for scale in _SCALES:
            size, pitch = look.size * scale, look.pitch * scale
            lines = self._lines(text, size, frame.x1 - frame.x0, look.bold)
            last = frame.baseline + pitch * (len(lines) - 1)
            if last + _DESCENT * size > frame.bottom + _DESCENT * look.size:
                continue
            widths = [self._width(line, size, look.bold) for line in lines]
            if max(widths, default=0.0) > frame.x1 - frame.x0 + 0.5:
                continue
            starts = [_start(frame, width, look.align) for width in widths]
            ends = [start + width for start, width in zip(starts, widths, strict=True)]
            rect = min(starts), frame.baseline - _ASCENT * size, max(ends), last + _DESCENT * size
            if free(rect):
                runs = [
                    run
                    for number, (line, x) in enumerate(zip(lines, starts, strict=True))
                    for run in self._runs(line, size, look.bold, x, frame.baseline + pitch * number)
                ]
                return Fitted(tuple(runs), rect, scale)
        return None

    def broken(self, text: str, size: float, room: float) -> Iterator[tuple[int, str]]:
        """The lines that a paragraph takes, each with where it begins; one of no text for an empty one."""
        start, end = 0, 0
        for piece in _fitting(text, lambda one: self._width(one, size, False) <= room):
            if end > start and self._width(text[start : end + len(piece)].rstrip(), size, False) > room:
                yield start, text[start:end].rstrip()
                start = end
            end += len(piece)
        yield start, text[start:].rstrip()

    def line_runs(
        self, line: str, size: float, *, bold: bool = False, cuts: Sequence[int] = (), right_to_left: bool | None = None
    ) -> list[LineRun]:
        """What one line is drawn by, from left to right; no run goes over one of `cuts`."""
        base = self.right_to_left if right_to_left is None else right_to_left
        made: list[LineRun] = []
        for start, end, rtl in visual_runs(line, right_to_left=base):
            parts: list[tuple[int, Face, str]] = []
            for first, last in pairwise([start, *(cut for cut in cuts if start < cut < end), end]):
                at = first
                for face, text in _by_face(line[first:last], self._shelf.faces(bold=bold)):
                    parts.append((at, face, text))
                    at += len(text)
            for at, face, text in reversed(parts) if rtl else parts:
                glyphs = tuple(face.shape(text, right_to_left=rtl, language=self._shelf.language))
                made.append(LineRun(at, face, glyphs, size * sum(glyph.advance for glyph in glyphs)))
        return made

    def _lines(self, text: str, size: float, room: float, bold: bool) -> list[str]:
        """Pieces are measured once each, alone: no letter joins another over a place where a line may end."""
        lines: list[str] = []
        line, width = "", 0.0
        for piece in _pieces(text):
            if line and size * (width + self._advance(piece.rstrip(), bold)) > room:
                lines.append(line.rstrip())
                line, width = "", 0.0
            line += piece
            width += self._advance(piece, bold)
        return [*lines, line.rstrip()] if line.strip() else lines

    def _advance(self, piece: str, bold: bool) -> float:
        """Its width in a type of one point."""
        if (piece, bold) not in self._advances:
            self._advances[piece, bold] = self._width(piece, 1.0, bold)
        return self._advances[piece, bold]

    def _width(self, line: str, size: float, bold: bool) -> float:
        return sum(run.width for run in self.line_runs(line, size, bold=bold))

    def _runs(self, line: str, size: float, bold: bool, x: float, y: float) -> Iterator[Placed]:
        for run in self.line_runs(line, size, bold=bold):
            yield Placed(run.face, size, x, y, run.glyphs)
            x += run.width


def _start(frame: Frame, width: float, align: str) -> float:
    spare = frame.x1 - frame.x0 - width
    return frame.x0 + {"left": 0.0, "right": spare, "center": spare / 2}[align]


def _fitting(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The same as `_pieces`, and a piece that no line has room for, character by character."""
    for piece in _pieces(text):
        if fits(piece.rstrip()):
            yield piece
        else:
            yield from piece


def _pieces(text: str) -> Iterator[str]:
    """Stretches between which a line may end, each with the white space after it."""
    piece = ""
    for index, character in enumerate(text):
        piece += character
        after = text[index + 1 : index + 2]
        if not after or after in _NEVER_FIRST or unicodedata.category(after)[0] == "M":
            continue
        if after in _BOUND_BEFORE or character in _BOUND_AFTER:
            continue
        if (character.isspace() and not after.isspace()) or _unspaced(character) or _unspaced(after):
            yield piece
            piece = ""
    if piece:
        yield piece


def _unspaced(character: str) -> bool:
    return character > "\u0e00" and unicodedata.name(character, "").startswith(_UNSPACED)


def _by_face(text: str, faces: Sequence[Face]) -> Iterator[tuple[Face, str]]:
    """Stretches that one face covers; marks and spaces stay with what is before them."""
    current, piece = faces[0], ""
    for character in text:
        stays = piece and (character.isspace() or unicodedata.category(character)[0] in "MC")
        if stays or ord(character) in current.covered:
            piece += character
            continue
        found = next((face for face in faces if ord(character) in face.covered), current)
        if piece:
            yield current, piece
        current, piece = found, character
    if piece:
        yield current, piece
