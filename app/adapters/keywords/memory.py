"""Keyword search in memory: exact BM25 by a full scan; the offline double of the tantivy index.

BM25 as in Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", k1 and b as tantivy has them.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.adapters.keywords.fields import BODY, CONTEXT, WEIGHTS, by_field, fields_of, weighted
from app.models.domain import Hit, KeywordEntry, KeywordQuery

_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class _Row:
    entry: KeywordEntry
    tokens: dict[str, list[str]]
    counts: dict[str, Counter[str]]


class MemoryKeywordIndex:
    """The KeywordIndex port; what it holds ends with the process."""

    def __init__(self) -> None:
        self._collections: dict[str, dict[str, list[_Row]]] = {}

    async def replace(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        versions = self._collections.setdefault(collection_id, {})
        versions.pop(version_id, None)
        if entries:
            versions[version_id] = [_row(entry) for entry in entries]

    async def add(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        held = self._collections.setdefault(collection_id, {}).setdefault(version_id, [])
        held += [_row(entry) for entry in entries]

    async def remove(self, collection_id: str, version_ids: Sequence[str]) -> None:
        for version_id in version_ids:
            self._collections.get(collection_id, {}).pop(version_id, None)

    async def search(
        self, collection_id: str, query: KeywordQuery, k: int, document_ids: frozenset[str] | None = None
    ) -> list[Hit]:
        rows = [row for version in self._collections.get(collection_id, {}).values() for row in version]
        scores = _bm25(rows, query)
        hits = [
            Hit(chunk_id=row.entry.chunk_id, score=score)
            for row, score in zip(rows, scores, strict=True)
            if score > 0 and (document_ids is None or row.entry.document_id in document_ids)
        ]
        return sorted(hits, key=lambda hit: -hit.score)[:k]

    async def counts(self, collection_id: str) -> dict[str, int]:
        return {version: len(rows) for version, rows in self._collections.get(collection_id, {}).items()}

    async def drop(self, collection_id: str) -> None:
        self._collections.pop(collection_id, None)

    async def close(self) -> None:
        self._collections.clear()


def _row(entry: KeywordEntry) -> _Row:
    tokens = by_field(entry.body, entry.context)
    return _Row(entry=entry, tokens=tokens, counts={field: Counter(of) for field, of in tokens.items()})


def _bm25(rows: Sequence[_Row], query: KeywordQuery) -> list[float]:
    scores = [0.0] * len(rows)
    sought: list[tuple[str, tuple[str, ...], float]]
    sought = [(field, (term,), weight) for term, weight in weighted(query) for field in fields_of(term)]
    sought += [(field, phrase, 1.0) for phrase in (*query.phrases, *query.preferred) for field in (BODY, CONTEXT)]
    for field, phrase, weight in sought:
        mean = sum(len(row.tokens[field]) for row in rows) / (len(rows) or 1)
        rarity = sum(_idf(rows, field, word) for word in phrase)
        for i, row in enumerate(rows):
            if count := row.counts[field][phrase[0]] if len(phrase) == 1 else _occurrences(phrase, row.tokens[field]):
                length = _K1 * (1 - _B + _B * len(row.tokens[field]) / mean)
                scores[i] += weight * WEIGHTS[field] * rarity * count * (_K1 + 1) / (count + length)
    return [score if _has_phrases(row, query) else 0.0 for row, score in zip(rows, scores, strict=True)]


def _idf(rows: Sequence[_Row], field: str, word: str) -> float:
    matching = sum(word in row.counts[field] for row in rows)
    return math.log(1 + (len(rows) - matching + 0.5) / (matching + 0.5))


def _has_phrases(row: _Row, query: KeywordQuery) -> bool:
    return all(any(_occurrences(phrase, row.tokens[field]) for field in (BODY, CONTEXT)) for phrase in query.phrases)


def _occurrences(phrase: tuple[str, ...], tokens: Sequence[str]) -> int:
    return sum(tuple(tokens[i : i + len(phrase)]) == phrase for i in range(len(tokens) - len(phrase) + 1))
