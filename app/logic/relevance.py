"""From features to scores: which passage comes first, and how likely it is that any of them answers.

Order is a linear combination learned listwise (ListNet's top-one loss, Cao et al. 2007). The chance is a logistic
regression over what the best passages have in common with the question, learned on questions that their collection
answers and on questions of another collection. `scripts/tune_rerank.py` learns both.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from app.logic.rerank_features import FEATURES
from app.models.domain import Passage

CONFIDENCE = ("gap", "words", "stems", "window", "document", "printed", "foreign")
_BEST = 5
"""Passages out of which the chance is read."""
_FULL_GAP = 0.1
"""Cosine between the best passages and the middle one from which on they stand out entirely."""
_USUAL_GAP = 0.06
"""Taken where there is too little to compare with."""
_ENOUGH = 20
"""Candidates from which on the middle one tells what a passage beside the point scores."""
_SHARED = 0.1
"""Below it the question shares no words with the passages: it may be in another language."""
_FALL = 0.5
"""How fast the chance falls with the distance from the best, in logits."""


@dataclass(frozen=True, slots=True)
class RerankWeights:
    order: Mapping[str, float]
    """By FEATURES."""
    confidence: Mapping[str, float]
    """By CONFIDENCE."""
    bias: float


def scores(passages: Sequence[Passage], rows: Sequence[Sequence[float]], weights: RerankWeights) -> list[float]:
    """The chance that each passage answers, 0 to 1; `rows` are its `features`."""
    if not passages:
        return []
    factors = [weights.order[name] for name in FEATURES]
    order = [sum(factor * value for factor, value in zip(factors, row, strict=True)) for row in rows]
    best = sorted(range(len(order)), key=lambda i: -order[i])[:_BEST]
    logit = weights.bias + sum(
        weights.confidence[name] * value for name, value in confidence(passages, rows, best).items()
    )
    top = order[best[0]]
    return [_logistic(logit - _FALL * (top - value)) for value in order]


def confidence(passages: Sequence[Passage], rows: Sequence[Sequence[float]], best: Sequence[int]) -> dict[str, float]:
    """What tells whether the passages at `best` answer at all, by CONFIDENCE: each the most that one of them has."""
    most = {name: max(rows[i][column] for i in best) for column, name in enumerate(FEATURES)}
    known = [passage.scores["vector"] for passage in passages if "vector" in passage.scores]
    top = max((passages[i].scores.get("vector", 0.0) for i in best), default=0.0)
    gap = max(0.0, top - median(known)) if known else 0.0
    gap += _USUAL_GAP * max(0.0, 1 - len(known) / _ENOUGH)
    values = {name: most[name] for name in CONFIDENCE if name in most}
    foreign = most["words"] < _SHARED and most["stems"] < _SHARED
    return values | {"gap": min(1.0, gap / _FULL_GAP), "foreign": float(foreign)}


def dealt_out(scores: Sequence[float], order: Sequence[int]) -> list[float]:
    """`scores` with those at `order` dealt anew: the highest of them to the place that `order` names first."""
    dealt = list(scores)
    for score, place in zip(sorted((scores[place] for place in order), reverse=True), order, strict=True):
        dealt[place] = score
    return dealt


def log_odds(score: float) -> float:
    """Of a chance; no chance is quite 0 or 1."""
    held = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
