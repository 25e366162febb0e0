import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.core.errors import DocumentNotFound, ParserTimeout
from app.models.domain import Box, Source, Word
from app.services.boxes import BoxFinder, Place

pytestmark = pytest.mark.anyio


class Pages:
    """Parser and sources; every stretch has one box that begins where it does."""

    def __init__(self, failures: dict[str, Exception] | None = None, delay: float = 0.0) -> None:
        self.failures, self.delay = failures or {}, delay
        self.calls: list[tuple[str, tuple[tuple[int, int, int], ...]]] = []

    async def source(self, version_id: str) -> Source:
        return Source(Path(version_id), "application/pdf", "report.pdf")

    async def words(self, version_id: str, pages: Sequence[int]) -> dict[int, tuple[Word, ...]]:
        return {}

    async def boxes(self, source: Source, spans: Sequence[tuple[int, int, int]]) -> list[tuple[Box, ...]]:
        self.calls.append((str(source.path), tuple(spans)))
        await asyncio.sleep(self.delay)
        if str(source.path) in self.failures:
            raise self.failures[str(source.path)]
        return [((float(start), 0.0, float(end), 10.0),) for _, start, end in spans]


def finder(pages: Pages, **options: float) -> BoxFinder:
    return BoxFinder(pages, pages, **options)  # type: ignore[arg-type]


def box(place: Place) -> tuple[Box, ...]:
    return ((float(place.start), 0.0, float(place.end), 10.0),)


A, B, C = Place("v1", 3, 10, 20), Place("v2", 1, 0, 5), Place("v1", 4, 7, 9)


async def test_one_call_for_each_document_and_the_order_of_the_places() -> None:
    pages = Pages()
    assert await finder(pages).find([A, B, C, A]) == [box(A), box(B), box(C), box(A)]
    assert sorted(pages.calls) == [("v1", ((3, 10, 20), (4, 7, 9))), ("v2", ((1, 0, 5),))]


async def test_what_was_looked_up_is_remembered_until_others_push_it_out() -> None:
    pages = Pages()
    made = finder(pages, remembered=2)
    await made.find([A, B])
    await made.find([A, B])
    assert len(pages.calls) == 2
    await made.find([C])
    await made.find([A])
    assert len(pages.calls) == 4


async def test_looking_up_again_keeps_a_place_from_being_forgotten() -> None:
    pages = Pages()
    made = finder(pages, remembered=2)
    await made.find([A])
    await made.find([B])
    await made.find([A])
    await made.find([C])
    assert len(pages.calls) == 3
    await made.find([A])
    assert len(pages.calls) == 3


@pytest.mark.parametrize("error", [DocumentNotFound(), ParserTimeout(), FileNotFoundError("gone")])
async def test_a_document_that_cannot_be_opened_spoils_no_other_and_is_tried_again(error: Exception) -> None:
    pages = Pages({"v1": error})
    made = finder(pages)
    assert await made.find([A, B]) == [(), box(B)]
    pages.failures.clear()
    assert await made.find([A, B]) == [box(A), box(B)]


async def test_a_slow_parser_holds_no_answer_up() -> None:
    assert await finder(Pages(delay=30), timeout=0.05).find([A]) == [()]
