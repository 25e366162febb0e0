"""A page that was read by OCR: from recognized words to stored text, the words' places in it, and lines for the layout.

Words come in Tesseract's TSV: one line for each block, paragraph, line and word, with places in pixels and, for words,
a confidence from 0 to 100 (tesseract(1), "tsv"). Everything here is in points of the shown page.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from app.logic.hyphens import LINE_END_HYPHEN
from app.logic.layout_figures import trailing_figures
from app.logic.layout_lines import Line
from app.logic.lineboxes import rounded, union
from app.logic.pagetext import PageText, clean
from app.models.domain import Box, Word

_WORD_LEVEL, _FIELDS = "5", 12
_LEAST_CONFIDENCE = 0.3
"""Below it Tesseract has mostly taken pictures, stains and rules for letters."""
_SPACELESS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
)
_BROKEN_WORD = re.compile(r"[^\W\d_][-\u2010\u00ad\u00ac]\Z")
_SAME_SIZE = 0.25
_INK = 1.6
"""Height of a line of type, in heights of its words' ink."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """A word as the engine gave it; words of one `line` stand side by side."""

    text: str
    box: Box
    confidence: float
    """0..1."""
    line: tuple[int, int, int]
    """Block, paragraph, line."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What OCR made of a page."""

    text: str
    words: tuple[Word, ...]
    lines: tuple[Line, ...]
    confidence: float
    """Of a word, weighted by length: 0..1; 0 where nothing was found."""


def recognized(tsv: str, scale: float) -> Iterator[Recognized]:
    """The words of a TSV; `scale` is points a pixel. Lines that are none of Tesseract's are passed over."""
    for row in tsv.split("\n"):
        fields = row.split("\t", _FIELDS - 1)
        if len(fields) < _FIELDS or fields[0] != _WORD_LEVEL or not fields[11].strip():
            continue
        left, top, width, height = (int(field) * scale for field in fields[6:10])
        confidence = min(1.0, max(0.0, float(fields[10]) / 100))
        block, paragraph, line = map(int, fields[2:5])
        box = (left, top, left + width, top + height)
        yield Recognized(fields[11].strip(), box, confidence, (block, paragraph, line))


def assemble(found: Sequence[Recognized]) -> Reading:
    """Text in reading order, one line a line, hyphens at line ends undone, doubtful specks left out."""
    kept = [word for word in found if word.confidence >= _LEAST_CONFIDENCE and any(map(str.isprintable, word.text))]
    raw, owners = _raw(kept)
    page = clean(raw)
    words = tuple(_words(page, owners, kept))
    length = sum(len(word.text) for word in kept)
    confidence = sum(word.confidence * len(word.text) for word in kept) / length if length else 0.0
    return Reading(page.text, words, tuple(_lines(page.text, words)), round(confidence, 3))


def _raw(words: Sequence[Recognized]) -> tuple[str, list[int]]:
    """Text as pdfium would give it, and for each of its characters the number of the word that it belongs to."""
    pieces: list[str] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        text = word.text
        if following is None:
            separator = ""
        elif following.line == word.line:
            separator = "" if _SPACELESS.match(text[-1]) and _SPACELESS.match(following.text) else " "
        elif _BROKEN_WORD.search(text) and following.line[0] == word.line[0]:
            text, separator = text[:-1] + LINE_END_HYPHEN, ""
        else:
            separator = "\r\n"
        pieces += (text, separator)
        owners += [index] * (len(text) + len(separator))
    return "".join(pieces), owners


def _words(page: PageText, owners: Sequence[int], words: Sequence[Recognized]) -> Iterator[Word]:
    start, owner = 0, -1
    for offset, character in enumerate(page.text):
        current = -1 if character.isspace() else owners[page.raw_index(offset)]
        if current != owner:
            if owner >= 0:
                yield Word(start, offset, rounded(words[owner].box))
            start, owner = offset, current
    if owner >= 0:
        yield Word(start, len(page.text), rounded(words[owner].box))


def _lines(text: str, words: Sequence[Word]) -> Iterator[Line]:
    """Heights of words differ by their letters: what is about as tall as most of the page is of the body's size."""
    usual = median(word.box[3] - word.box[1] for word in words) if words else 0.0
    start = at = 0
    for line in text.split("\n"):
        end = start + len(line)
        mine = []
        while at < len(words) and words[at].start < end:
            mine.append(words[at])
            at += 1
        if mine:
            yield _line(line, start, mine, usual)
        start = end + 1


def _line(text: str, start: int, words: Sequence[Word], usual: float) -> Line:
    figures, figure = trailing_figures(text)
    first = words[0].box
    beside = [word.box for word in words if word.box[1] < first[3] and word.box[3] > first[1]]
    x0, y0, x1, y1 = union(beside)
    tall = median(box[3] - box[1] for box in beside)
    size = usual if abs(tall - usual) <= _SAME_SIZE * usual else tall
    gap = 0.0
    if figures == 1:
        label = [word.box[2] for word in words if word.end <= start + figure]
        last = next((word.box[0] for word in words if word.end > start + figure), x1)
        gap = max(0.0, last - max(label)) if label else last
    return Line(start, start + len(text), x0, y0, x1, y1, size=round(_INK * size, 1), figures=figures, gap=gap)
