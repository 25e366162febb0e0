"""What keyword and vector search propose for a question, made into one ranking of live chunks."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.core.errors import EmbeddingsUnavailable, VectorIndexUnavailable
from app.core.tracing import span
from app.db import search
from app.db.session import Database
from app.logic.fusion import convex, normalized
from app.logic.intent import keyword_query
from app.models.domain import Hit
from app.ports import Embedder, KeywordIndex
from app.services.vector_search import Query, VectorSearch

_DEPTH = 60
"""Hits asked of each side."""
_READ = 48
"""Of all that is proposed, those whose text is read: the rest is too far down to be made into a passage."""
_KEYWORD_WEIGHT = 0.5
_DOCUMENT_WEIGHT = 1.0
"""Of being in the document that is meant, beside the fused score of 0 to 1."""


@dataclass(frozen=True, slots=True)
class View:
    """What a request may see, and what it seems to mean."""

    scope: search.Scope
    allowed: tuple[search.LiveDocument, ...] | None
    """None: the whole collection."""
    preferences: Mapping[str, float]
    """Documents to how well the question names them, 0 to 1."""
    meant: tuple[search.LiveDocument, ...]
    languages: tuple[str, ...]
    """Of the collection's documents, the most frequent first."""
    names: frozenset[str]
    """Words of the question that some document's name bears."""


@dataclass(frozen=True, slots=True)
class Candidates:
    chunks: Mapping[str, search.FoundChunk]
    """The best of them."""
    fused: Mapping[str, float]
    keyword: Mapping[str, float]
    """BM25; only of what keyword search proposed."""
    vector: Mapping[str, float]
    """Cosine; of every candidate that has a vector."""
    preferences: Mapping[str, float] = field(default_factory=dict)
    degraded: bool = False
    vectors: Mapping[str, Query] = field(default_factory=dict)
    """Of those of `chunks` that have one."""

    def scores_of(self, chunk_id: str) -> dict[str, float]:
        """By stage, without those that do not know the chunk."""
        known = {
            "keyword": self.keyword.get(chunk_id),
            "vector": self.vector.get(chunk_id),
            "document": self.preferences.get(self.chunks[chunk_id].document_id),
            "fused": self.fused[chunk_id],
        }
        return {name: score for name, score in known.items() if score is not None}


class CandidateSearch:
    def __init__(self, database: Database, embedder: Embedder, keywords: KeywordIndex, vectors: VectorSearch) -> None:
        self._database = database
        self._embedder = embedder
        self._keywords = keywords
        self._vectors = vectors

    async def find(self, question: str, view: View, keyword_weight: float | None = None) -> Candidates:
        """Live chunks that either side proposes, scored by both; `keyword_weight` (0..1) in place of the tuned one."""
        keyword, nearest = await asyncio.gather(self._by_keyword(question, view), self._by_vector(question, view))
        async with self._database.read() as connection:
            ids = list(dict.fromkeys(hit.chunk_id for hit in (*keyword, *nearest.hits)))
            live = _within(await search.proposals(connection, ids, self._embedder.model), view)
            keyword_scores = {hit.chunk_id: hit.score for hit in keyword if hit.chunk_id in live.documents}
            vector_scores = {} if nearest.query is None else _cosines(live, nearest.query)
            fused = _fused(keyword_scores, vector_scores, nearest.hits, keyword_weight)
            weighed = {
                key: fused.get(key, 0.0) + _DOCUMENT_WEIGHT * view.preferences.get(document_id, 0.0)
                for key, document_id in live.documents.items()
            }
            best = sorted(weighed, key=lambda key: -weighed[key])[:_READ]
            chunks = await search.load_chunks(connection, best)
            return Candidates(
                chunks,
                weighed,
                keyword_scores,
                vector_scores,
                view.preferences,
                degraded=nearest.degraded,
                vectors={key: row for key, row in zip(live.embedded, live.vectors, strict=True) if key in chunks},
            )

    async def _by_keyword(self, question: str, view: View) -> list[Hit]:
        query = keyword_query(question, view.languages, view.names)
        allowed = None if view.allowed is None else frozenset(document.id for document in view.allowed)
        meant = frozenset(document.id for document in view.meant)
        searches = [self._keywords.search(view.scope.collection_id, query, _DEPTH, allowed)]
        if meant and meant != allowed:
            searches.append(self._keywords.search(view.scope.collection_id, query, _DEPTH, meant))
        return _united(await asyncio.gather(*searches))

    async def _by_vector(self, question: str, view: View) -> "_Nearest":
        try:
            with span("embed", {"docubot.model": self._embedder.model, "docubot.texts": 1}):
                query: Query = (await self._embedder.embed([question], "query"))[0]
        except EmbeddingsUnavailable:
            return _Nearest(None, [], degraded=True)
        inside, (everywhere, degraded) = await asyncio.gather(
            self._vectors.scan(view.meant, query, _DEPTH), self._nearest(view, query)
        )
        return _Nearest(query, _united((inside, everywhere)), degraded)

    async def _nearest(self, view: View, query: Query) -> tuple[list[Hit], bool]:
        """Hits, and whether the index was down: vectors in SQL then still score what else is found. While no document
        has its vectors there is nothing to ask the index for."""
        if not view.scope.embedded:
            return [], False
        try:
            return await self._vectors.nearest(view.scope, query, _DEPTH, view.allowed), False
        except VectorIndexUnavailable:
            return [], True


@dataclass(frozen=True, slots=True)
class _Nearest:
    query: Query | None
    hits: list[Hit]
    degraded: bool


def _within(live: search.Proposals, view: View) -> search.Proposals:
    """Without documents that the request may not see, whatever the indexes say."""
    if view.allowed is None:
        return live
    seen = {document.id for document in view.allowed}
    return replace(live, documents={key: document for key, document in live.documents.items() if document in seen})


def _cosines(live: search.Proposals, query: Query) -> dict[str, float]:
    if not live.embedded:
        return {}
    cosines = (live.vectors @ query).tolist()
    return {key: cosine for key, cosine in zip(live.embedded, cosines, strict=True) if key in live.documents}


def _united(lists: Iterable[list[Hit]]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hits in lists:
        for hit in hits:
            if hit.chunk_id not in best or hit.score > best[hit.chunk_id].score:
                best[hit.chunk_id] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)


def _fused(
    keyword: Mapping[str, float], vector: Mapping[str, float], proposed: list[Hit], keyword_weight: float | None
) -> dict[str, float]:
    if not vector:
        return normalized(keyword, 0.0)
    lowest = min((hit.score for hit in proposed if hit.chunk_id in vector), default=0.0)
    weight = _KEYWORD_WEIGHT if keyword_weight is None else keyword_weight
    return convex(normalized(keyword, 0.0), normalized(vector, lowest), weight)
