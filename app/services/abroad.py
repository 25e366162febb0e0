"""Passages in another language than the question's, ordered by meaning alone: its words cannot tell them apart.

A passage is as near as its vector and its nearest sentence together. One vector of many sentences blurs what each of
them says, and more so across languages, where the same text is 10 to 20 questions in a hundred further down.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.core.errors import EmbeddingsUnavailable
from app.logic import language
from app.logic.selection import Ranked
from app.logic.sentences import sentences
from app.ports import Embedder
from app.services.candidates import Candidates

_CLOSE = 5
"""Passages whose sentences are looked at."""
_SENTENCES = 32
"""Of all of them, since each costs some milliseconds."""


async def by_meaning(embedder: Embedder, question: str, found: Candidates, ranked: Sequence[Ranked]) -> list[Ranked]:
    """`ranked`, best first, in a new order if none of the best is in the question's language; else as it is.

    The scores stay where they were: the n-th chunk has the n-th score.
    """
    if not ranked or not _is_abroad(question, found, ranked):
        return list(ranked)
    order = sorted(ranked, key=lambda item: -found.vector.get(item.chunk.id, 0.0))
    near = await _nearest_sentences(embedder, question, order[:_CLOSE])
    if near:
        close = {item.chunk.id: found.vector.get(item.chunk.id, 0.0) + near.get(item.chunk.id, 0.0) for item in order}
        order[:_CLOSE] = sorted(order[:_CLOSE], key=lambda item: -close[item.chunk.id])
    return [replace(item, score=scored.score) for item, scored in zip(order, ranked, strict=True)]


def _is_abroad(question: str, found: Candidates, ranked: Sequence[Ranked]) -> bool:
    spoken = language.detect(question)
    heard = {found.chunks[item.chunk.id].language for item in ranked[:_CLOSE]}
    return bool(spoken and found.vector and None not in heard and spoken[0] not in heard)


async def _nearest_sentences(embedder: Embedder, question: str, close: Sequence[Ranked]) -> dict[str, float]:
    """Chunks to the cosine of the nearest of their first sentences; empty without embeddings."""
    share = _SENTENCES // max(1, len(close))
    texts = [(item.chunk.id, item.chunk.text[start:end]) for item in close for start, end in _first(item, share)]
    try:
        asked = await embedder.embed([question], "query")
        said = await embedder.embed([text for _, text in texts], "sentence")
    except EmbeddingsUnavailable:
        return {}
    nearest: dict[str, float] = {}
    for (chunk_id, _), cosine in zip(texts, said @ asked[0], strict=True):
        nearest[chunk_id] = max(float(cosine), nearest.get(chunk_id, -1.0))
    return nearest


def _first(item: Ranked, count: int) -> Sequence[tuple[int, int]]:
    return sentences(item.chunk.text)[:count]
