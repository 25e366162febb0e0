"""A page of text set as a reader would print it, its quotes marked, for files that have no pages to draw.

Of a long text only what stands around the first quote is drawn, as much as fits a long sheet; dots tell what is left
out. Lines are set by the fonts and the bidirectional order that translated PDFs are set by.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from app.adapters.parsers.originals.pdf_fonts import FontShelf
from app.adapters.parsers.originals.pdf_page import EditedPage
from app.adapters.parsers.originals.pdf_setting import Fitted, Placed, Setter
from app.adapters.parsers.picture import draw as draw_page
from app.logic.language import letters
from app.models.domain import Box
from app.models.pictures import WrittenPage

_WIDTH, _MARGIN = 595.0, 48.0
"""Points: a sheet of A4, as long as its text."""
_SIZE, _PITCH = 10.5, 15.5
_ASCENT, _DESCENT = 0.95, 0.32
_SHOWN, _BEFORE = 6000, 1500
"""Characters, in all and before the first quote."""
_LEFT_OUT = "…"
_BLACK = 0, 0, 0, 255


@dataclass(slots=True)
class _Sheet:
    setter: Setter
    runs: list[Placed] = field(default_factory=list)
    marked: list[Box] = field(default_factory=list)
    y: float = _MARGIN

    def line(self, text: str, start: int, quotes: Sequence[tuple[int, int]], *, right_to_left: bool) -> None:
        """One line that begins at `start` of the page's text."""
        baseline = self.y + _ASCENT * _SIZE
        cuts = sorted({at - start for quote in quotes for at in quote if start < at < start + len(text)})
        runs = self.setter.line_runs(text, _SIZE, cuts=cuts, right_to_left=right_to_left)
        x = _WIDTH - _MARGIN - sum(run.width for run in runs) if right_to_left else _MARGIN
        for run in runs:
            self.runs.append(Placed(run.face, _SIZE, x, baseline, run.glyphs))
            if any(first <= start + run.start < last for first, last in quotes):
                self.marked.append((x, self.y, x + run.width, baseline + _DESCENT * _SIZE))
            x += run.width
        self.y += _PITCH


def draw(page: WrittenPage, scale: float) -> bytes:
    """PNG; `scale` 1.0 is 72 dpi. Raises FontMissing where no font here has the text's script."""
    scripts = frozenset(script for script, count in letters(page.text).items() if count)
    sheet = _Sheet(Setter(FontShelf(page.language or "und", scripts), right_to_left=False))
    room = _WIDTH - 2 * _MARGIN
    for start, text in _shown(page):
        right_to_left = _runs_right_to_left(text)
        for at, line in sheet.setter.broken(text, _SIZE, room):
            sheet.line(line, start + at, page.quotes, right_to_left=right_to_left)
    document = pdfium.PdfDocument.new()
    try:
        document.new_page(_WIDTH, sheet.y + _MARGIN).close()
        _put(document, sheet)
        return draw_page(document, 1, scale, sheet.marked)
    finally:
        document.close()


def _put(document: pdfium.PdfDocument, sheet: _Sheet) -> None:
    faces = {id(run.face): run.face for run in sheet.runs}
    fonts = {key: face.loaded(document.raw, chr(ord("A") + n)) for n, (key, face) in enumerate(faces.items())}
    edited = EditedPage(document, 0)
    try:
        edited.draw(Fitted(tuple(sheet.runs), (0.0, 0.0, 0.0, 0.0), 1.0), fonts, _BLACK)
        edited.finish()
    finally:
        edited.close()


def _shown(page: WrittenPage) -> Iterator[tuple[int, str]]:
    """The paragraphs that are drawn, each with where it begins."""
    first = min((start for start, _ in page.quotes), default=0)
    start = 0 if first <= _BEFORE else page.text.rfind("\n", 0, first - _BEFORE) + 1
    end = min(len(page.text), max(start + _SHOWN, first + _BEFORE))
    if start:
        yield start, _LEFT_OUT
    for line in page.text[start:end].split("\n"):
        yield start, line.replace("\t", " ").replace("\r", " ")
        start += len(line) + 1
    if end < len(page.text):
        yield end, _LEFT_OUT


def _runs_right_to_left(text: str) -> bool:
    """By its first strong character, as Unicode's bidirectional algorithm has it (P2 and P3)."""
    return next((kind != "L" for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), False)
