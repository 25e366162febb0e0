"""The embedded reranker: a linear model over what the searches and the texts tell. No model file, no download."""

from collections.abc import Sequence

from anyio import to_thread

from app.adapters.rerank.linear_weights import WEIGHTS
from app.logic.relevance import RerankWeights, scores
from app.logic.rerank_features import features
from app.models.domain import Passage


class LinearReranker:
    """The Reranker port."""

    def __init__(self, weights: RerankWeights = WEIGHTS) -> None:
        self._weights = weights

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The chance that each passage answers; `passage.scores` holds the raw scores of the searches."""
        # Tens of milliseconds for sixty long passages: in a thread, so that the event loop gets its turns meanwhile.
        return await to_thread.run_sync(self._scores, question, passages)

    def _scores(self, question: str, passages: Sequence[Passage]) -> list[float]:
        return scores(passages, features(question, passages), self._weights)
