"""What a second model, trained on other translations, says of texts in other languages than the question's.

Two models err less often together than either does: each blurs other sentences.
"""

from collections.abc import Sequence, Set

from app.core.errors import EmbeddingsUnavailable
from app.core.logging import get_logger
from app.logic.language import detect
from app.ports import Embedder, Vectors

log = get_logger(__name__)

SECOND = 0.15
"""Of its cosine of a sentence, beside 1 to 1.5 of the first model's, which are spread a tenth as wide."""


class SecondOpinion:
    """Without a model, or while it does not answer, there is none. `languages`: those that the model knows."""

    def __init__(self, embedder: Embedder | None = None, languages: Set[str] = frozenset()) -> None:
        self._embedder, self._languages = embedder, languages

    async def cosines(self, question: str, languages: Set[str | None], texts: Sequence[str]) -> Vectors | None:
        """Shape (len(texts),); None where the model does not know one of the `languages` of the texts, or the
        question's."""
        spoken = detect(question)
        if self._embedder is None or not languages | {spoken[0] if spoken else None} <= self._languages:
            return None
        try:
            vectors = await self._embedder.embed([question, *texts], "sentence")
        except EmbeddingsUnavailable as error:
            log.warning("second_opinion_failed", detail=error.detail)
            return None
        cosines: Vectors = vectors[1:] @ vectors[0]
        return cosines


NONE = SecondOpinion()
