"""Doubles around the answer service: a search that found something, conversations, and pages with boxes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.core.errors import CollectionNotFound
from app.models.domain import Box, Passage, SearchResult, Source, Turn, Word
from app.models.requests import SearchRequest


class Searcher:
    def __init__(self, *passages: Passage, reason: Any = None) -> None:
        self.result = SearchResult(passages, reason, timings={"total": 21.0, "rerank": 8.0})
        self.asked: list[SearchRequest] = []
        self.changes = 0
        """Of the collection's documents."""

    async def search(self, request: SearchRequest) -> SearchResult:
        self.asked.append(request)
        return self.result

    async def stamp(self, collection: str) -> tuple[str, int] | None:
        return f"id of {collection}", self.changes


class Conversations:
    def __init__(self, *turns: Turn, missing: bool = False) -> None:
        self._turns, self._missing = turns, missing
        self.stored: list[dict[str, Any]] = []

    async def turns(self, conversation_id: str, limit: int) -> Sequence[Turn]:
        return self._turns[-limit:]

    async def store(
        self,
        conversation_id: str | None,
        message_id: str,
        *,
        collection: str,
        question: str,
        standalone: str | None,
        answer: Mapping[str, Any],
    ) -> str:
        if self._missing:
            raise CollectionNotFound
        self.stored.append({"message_id": message_id, "standalone": standalone, "answer": answer})
        return conversation_id or "new"


class Pages:
    """Parser and sources: every quote has one box, as wide as it is long."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls: list[tuple[str, list[tuple[int, int, int]]]] = []

    async def source(self, version_id: str) -> Source:
        return Source(Path(version_id), "application/pdf", "report.pdf")

    async def words(self, version_id: str, pages: Sequence[int]) -> dict[int, tuple[Word, ...]]:
        return {}

    async def boxes(self, source: Source, spans: Sequence[tuple[int, int, int]]) -> list[tuple[Box, ...]]:
        self.calls.append((str(source.path), list(spans)))
        if self.error:
            raise self.error
        return [((0.0, 0.0, float(end - start), 10.0),) for _, start, end in spans]
