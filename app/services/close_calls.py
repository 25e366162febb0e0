"""Passages that are nearly as good as the best, ordered once more by what each says.

A passage's one vector blurs what its sentences say. Embedding them all would take longer than the search, and is seldom
needed: one sentence of each passage that is close to the best parts most of them. Where two or three are still even,
which is one question in ten, a few more sentences and pairs of neighbours of each do. A passage is as near as the
nearest of its texts, itself among them; a table, whose rows say little alone, is weighed as a whole.
"""

from collections.abc import Mapping, Sequence

from anyio import to_thread

from app.core.errors import EmbeddingsUnavailable
from app.logic.relevance import dealt_out, log_odds
from app.logic.telling_sentences import Telling, telling_sentences
from app.models.domain import Passage
from app.ports import Embedder, Reranker, Vectors

_CLOSE = 8
_NEAR = 3.0
"""Log-odds behind the best, beyond which no text of a passage helps."""
_TOLD = 5
"""Of the close ones, best first, whose sentences are looked at; the others have their passage's vector alone."""
_TEXT, _STRETCH, _PASSAGE = 30.0, 40.0, 10.0
"""Log-odds for a cosine of 1: of the passage or one sentence of it, whichever is nearer; of the nearest of several
sentences and pairs; and of the passage besides."""
_EVEN = 3
"""Passages, at most: where more are even, they say the same, or nothing."""
_NEARER = 1.0
"""Log-odds behind the best after one sentence, within which a passage is even with it."""
_STRETCHES = 6
"""Embedded for all of them, at some milliseconds each."""


class CloseCalls:
    """A Reranker over `first`, whose scores stay: the n-th best passage has the n-th best score."""

    def __init__(self, first: Reranker, embedder: Embedder) -> None:
        self._first, self._embedder = first, embedder

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """As `first` has it where the model of the embeddings does not answer."""
        scores = await self._first.rerank(question, passages)
        close = _close(scores)
        if len(close) < 2:
            return scores
        telling = await to_thread.run_sync(telling_sentences, question, passages, close[:_TOLD])
        known = {place: passages[place].scores["vector"] for place in close if "vector" in passages[place].scores}
        if len(known.keys() | telling.keys()) < 2:
            return scores
        try:
            return dealt_out(scores, await self._order(question, scores, known, telling))
        except EmbeddingsUnavailable:
            return scores

    async def _order(
        self, question: str, scores: Sequence[float], known: Mapping[int, float], telling: Mapping[int, Telling]
    ) -> list[int]:
        """The places of `known` (with the cosines of their passages) and of `telling`, best first.

        Raises EmbeddingsUnavailable.
        """
        [asked] = await self._embedder.embed([question], "query")

        def weighed(cosines: Mapping[int, float], weight: float) -> dict[int, float]:
            return {
                place: log_odds(scores[place]) + weight * cosine + _PASSAGE * known.get(place, cosine)
                for place, cosine in cosines.items()
            }

        near = _nearer(known, await self._nearest(asked, {place: [told.sentence] for place, told in telling.items()}))
        worth = weighed(near, _TEXT)
        order = _best_first(worth)
        even = [place for place in order if worth[order[0]] - worth[place] < _NEARER]
        if 1 < len(even) <= _EVEN:
            each = _STRETCHES // len(even)
            others = {place: telling[place].others[:each] for place in even if place in telling}
            nearer = _nearer(near, await self._nearest(asked, others))
            order[: len(even)] = _best_first(weighed({place: nearer[place] for place in even}, _STRETCH))
        return order

    async def _nearest(self, asked: Vectors, texts: Mapping[int, Sequence[str]]) -> dict[int, float]:
        """The cosine of the nearest text of each place that has any. Raises EmbeddingsUnavailable."""
        every = [text for several in texts.values() for text in several]
        cosines = iter((await self._embedder.embed(every, "sentence") @ asked).tolist() if every else [])
        return {place: max(next(cosines) for _ in several) for place, several in texts.items() if several}


def _nearer(first: Mapping[int, float], second: Mapping[int, float]) -> dict[int, float]:
    return {place: max(first.get(place, -1.0), second.get(place, -1.0)) for place in {**first, **second}}


def _best_first(worth: Mapping[int, float]) -> list[int]:
    return sorted(worth, key=lambda place: -worth[place])


def _close(scores: Sequence[float]) -> list[int]:
    """Places of the best, as far as they are near the first."""
    best = sorted(range(len(scores)), key=lambda place: -scores[place])[:_CLOSE]
    return [place for place in best if log_odds(scores[best[0]]) - log_odds(scores[place]) < _NEAR]
