"""Passages in another language than the question's, ordered by meaning: its words cannot tell them apart, unless the
thesaurus knows what is printed for them.

A passage is as near as its vector and its nearest sentence together. One vector of many sentences blurs what each of
them says, and more so across languages, where the same text is 10 to 20 questions in a hundred further down.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, zip_longest

from app.core.errors import EmbeddingsUnavailable
from app.db.search import FoundChunk
from app.logic import language
from app.logic.intent import read
from app.logic.rerank_features import read_text, spaced
from app.logic.selection import Ranked
from app.logic.sentences import sentences
from app.logic.thesaurus import words
from app.ports import Embedder
from app.services.candidates import Candidates
from app.services.neutral_questions import NeutralQuestions
from app.services.vector_search import Query

_CLOSE = 5
"""Passages whose sentences are looked at."""
_PRINTING = 10
"""Passages that are looked at for what is printed instead of the question's words."""
_SENTENCES = 32
"""Of all of them, since each costs some milliseconds."""
_SENTENCE = 1.5
"""Of the nearest sentence, beside 1 of the passage."""
_NAMES = 0.002
"""Of BM25: what little of the question stands there as it is, names and numbers."""


async def by_meaning(
    embedder: Embedder, questions: NeutralQuestions, question: str, found: Candidates, ranked: Sequence[Ranked]
) -> list[Ranked]:
    """`ranked`, best first, in a new order if none of the best is in the question's language, or prints what the
    thesaurus knows for it; else as it is.

    The scores stay where they were: the n-th chunk has the n-th score.
    """
    if not ranked or not _words_fail(question, found, ranked):
        return list(ranked)
    try:
        asked = await questions.embed(question)
        near = {key: float(vector @ asked) for key, vector in found.vectors.items()}
        order = _nearest_first(ranked, near)
        said = await _nearest_sentences(embedder, asked, order[:_CLOSE])
        close = {
            key: near.get(key, 0.0) + _SENTENCE * cosine + _NAMES * found.keyword.get(key, 0.0)
            for key, cosine in said.items()
        }
        order[:_CLOSE] = _nearest_first(order[:_CLOSE], close)
    except EmbeddingsUnavailable:
        order = _nearest_first(ranked, found.vector)
    return [replace(item, score=scored.score) for item, scored in zip(order, ranked, strict=True)]


def _nearest_first(ranked: Sequence[Ranked], near: Mapping[str, float]) -> list[Ranked]:
    return sorted(ranked, key=lambda item: -near.get(item.chunk.id, -1.0))


def _words_fail(question: str, found: Candidates, ranked: Sequence[Ranked]) -> bool:
    spoken = language.detect(question)
    heard = {found.chunks[item.chunk.id].language for item in ranked[:_CLOSE]}
    if not spoken or not found.vector or None in heard or spoken[0] in heard:
        return False
    phrases = [spaced(words(phrase)) for phrase in read(question).expansion.phrases]
    return not (phrases and any(_prints(found.chunks[item.chunk.id], phrases) for item in ranked[:_PRINTING]))


def _prints(chunk: FoundChunk, phrases: Sequence[str]) -> bool:
    text = read_text(chunk.chunk.text, chunk.chunk.headings, chunk.language)
    return any(phrase in text.folded for phrase in phrases)


async def _nearest_sentences(embedder: Embedder, asked: Query, close: Sequence[Ranked]) -> dict[str, float]:
    """Chunks to how near the nearest of their first sentences is. Raises EmbeddingsUnavailable."""
    texts = list(islice(_sentence_by_sentence(close), _SENTENCES))
    said = await embedder.embed([text for _, text in texts], "sentence")
    nearest: dict[str, float] = {}
    for (chunk_id, _), cosine in zip(texts, said @ asked, strict=True):
        nearest[chunk_id] = max(float(cosine), nearest.get(chunk_id, -1.0))
    return nearest


def _sentence_by_sentence(close: Sequence[Ranked]) -> Iterator[tuple[str, str]]:
    """Chunk and text of the first sentence of each, then of the second of each, and so on."""
    cut = [[(item.chunk.id, item.chunk.text[start:end]) for start, end in sentences(item.chunk.text)] for item in close]
    return (sentence for nth in zip_longest(*cut) for sentence in nth if sentence is not None)
