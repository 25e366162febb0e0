"""From a question to the passages that may answer it.

Keyword and vector search run side by side over the collection and, once more, inside the documents that the question
seems to mean. Both rankings are fused, scored against the question, and cut to passages. The indexes only propose:
what is visible is what SQL holds as live.
"""

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.errors import CollectionNotFound, EmbeddingMismatch
from app.db import search
from app.db.session import Database
from app.logic.selection import Group, Ranked, groups, neighbours, text_and_spans, widened
from app.logic.table_markdown import as_markdown
from app.models.domain import Passage, SearchResult
from app.models.requests import SearchRequest
from app.ports import Embedder, KeywordIndex, Reranker, VectorIndex
from app.services.abroad import AcrossLanguages
from app.services.candidates import Candidates, CandidateSearch, View
from app.services.document_cards import DocumentCards
from app.services.second_opinion import NONE, SecondOpinion
from app.services.stopwatch import Stopwatch
from app.services.vector_search import VectorSearch

DEFAULT_COLLECTION = "default"
_MEANT_DOCUMENTS = 4
"""Documents that are searched on their own because the question seems to mean them."""
_MEANT = 0.6
"""Of the best preference: what is named half as well is not meant."""
_AT_ONCE = 16
"""Searches under way; others wait for their turn. All at once, each would end as late as the last, and the database's
connections would be waited for until some give up."""
_PASSAGE_TOKENS = 512
"""How far a passage may grow; twice the default chunk."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The ports that a search asks."""

    embedder: Embedder
    keywords: KeywordIndex
    vectors: VectorIndex
    reranker: Reranker
    second_look: Reranker | None = None
    """Has the last word, also on questions in another language than the passages; it is given the scores so far."""
    second_opinion: SecondOpinion = NONE
    """On passages in another language than the question's."""


def _unobserved(result: SearchResult) -> None:
    """The default of `observe`."""


class RetrieverService:
    def __init__(
        self,
        database: Database,
        engines: Engines,
        *,
        top_k: int,
        score_floor: float,
        observe: Callable[[SearchResult], None] = _unobserved,
    ) -> None:
        """`observe` is told of each search, for the metrics."""
        self._observe = observe
        self._database = database
        self._engines = engines
        self._top_k = top_k
        self._score_floor = score_floor
        self._cards = DocumentCards()
        self._abroad = AcrossLanguages(engines.embedder, engines.second_opinion)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        vectors = VectorSearch(database, engines.vectors, engines.embedder.model)
        self._candidates = CandidateSearch(database, engines.embedder, engines.keywords, vectors)

    async def search(self, request: SearchRequest) -> SearchResult:
        """Passages, best first, or the reason why there are none.

        Raises CollectionNotFound, EmbeddingMismatch, InvalidFilter. When the vector side is down it goes on by keywords
        alone and says so (`degraded`).
        """
        watch = Stopwatch()
        with watch.stage("total"):
            async with self._turns:
                result = await self._search(request, watch)
        result = replace(result, timings=dict(watch.timings))
        self._observe(result)
        return result

    async def stamp(self, collection: str) -> tuple[str, Hashable] | None:
        """The collection's id and a value that changes with its documents, as the cache of answers asks for it; None
        while nothing can be found in it."""
        async with self._database.read() as connection:
            try:
                scope = await search.scope_of(connection, collection)
            except CollectionNotFound:
                return None
        return (scope.collection_id, (scope.stamp, scope.index_id)) if scope.documents else None

    async def _search(self, request: SearchRequest, watch: Stopwatch) -> SearchResult:
        with watch.stage("scope"):
            view = await self._view(request)
        if view is None or not view.scope.documents:
            return SearchResult((), "empty_collection")
        if view.allowed is not None and not view.allowed:
            return SearchResult((), "filtered_out")
        with watch.stage("retrieve"):
            found = await self._candidates.find(request.question, view, request.keyword_weight)
        if not found.chunks:
            return SearchResult((), "no_match", found.degraded)
        with watch.stage("rerank"):
            ranked = await self._rank(request.question, found)
        if ranked[0].score >= self._score_floor:
            ranked = _as_asked(ranked, found, request)
        if not ranked or ranked[0].score < self._score_floor:
            return SearchResult((), "low_score", found.degraded)
        with watch.stage("select"):
            passages = await self._passages(ranked, found, request.top_k or self._top_k)
        return SearchResult(passages, None, found.degraded)

    async def _view(self, request: SearchRequest) -> View | None:
        """None for the default collection before anything was uploaded."""
        async with self._database.read() as connection:
            try:
                scope = await search.scope_of(connection, request.collection)
            except CollectionNotFound:
                if request.collection == DEFAULT_COLLECTION:
                    return None
                raise
            if scope.embedding_model != self._engines.embedder.model:
                raise EmbeddingMismatch
            index = await self._cards.index(connection, scope)
            preferences = index.preferences(request.question)
            restricted = request.document_ids is not None or request.filters is not None
            asked = request.document_ids if restricted else _meant(preferences)
            documents = await search.live_documents(connection, scope.collection_id, ids=asked, filters=request.filters)
        languages, names = index.languages(), index.names_in(request.question)
        if restricted:
            seen = {document.id for document in documents}
            preferences = {key: value for key, value in preferences.items() if key in seen}
            wanted = set(_meant(preferences))
            meant = tuple(document for document in documents if document.id in wanted)
            return View(
                scope, tuple(documents), preferences, meant, index.languages(), index.names_in(request.question)
            )
        return View(scope, None, preferences, tuple(documents), languages, names)

    async def _rank(self, question: str, found: Candidates) -> list[Ranked]:
        """The best candidates, best first."""
        best = sorted(found.chunks, key=lambda key: -found.fused[key])
        ranked = await _ordered(self._engines.reranker, question, found, {key: found.fused[key] for key in best})
        ranked = await self._abroad.by_meaning(question, found, ranked)
        if self._engines.second_look is None:
            return ranked
        scores = {item.chunk.id: item.score for item in ranked}
        return await _ordered(self._engines.second_look, question, found, scores)

    async def _passages(self, ranked: Sequence[Ranked], found: Candidates, limit: int) -> tuple[Passage, ...]:
        chosen = groups(ranked, limit=limit, max_tokens=_PASSAGE_TOKENS)
        async with self._database.read() as connection:
            wanted = [key for group in chosen for key in neighbours(group)]
            around = {
                (chunk.version_id, chunk.ordinal): chunk for chunk in await search.load_ordinals(connection, wanted)
            }
            grown = [widened(group, around, max_tokens=_PASSAGE_TOKENS) for group in chosen]
            numbers = {(group.best.version_id, span.page) for group in grown for span in group.best.spans}
            facts = await search.load_pages(connection, numbers)
        return tuple(_passage(group, found, facts) for group in grown)


def _as_asked(ranked: list[Ranked], found: Candidates, request: SearchRequest) -> list[Ranked]:
    """Who weighs the two sides wants the fusion's order, and scores of 0..1; then the request's own floor."""
    if request.keyword_weight is not None:
        ranked = [Ranked(item.chunk, min(1.0, found.fused[item.chunk.id])) for item in ranked]
        ranked.sort(key=lambda item: -item.score)
    return [item for item in ranked if request.score_floor is None or item.score >= request.score_floor]


def _meant(preferences: Mapping[str, float]) -> tuple[str, ...]:
    """The documents that are named best, if few enough are named so well."""
    best = max(preferences.values(), default=0.0)
    meant = [key for key, value in preferences.items() if value >= _MEANT * best]
    return tuple(sorted(meant, key=lambda key: -preferences[key])[:_MEANT_DOCUMENTS])


async def _ordered(reranker: Reranker, question: str, found: Candidates, scores: Mapping[str, float]) -> list[Ranked]:
    """Chunks by the reranker's score, best first; `scores` are those that they have so far."""
    told = await reranker.rerank(question, [_candidate(found, key, score) for key, score in scores.items()])
    ranked = [Ranked(found.chunks[key].chunk, score) for key, score in zip(scores, told, strict=True)]
    return sorted(ranked, key=lambda item: -item.score)


def _candidate(found: Candidates, chunk_id: str, score: float) -> Passage:
    """A chunk as a reranker takes it: alone, with its scores."""
    item = found.chunks[chunk_id]
    return Passage(
        chunk_id=chunk_id,
        document_id=item.document_id,
        version_id=item.chunk.version_id,
        version=item.version,
        filename=item.filename,
        media_type=item.media_type,
        title=item.title,
        text=item.chunk.text,
        spans=item.chunk.spans,
        page_labels={},
        headings=item.chunk.headings,
        locator=None,
        language=item.language,
        score=score,
        scores=found.scores_of(chunk_id),
    )


def _passage(group: Group, found: Candidates, facts: Mapping[tuple[str, int], search.PageFacts]) -> Passage:
    text, spans = text_and_spans(group.chunks)
    columns = next((chunk.columns for chunk in group.chunks if chunk.columns), None)
    version = group.best.version_id
    on = {page: facts[version, page] for page in sorted(group.pages) if (version, page) in facts}
    first = next(iter(on.values()), None)
    return replace(
        _candidate(found, group.best.id, group.score),
        text=text,
        spans=spans,
        markdown=as_markdown(text, columns),
        page_labels={page: fact.label for page, fact in on.items() if fact.label is not None},
        locator=first.locator if first else None,
        locators={page: fact.locator for page, fact in on.items() if fact.locator is not None},
        language=(first.language if first else None) or found.chunks[group.best.id].language,
        scores={**found.scores_of(group.best.id), "rerank": group.score},
    )
