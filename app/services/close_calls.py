"""Passages that are nearly as good as the best, ordered once more by the sentence of each that may answer.

A passage's one vector blurs what its sentences say. Embedding them all would take longer than the search; one sentence
of each passage that is close to the best is as good, and most questions have but one or two such passages.
"""

from collections.abc import Mapping, Sequence

from anyio import to_thread

from app.core.errors import EmbeddingsUnavailable
from app.logic.relevance import dealt_out, log_odds
from app.logic.telling_sentences import telling_sentences
from app.models.domain import Passage
from app.ports import Embedder, Reranker

_CLOSE = 5
_NEAR = 2.0
"""Log-odds behind the best, beyond which no sentence helps."""
_SENTENCE, _PASSAGE = 20.0, 10.0
"""Log-odds for a cosine of 1, of the sentence and of the passage."""


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
        telling = await to_thread.run_sync(telling_sentences, question, passages, close)
        try:
            cosines = await self._cosines(question, telling)
        except EmbeddingsUnavailable:
            return scores
        worth = {
            place: log_odds(scores[place])
            + _SENTENCE * cosine
            + _PASSAGE * passages[place].scores.get("vector", cosine)
            for place, cosine in cosines.items()
        }
        return dealt_out(scores, sorted(worth, key=lambda place: -worth[place]))

    async def _cosines(self, question: str, telling: Mapping[int, str]) -> dict[int, float]:
        """Raises EmbeddingsUnavailable."""
        if len(telling) < 2:
            return {}
        asked = await self._embedder.embed([question], "query")
        said = await self._embedder.embed(list(telling.values()), "sentence")
        return dict(zip(telling, (said @ asked[0]).tolist(), strict=True))


def _close(scores: Sequence[float]) -> list[int]:
    """Places of the best, as far as they are near the first."""
    best = sorted(range(len(scores)), key=lambda place: -scores[place])[:_CLOSE]
    return [place for place in best if log_odds(scores[best[0]]) - log_odds(scores[place]) < _NEAR]
