"""What counts as found: the places of a case's evidence, and whether passages and quotes reach them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.evaluation.dataset import Case
from app.logic.quotes import fold
from app.models.domain import Span

_ENOUGH = 0.5
"""Share of the shorter of two stretches that the other must cover: touching by a word is not finding."""


@dataclass(frozen=True, slots=True)
class Place:
    """A document, a page of it, or `text[start:end]` of that page."""

    document_id: str
    page: int | None = None
    start: int | None = None
    end: int | None = None


Folded = tuple[str, list[tuple[int, int]]]
"""A page's text as `logic.quotes.fold` makes it."""
Target = tuple[Place, ...]
"""One thing to be found; any of its places will do (a quote may stand in a document twice)."""


def targets(case: Case, document_id: str, pages: Mapping[int, Folded]) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    """What is to be found for a case, and those of its quotes that stand nowhere on the document's pages.

    The most exact that the case tells: its quotes, else its pages, else its document.
    """
    if case.quotes:
        named = {page: pages[page] for page in case.pages if page in pages} or pages
        found = [_occurrences(quote, document_id, named) for quote in case.quotes]
        lost = tuple(quote for quote, places in zip(case.quotes, found, strict=True) if not places)
        return tuple(found), lost
    if case.pages:
        return tuple((Place(document_id, page),) for page in case.pages), ()
    return (((Place(document_id),),) if case.document is not None and case.answerable else ()), ()


def reached(gold: Sequence[Target], document_id: str, spans: Iterable[Span]) -> tuple[int, ...]:
    """Indices of the targets that a stretch of a document reaches."""
    held = tuple(spans)
    return tuple(
        number
        for number, target in enumerate(gold)
        if any(place.document_id == document_id and _touches(place, held) for place in target)
    )


def _occurrences(quote: str, document_id: str, pages: Mapping[int, Folded]) -> Target:
    needle = fold(quote)[0].strip()
    found = []
    for page, (text, sources) in pages.items():
        at = text.find(needle) if needle else -1
        while at >= 0:
            found.append(Place(document_id, page, sources[at][0], sources[at + len(needle) - 1][1]))
            at = text.find(needle, at + len(needle))
    return tuple(found)


def _touches(place: Place, spans: Sequence[Span]) -> bool:
    if place.page is None:
        return True
    on = [span for span in spans if span.page == place.page]
    if place.start is None or place.end is None:
        return bool(on)
    return any(_overlap(place.start, place.end, span) >= _ENOUGH for span in on)


def _overlap(start: int, end: int, span: Span) -> float:
    """Common characters as a share of the shorter stretch."""
    common = min(end, span.end) - max(start, span.start)
    return common / max(1, min(end - start, span.end - span.start))
