"""Two rankings of one question made into one.

A convex combination of min-max-normalized scores (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for
Hybrid Retrieval"): it keeps how far apart two hits are, which reciprocal rank fusion throws away.
"""

from collections.abc import Mapping, Sequence


def scaled(scores: Sequence[float], lowest: float) -> list[float]:
    """Scores moved to 0..1: the best is 1, `lowest` and what is below it 0. Where nothing is above it, all are 0."""
    top = max(scores, default=lowest)
    if top <= lowest:
        return [0.0] * len(scores)
    return [max(0.0, (score - lowest) / (top - lowest)) for score in scores]


def normalized(scores: Mapping[str, float], lowest: float) -> dict[str, float]:
    """The same of scores by key."""
    return dict(zip(scores, scaled(list(scores.values()), lowest), strict=True))


def convex(keyword: Mapping[str, float], vector: Mapping[str, float], keyword_weight: float) -> dict[str, float]:
    """`keyword_weight` (0..1) of the one and the rest of the other; what one side does not know counts 0 there."""
    return {
        key: keyword_weight * keyword.get(key, 0.0) + (1 - keyword_weight) * vector.get(key, 0.0)
        for key in keyword.keys() | vector.keys()
    }
