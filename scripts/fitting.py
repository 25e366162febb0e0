"""Small fits by gradient descent, for the scripts that learn weights."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Weighted = Sequence[tuple[float, Matrix, NDArray[np.bool_]]]
"""Weight, rows and which of them are right, of each question."""

_STEPS = 500
_RATE = 0.05
_CHANCE_STEPS = 4000
_CHANCE_PENALTY = 1e-3
_NEWTON_STEPS = 30
_NEWTON_PENALTY = 3e-4
_DRAWS = 1000


def fit_order(questions: Weighted, penalty: float = 0.01) -> Matrix:
    """Weights that put a right row first: ListNet's top-one loss with an L2 penalty, by Adam."""
    columns = questions[0][1].shape[1]
    total = sum(weight for weight, _, _ in questions)
    weights, mean, variance = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    for step in range(1, _STEPS + 1):
        gradient = penalty * weights
        for weight, rows, right in questions:
            chance = _softmax(rows @ weights)
            wanted = np.where(right, chance, 0.0)
            gradient = gradient - weight / total * (wanted / wanted.sum() - chance) @ rows
        mean = 0.9 * mean + 0.1 * gradient
        variance = 0.99 * variance + 0.01 * gradient**2
        corrected = np.sqrt(variance / (1 - 0.99**step)) + 1e-8
        weights = weights - _RATE * (mean / (1 - 0.9**step)) / corrected
    return weights


def fit_chance(answered: Matrix, astray: Matrix) -> tuple[Matrix, float]:
    """Weights and bias of a logistic regression; both kinds count the same, however many there are."""
    rows = np.vstack([answered, astray])
    rows = np.column_stack([rows, np.ones(len(rows))])
    truth = np.concatenate([np.ones(len(answered)), np.zeros(len(astray))])
    share = np.where(truth > 0, 0.5 / len(answered), 0.5 / len(astray))
    weights = np.zeros(rows.shape[1])
    for _ in range(_CHANCE_STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        penalty = _CHANCE_PENALTY * np.append(weights[:-1], 0.0)
        weights = weights - 2 * ((share * (chance - truth)) @ rows + penalty)
    return weights[:-1], float(weights[-1])


def fit_weighted_chance(rows: Matrix, truth: NDArray[np.bool_], shares: Matrix) -> Matrix:
    """Logistic regression by Newton's method; `shares` weigh the rows. The last value is the bias."""
    rows = np.column_stack([rows, np.ones(len(rows))])
    shares = shares / shares.sum()
    penalty = np.append(np.full(rows.shape[1] - 1, _NEWTON_PENALTY), 0.0)
    weights = np.zeros(rows.shape[1])
    for _ in range(_NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        curvature = rows.T @ (rows * (shares * chance * (1 - chance))[:, np.newaxis]) + np.diag(penalty)
        slope = rows.T @ (shares * (chance - truth)) + penalty * weights
        weights = weights - np.linalg.solve(curvature, slope)
    return weights


def area(scores: Matrix, positive: NDArray[np.bool_]) -> float:
    """Under the ROC curve: how often a positive scores above one that is not."""
    ranks = np.argsort(np.argsort(scores, kind="stable"), kind="stable")[positive]
    return float((ranks.sum() - len(ranks) * (len(ranks) - 1) / 2) / (len(ranks) * (~positive).sum()))


def interval(rows: Any, figure: Callable[[Any], float] = np.mean) -> str:
    """A figure of the rows with its 95% interval by bootstrap."""
    rows = np.asarray(rows)
    chance = np.random.default_rng(1)
    drawn = [figure(rows[chance.integers(0, len(rows), len(rows))]) for _ in range(_DRAWS)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{figure(rows):.3f} ({low:.3f} to {high:.3f})"


def recall(questions: Sequence[tuple[Matrix, NDArray[np.bool_]]], weights: Matrix) -> str:
    """How often a right row is among the first 1, 5 and 10, and nDCG@10, in percent."""
    ranks = np.array([_rank(rows @ weights, right) for rows, right in questions])
    gain = np.where(ranks < 10, 1 / np.log2(ranks + 2), 0.0)
    found = "  ".join(f"R@{k} {100 * np.mean(ranks < k):.1f}" for k in (1, 5, 10))
    return f"{found}  nDCG@10 {100 * np.mean(gain):.1f}"


def _rank(scores: Matrix, right: NDArray[np.bool_]) -> float:
    """Place of the best right row, from 0; infinite where none is right."""
    return float(np.sum(scores > scores[right].max())) if right.any() else float("inf")


def _softmax(scores: Matrix) -> Matrix:
    raised = np.exp(scores - scores.max())
    made: Matrix = raised / raised.sum()
    return made
