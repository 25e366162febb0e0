import numpy as np
import pytest
from numpy.typing import NDArray

from app.logic.similarity import top_k, widen


def unit_rows(n: int, dimension: int = 16, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(n, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("n", [1, 7, 8192, 8193, 20_000])
def test_finds_what_sorting_everything_finds(n: int) -> None:
    vectors, query = unit_rows(n).astype(np.float16), unit_rows(1, seed=1)[0]
    rows, scores = top_k(query, vectors, 10)
    expected = np.argsort(-(vectors.astype(np.float32) @ query), kind="stable")[:10]
    assert rows.tolist() == expected.tolist()
    assert scores == pytest.approx(vectors[expected].astype(np.float32) @ query, abs=1e-6)


def test_the_vector_itself_is_first_with_a_score_of_one() -> None:
    vectors = unit_rows(500)
    rows, scores = top_k(vectors[123], vectors.astype(np.float16), 3)
    assert rows[0] == 123
    assert scores[0] == pytest.approx(1.0, abs=1e-3)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_equal_scores_come_in_the_order_of_the_rows() -> None:
    vectors = np.tile(unit_rows(3), (50, 1)).astype(np.float16)
    rows, _ = top_k(vectors[1].astype(np.float32), vectors, 20)
    assert rows.tolist() == list(range(1, 60, 3))


@pytest.mark.parametrize(("n", "k"), [(0, 5), (5, 0), (3, 10)])
def test_at_most_what_there_is(n: int, k: int) -> None:
    rows, scores = top_k(unit_rows(1)[0], unit_rows(n).astype(np.float16), k)
    assert len(rows) == len(scores) == min(n, k)


def test_widens_every_finite_half_exactly() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    assert np.array_equal(widen(halves), halves.astype(np.float32))
    assert np.array_equal(np.signbit(widen(halves)), np.signbit(halves))
