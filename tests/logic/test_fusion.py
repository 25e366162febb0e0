"""Scores of two searches on one scale."""

import pytest

from app.logic.fusion import convex, normalized, scaled


def test_scaled_runs_from_the_lowest_to_the_best() -> None:
    assert scaled([2.0, 6.0, 4.0, 1.0], 2.0) == [0.0, 1.0, 0.5, 0.0]


@pytest.mark.parametrize("scores", [[], [0.3, 0.3]])
def test_nothing_stands_out_among_equals(scores: list[float]) -> None:
    assert scaled(scores, 0.3) == [0.0] * len(scores)


def test_normalized_keeps_the_keys() -> None:
    assert normalized({"a": 10.0, "b": 5.0}, 0.0) == {"a": 1.0, "b": 0.5}


def test_convex_weighs_both_sides_and_counts_the_unknown_as_nothing() -> None:
    fused = convex({"a": 1.0, "b": 0.5}, {"b": 1.0, "c": 0.5}, 0.4)
    assert fused == pytest.approx({"a": 0.4, "b": 0.8, "c": 0.3})
