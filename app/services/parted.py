"""Search for a question that asks several things: each part finds its own passages, and each gets its share of them."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Protocol

from app.logic import language
from app.logic.parts import parts
from app.models.domain import Passage, SearchResult
from app.models.requests import SearchRequest


class Searcher(Protocol):
    async def search(self, request: SearchRequest) -> SearchResult: ...


class StampedSearcher(Searcher, Protocol):
    async def stamp(self, collection: str) -> tuple[str, Hashable] | None:
        """The collection's id, and what changes whenever one of its documents does; None while it has none."""
        ...


class PartedSearch:
    """A Searcher over another one."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    async def search(self, request: SearchRequest) -> SearchResult:
        """As the inner one for a question that asks one thing, and raises what it raises. The best passages of all
        parts, in turn: as many as the part that found most. Timings are those of the slowest part."""
        return await self.search_all(request, ())

    async def search_all(self, request: SearchRequest, more: Sequence[str]) -> SearchResult:
        """The same with further queries, each of which finds passages of its own."""
        spoken = language.detect(request.question)
        asked = (*parts(request.question, spoken[0] if spoken else None), *more)
        if len(asked) == 1:
            return await self._searcher.search(request)
        results = await asyncio.gather(*(self._searcher.search(replace(request, question=part)) for part in asked))
        found = [result for result in results if result.passages]
        if not found:
            return results[0]
        slowest = max(results, key=lambda result: result.timings.get("total", 0.0))
        return SearchResult(
            _in_turn([result.passages for result in found]),
            degraded=any(result.degraded for result in results),
            timings=slowest.timings,
        )


def _in_turn(lists: Sequence[tuple[Passage, ...]]) -> tuple[Passage, ...]:
    """The first of each list, then the second of each; what several parts found once."""
    taken: dict[tuple[str, str], Passage] = {}
    for rank in zip_longest(*lists):
        for passage in rank:
            if passage is not None:
                taken.setdefault((passage.version_id, passage.chunk_id), passage)
    return tuple(taken.values())[: max(map(len, lists))]
