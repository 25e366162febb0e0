"""How sure a figure is, and whether two runs differ: by resampling the cases. Pure, and the same for the same cases.

Percentile bootstrap (Efron and Tibshirani 1993); paired randomization test (Noreen 1989; recommended for retrieval by
Smucker, Allan and Carterette 2007), for latencies over signed ranks; Holm's correction (1979) where many figures are
tested at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.metrics import Measure, Pair

Floats = NDArray[np.float64]
DRAWS = 2000
CONFIDENCE = 0.95
_SEED = 20
_BLOCK = 200
"""Draws at a time: 10,000 cases then take 32 MB."""


@dataclass(frozen=True, slots=True)
class Estimate:
    value: float
    low: float
    high: float
    cases: int
    """To how many the figure applies."""


@dataclass(frozen=True, slots=True)
class Difference:
    delta: float
    low: float
    high: float
    p: float
    cases: int


def estimate(measure: Measure, pairs: Sequence[Pair]) -> Estimate | None:
    """The figure with its 95% interval; None where it applies to no case."""
    rows = _rows(pairs)
    if not len(rows):
        return None
    value = float(_figure(measure, rows[np.newaxis])[0])
    if measure.unit == "share" and value in (0.0, 1.0):
        # Resampling equal cases tells nothing; the exact binomial bound does (Clopper and Pearson 1934).
        reach = ((1 - CONFIDENCE) / 2) ** (1 / len(rows))
        return Estimate(value, reach if value else 0.0, 1.0 if value else 1 - reach, len(rows))
    drawn = np.concatenate([_figure(measure, rows[picked]) for picked in _draws(len(rows))])
    low, high = _bounds(drawn)
    return Estimate(value, low, high, len(rows))


def difference(measure: Measure, before: Sequence[Pair], after: Sequence[Pair]) -> Difference | None:
    """`after` minus `before`, case by case the same questions; None where the figure applies to none in both."""
    both = np.array([before, after], np.float64).reshape(2, -1, 2)
    both = both[:, (both[:, :, 1] > 0).any(axis=0)]
    if not (both[:, :, 1].sum(axis=1) > 0).all():
        return None
    cases = both.shape[1]
    seen = _delta(measure, both[:, np.newaxis])[0]
    drawn = np.concatenate([_delta(measure, both[:, picked]) for picked in _draws(cases)])
    low, high = _bounds(drawn)
    p = _swapped(measure, both, seen) if measure.quantile is None else _signed_ranks(both)
    return Difference(float(seen), low, high, p, cases)


def _swapped(measure: Measure, both: Floats, seen: float) -> float:
    """How often runs that are the same would differ as much: each case's results belong to either run."""
    chance = np.random.default_rng(_SEED)
    extreme = 0
    for _ in range(DRAWS // _BLOCK):
        swapped = chance.random((_BLOCK, both.shape[1])) < 0.5
        mixed = np.where(swapped[np.newaxis, :, :, np.newaxis], both[::-1, np.newaxis], both[:, np.newaxis])
        extreme += int((np.abs(_delta(measure, mixed)) >= abs(seen) - 1e-12).sum())
    return (1 + extreme) / (1 + DRAWS)


def _signed_ranks(both: Floats) -> float:
    """The same for medians and percentiles, which swapping hardly moves: by signed ranks (Wilcoxon 1945)."""
    paired = both[:, (both[:, :, 1] > 0).all(axis=0), 0]
    apart = paired[1] - paired[0]
    ranks = np.sign(apart) * (1 + np.argsort(np.argsort(np.abs(apart), kind="stable"), kind="stable"))
    chance = np.random.default_rng(_SEED)
    extreme = 0
    for _ in range(DRAWS // _BLOCK):
        signs = chance.choice((-1.0, 1.0), size=(_BLOCK, len(ranks)))
        extreme += int((np.abs(signs @ ranks) >= abs(ranks.sum())).sum())
    return (1 + extreme) / (1 + DRAWS)


def holm(chances: Mapping[str, float]) -> dict[str, float]:
    """p-values, corrected for there being several."""
    corrected: dict[str, float] = {}
    highest = 0.0
    for place, (name, p) in enumerate(sorted(chances.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, p * (len(chances) - place)))
        corrected[name] = highest
    return corrected


def _rows(pairs: Sequence[Pair]) -> Floats:
    rows = np.array(pairs, np.float64).reshape(-1, 2)
    return rows[rows[:, 1] > 0]


def _draws(cases: int) -> list[NDArray[np.int64]]:
    chance = np.random.default_rng(_SEED)
    return [chance.integers(cases, size=(_BLOCK, cases)) for _ in range(DRAWS // _BLOCK)]


def _figure(measure: Measure, rows: Floats) -> Floats:
    """(draws, cases, 2) to one figure a draw; nan where a draw has no case that applies."""
    counted, total = rows[..., 0], rows[..., 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        if measure.quantile is None:
            ratio: Floats = counted.sum(axis=1) / total.sum(axis=1)
            return ratio
    if (total > 0).all():
        return np.asarray(np.quantile(counted, measure.quantile, axis=1), np.float64)
    chosen = [row[held > 0] for row, held in zip(counted, total, strict=True)]
    return np.array([np.quantile(row, measure.quantile) if len(row) else np.nan for row in chosen])


def _delta(measure: Measure, both: Floats) -> Floats:
    """(2, draws, cases, 2): the second run's figure minus the first's, for each draw."""
    return np.asarray(_figure(measure, both[1]) - _figure(measure, both[0]), np.float64)


def _bounds(drawn: Floats) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return float(low), float(high)
