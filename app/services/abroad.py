"""Passages in another language than the question's, ordered by meaning: its words cannot tell them apart, unless the
thesaurus knows what is printed for them.

A passage is as near as its vector and its nearest sentence together. One vector of many sentences blurs what each of
them says, and more so across languages, where the same text is 10 to 20 questions in a hundred further down. A second
model, which knows some languages only, is asked too.
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
from app.ports import Embedder, Vectors
from app.services.candidates import Candidates
from app.services.neutral_questions import NeutralQuestions
from app.services.second_opinion import NONE, SECOND, SecondOpinion

_COMPARED = 6
"""Passages whose sentences the second model compares."""
_CLOSE = 5
"""Passages whose sentences the first one embeds: it takes three times as long."""
_PRINTING = 10
"""Passages that are looked at for what is printed instead of the question's words."""
_SENTENCES = 32
"""Of all of them, since each costs some milliseconds."""
_SENTENCE = 1.5
"""Of the nearest sentence, beside 1 of the passage."""
_NAMES = 0.002
"""Of BM25: what little of the question stands there as it is, names and numbers."""


class AcrossLanguages:
    def __init__(self, embedder: Embedder, second: SecondOpinion = NONE) -> None:
        self._embedder, self._second = embedder, second
        self._questions = NeutralQuestions(embedder)

    async def by_meaning(self, question: str, found: Candidates, ranked: Sequence[Ranked]) -> list[Ranked]:
        """`ranked`, best first, in a new order if none of the best is in the question's language, or prints what the
        thesaurus knows for it; else as it is.

        The scores stay where they were: the n-th chunk has the n-th score.
        """
        if not ranked or not _words_fail(question, found, ranked):
            return list(ranked)
        try:
            order = await self._nearest_first(question, found, ranked)
        except EmbeddingsUnavailable:
            order = _best_first(ranked, found.vector)
        return [replace(item, score=scored.score) for item, scored in zip(order, ranked, strict=True)]

    async def _nearest_first(self, question: str, found: Candidates, ranked: Sequence[Ranked]) -> list[Ranked]:
        """Raises EmbeddingsUnavailable."""
        asked = await self._questions.embed(question)
        near = {key: float(vector @ asked) for key, vector in found.vectors.items()}
        order = _best_first(ranked, near)
        second = await self._second_opinion(question, found, order[:_COMPARED])
        for item in order[:_COMPARED]:
            key = item.chunk.id
            near[key] = near.get(key, 0.0) + _NAMES * found.keyword.get(key, 0.0) + second.get(key, 0.0)
        order[:_COMPARED] = _best_first(order[:_COMPARED], near)
        texts = list(islice(_sentence_by_sentence(order[:_CLOSE]), _SENTENCES))
        said = await self._embedder.embed([text for _, text in texts], "sentence")
        nearest = _nearest(texts, said @ asked)
        order[:_CLOSE] = _best_first(
            order[:_CLOSE], {key: near[key] + _SENTENCE * cosine for key, cosine in nearest.items()}
        )
        return order

    async def _second_opinion(self, question: str, found: Candidates, close: Sequence[Ranked]) -> dict[str, float]:
        """By chunk, of its nearest sentence; nothing where there is none."""
        texts = list(islice(_sentence_by_sentence(close), _SENTENCES))
        languages = {found.chunks[item.chunk.id].language for item in close}
        cosines = await self._second.cosines(question, languages, [text for _, text in texts])
        return {} if cosines is None else _nearest(texts, SECOND * cosines)


def _best_first(ranked: Sequence[Ranked], worth: Mapping[str, float]) -> list[Ranked]:
    return sorted(ranked, key=lambda item: -worth.get(item.chunk.id, -1.0))


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


def _nearest(texts: Sequence[tuple[str, str]], cosines: Vectors) -> dict[str, float]:
    """Chunks to the highest cosine of their sentences."""
    nearest: dict[str, float] = {}
    for (chunk_id, _), cosine in zip(texts, cosines, strict=True):
        nearest[chunk_id] = max(float(cosine), nearest.get(chunk_id, -1.0))
    return nearest


def _sentence_by_sentence(close: Sequence[Ranked]) -> Iterator[tuple[str, str]]:
    """Chunk and text of the first sentence of each, then of the second of each, and so on."""
    cut = [[(item.chunk.id, item.chunk.text[start:end]) for start, end in sentences(item.chunk.text)] for item in close]
    return (sentence for nth in zip_longest(*cut) for sentence in nth if sentence is not None)
