"""A quote's place in a document's translation: the sentences that stand where its own stand in the source."""

from collections.abc import Iterable, Sequence

from app.logic.sentences import sentences
from app.models.translation import AlignedCell, AlignedPage

_SIDE = 1
"""Pages before and after the cited one that are looked at too: paragraphs may go on, and units are counted apart."""


def translated_quote(pages: Iterable[AlignedPage], quote: str, number: int | None) -> str | None:
    """What stands in the translation for a quote of page `number`; None where it is not found or was not translated.

    Where source and translation of a paragraph have as many sentences, those of the quote; else the whole paragraph.
    """
    wanted = _folded(quote)
    near = sorted(pages, key=lambda page: abs(page.number - (number or page.number)))
    for page in near:
        if number is not None and abs(page.number - number) > _SIDE:
            break
        for block in page.blocks:
            cells = [cell for row in block.rows for cell in row]
            for cell in [*cells, _row(cells)]:
                if wanted and not cell.failed and wanted in _folded(cell.source):
                    return _part(cell, wanted)
    return None


def _row(cells: Sequence[AlignedCell]) -> AlignedCell:
    """A table's cells in a line, as its page's text has them."""
    source = " ".join(cell.source for cell in cells)
    return AlignedCell(source, " ".join(cell.target for cell in cells), any(cell.failed for cell in cells))


def _part(cell: AlignedCell, wanted: str) -> str:
    before = [cell.source[start:end] for start, end in sentences(cell.source)]
    after = [cell.target[start:end] for start, end in sentences(cell.target)]
    if len(before) != len(after):
        return cell.target.strip()
    found = _folded(cell.source).find(wanted)
    at, said = 0, []
    for source, target in zip(before, after, strict=True):
        end = at + len(_folded(source))
        if at < found + len(wanted) and end > found:
            said.append(target.strip())
        at = end
    return " ".join(said) or cell.target.strip()


def _folded(text: str) -> str:
    """Without white space, which layouts differ in."""
    return "".join(text.split()).casefold()
