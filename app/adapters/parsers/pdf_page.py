"""The stored text of a PDF page, made the same way by whoever asks, and the boxes of any stretch of it."""

import re
from collections.abc import Sequence

import pypdfium2 as pdfium

from app.adapters.parsers.pdf_document import PageChars
from app.adapters.parsers.pdf_forms import filled_fields
from app.adapters.parsers.pdf_lines import read_lines
from app.adapters.parsers.pdf_pypdf import SecondOpinion
from app.logic.layout_lines import Line, plain_lines
from app.logic.lineboxes import merge, rounded
from app.logic.pagetext import PageText, clean
from app.logic.textlayer import Quality, judge, loses_marks
from app.models.domain import Box

_STAMP = 120  # characters: a number, a date, "received by"
_MOSTLY = 0.5
_SPACE = re.compile(r"\s+")


class PdfPage:
    """One page, read by pdfium, or by pypdf where pdfium gives rubbish. Raises UnreadableDocument; close it."""

    def __init__(
        self, document: pdfium.PdfDocument, index: int, second: SecondOpinion, *, only_second: bool = False
    ) -> None:
        self.chars = PageChars(document, index)
        self.printed: PageText = clean(self.chars.raw)
        self.quality: Quality = judge(self.printed.text)
        self._by_pdfium = True
        if self.quality == "bad" or only_second:
            other = clean(second.text(index))
            if only_second or (judge(other.text) == "good" and not loses_marks(self.printed.text, other.text)):
                self.printed, self.quality, self._by_pdfium = other, "good", False
        self._fields = list(filled_fields(document, self.chars.page))
        filled = "\n".join(line for line, _ in self._fields)
        self.text = "\n".join(filter(None, (self.printed.text, filled)))
        self.quality = self._whole_quality()

    def _whole_quality(self) -> Quality:
        """That of the text; but a blank page lacks none, and a stamp on a scan does not make up for the rest."""
        solid = sum(map(str.isalnum, self.text[:_STAMP])) if len(self.text) < _STAMP else _STAMP
        if self.quality == "good" and solid < _STAMP / 3 and self.chars.picture_share() > _MOSTLY:
            return "empty"
        if self.quality == "empty" and (solid or not self.chars.has_drawings()):
            return "good"
        return self.quality

    def lines(self) -> tuple[Line, ...]:
        """The lines of `text`, with their places where pdfium read the page."""
        lines = read_lines(self.chars, self.printed) if self._by_pdfium else plain_lines(self.printed.text)
        below = self.text[len(self.printed.text) :]
        return (*lines, *plain_lines(below, offset=len(self.printed.text), top=self.chars.height))

    def close(self) -> None:
        self.chars.close()

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """Of `text[start:end]`, one a line; found again by its letters where pypdf read the page."""
        start, end = max(0, start), min(end, len(self.text))
        printed = len(self.printed.text)
        first, last = self._raw_span(start, min(end, printed))
        boxes = merge((self.chars.raw[index], self.chars.box(index)) for index in range(first, last))
        return boxes + tuple(self._field_boxes(start, end, printed + 1 if printed else 0))

    def _raw_span(self, start: int, end: int) -> tuple[int, int]:
        if end <= start or self._by_pdfium:
            return self.printed.raw_span(start, end)
        quote = _SPACE.sub("", self.printed.text[start:end])
        places = [index for index, character in enumerate(self.chars.raw) if not character.isspace()]
        at = "".join(self.chars.raw[index] for index in places).find(quote)
        return (places[at], places[at + len(quote) - 1] + 1) if quote and at >= 0 else (0, 0)

    def _field_boxes(self, start: int, end: int, at: int) -> Sequence[Box]:
        boxes = []
        for line, rectangle in self._fields:
            if start < at + len(line) and at < end:
                boxes.append(rounded(self.chars.shown(*rectangle)))
            at += len(line) + 1
        return boxes
