"""A PDF's outline (bookmarks), as headings that stand on pages."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import islice

import pypdfium2 as pdfium

from app.logic.pagetext import clean

_MOST_ENTRIES = 5000
_DEEPEST = 6


def outline(document: pdfium.PdfDocument) -> Mapping[int, tuple[tuple[str, int], ...]]:
    """Titles with their levels (1 is outermost) by index of the page that they lead to."""
    found: defaultdict[int, tuple[tuple[str, int], ...]] = defaultdict(tuple)
    for bookmark in islice(document.get_toc(max_depth=_DEEPEST), _MOST_ENTRIES):
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        title = clean(bookmark.get_title()).text
        if index is not None and title:
            found[index] += ((title, min(_DEEPEST, bookmark.level + 1)),)
    return found
