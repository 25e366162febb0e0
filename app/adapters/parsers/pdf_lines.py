"""The lines of a PDF page with place and type, from a few characters of each: asking for all takes twice the time."""

import re
from collections.abc import Iterator

from app.adapters.parsers.pdf_document import PageChars
from app.logic.layout_figures import trailing_figures
from app.logic.layout_lines import Line
from app.logic.pagetext import PageText

_LETTER = re.compile(r"[^\W_]")


def read_lines(chars: PageChars, page: PageText) -> Iterator[Line]:
    """The lines of `page.text` that hold anything, in order."""
    start = 0
    for text in page.text.split("\n"):
        if text.strip():
            yield _line(chars, page, text, start)
        start += len(text) + 1


def _line(chars: PageChars, page: PageText, text: str, start: int) -> Line:
    end = start + len(text)
    first, last = page.raw_index(start), page.raw_span(end - 1, end)[1] - 1
    letter = _LETTER.search(text)  # a bullet before it is set in another font
    sample = page.raw_index(start + letter.start()) if letter else first
    figures, figure = trailing_figures(text)
    left, right, typical = chars.box(first), chars.box(last), chars.box(sample)
    bold, italic = chars.style(sample)
    if bold or italic:
        ends = chars.style(last)
        bold, italic = bold and ends[0], italic and ends[1]
    return Line(
        start=start,
        end=end,
        x0=min(left[0], right[0]),
        y0=typical[1],
        x1=max(left[2], right[2]),
        y1=typical[3],
        size=round(typical[3] - typical[1], 1),
        bold=bold,
        italic=italic,
        figures=figures,
        gap=_gap(chars, page, start, text[:figure].rstrip(" .…$"), figure) if figures == 1 else 0.0,
    )


def _gap(chars: PageChars, page: PageText, start: int, label: str, figure: int) -> float:
    """White space between a row's label and its only figure; a figure without a label stands as far off as can be."""
    if not label:
        return chars.width
    before = chars.box(page.raw_index(start + len(label) - 1))
    after = chars.box(page.raw_index(start + figure))
    return max(0.0, after[0] - before[2])
