"""What cross-encoders are shown of a passage, and what their scores are made into."""

import math

from app.core.errors import Unavailable
from app.models.domain import Passage

_CHARACTERS = 4000
"""Of a passage: the models read 512 tokens, and servers refuse what is much longer."""


def shown(passage: Passage) -> str:
    """The passage under what it is called, since a chunk alone often does not say."""
    names = [passage.title or passage.filename, *passage.headings]
    return f"{' > '.join(names)}\n{passage.text}"[:_CHARACTERS].encode("utf-8", "replace").decode()


def unit(scores: list[float]) -> list[float]:
    """In 0..1: some models give logits. Raises Unavailable for what is no number."""
    if not all(map(math.isfinite, scores)):
        raise Unavailable("The reranker gave scores that are no numbers.")
    if all(0 <= score <= 1 for score in scores):
        return scores
    return [1 / (1 + math.exp(-max(-60.0, min(60.0, score)))) for score in scores]
