import math

import numpy as np
import pytest

from app.evaluation.intervals import difference, estimate, holm
from app.evaluation.metrics import MEASURES

SHARE, MEDIAN = MEASURES["page_recall@5"], MEASURES["latency_p50"]


def coins(heads: int, tails: int) -> list[tuple[float, float]]:
    return [(1.0, 1.0)] * heads + [(0.0, 1.0)] * tails


def test_a_share_has_the_interval_that_theory_gives_it() -> None:
    found = estimate(SHARE, coins(300, 100))
    assert found is not None
    reach = 1.96 * math.sqrt(0.75 * 0.25 / 400)
    assert (found.value, found.cases) == (0.75, 400)
    assert found.low == pytest.approx(0.75 - reach, abs=0.01)
    assert found.high == pytest.approx(0.75 + reach, abs=0.01)


def test_all_right_is_not_sure_to_stay_so() -> None:
    right, wrong = estimate(SHARE, coins(12, 0)), estimate(SHARE, coins(0, 12))
    assert right is not None
    assert wrong is not None
    # Clopper and Pearson's bound for 12 of 12, as tables have it.
    assert (right.value, right.high) == (1, 1)
    assert right.low == pytest.approx(0.7354, abs=0.0001)
    assert wrong.high == pytest.approx(1 - 0.7354, abs=0.0001)


def test_cases_to_which_it_does_not_apply_do_not_count() -> None:
    assert estimate(SHARE, [(0.0, 0.0)] * 5) is None
    assert estimate(SHARE, []) is None
    found = estimate(SHARE, [*coins(3, 1), (0.0, 0.0)])
    assert found is not None
    assert (found.value, found.cases) == (0.75, 4)


def test_a_ratio_of_sums_weighs_cases_by_their_size() -> None:
    found = estimate(SHARE, [(9.0, 10.0), (0.0, 1.0)])
    assert found is not None
    assert found.value == pytest.approx(9 / 11)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_median_is_one() -> None:
    found = estimate(MEDIAN, [(float(value), 1.0) for value in range(1, 102)])
    assert found is not None
    assert found.value == 51
    assert 30 < found.low < 51 < found.high < 72


def test_the_same_cases_give_the_same_interval() -> None:
    assert estimate(SHARE, coins(7, 5)) == estimate(SHARE, coins(7, 5))


def test_a_real_difference_is_told_from_chance() -> None:
    before = coins(40, 60)
    better = difference(SHARE, before, coins(70, 30))
    assert better is not None
    assert better.delta == pytest.approx(0.3)
    assert better.p < 0.001
    assert better.low > 0
    same = difference(SHARE, before, [*coins(39, 60), (1.0, 1.0)])
    assert same is not None
    assert same.p > 0.5
    assert same.low <= 0 <= same.high


def test_a_difference_by_chance_alone_is_called_significant_as_seldom_as_promised() -> None:
    chance = np.random.default_rng(1)
    alarms = 0
    for _ in range(60):
        first, second = chance.random((2, 40)) < 0.5
        found = difference(SHARE, [(float(x), 1.0) for x in first], [(float(x), 1.0) for x in second])
        alarms += found is not None and found.p < 0.05
    assert alarms <= 8  # 3 of 60 are expected; 9 or more come once in 300 tries, and the seed is fixed


def test_medians_differ_too_and_one_that_applies_to_neither_does_not() -> None:
    slow = [(100.0 + number, 1.0) for number in range(30)]
    found = difference(MEDIAN, slow, [(value / 2, 1.0) for value, _ in slow])
    assert found is not None
    assert found.delta == pytest.approx(-57.25)
    assert found.p < 0.01
    assert difference(SHARE, [(0.0, 0.0)], [(0.0, 0.0)]) is None
    assert difference(MEDIAN, [(5.0, 1.0)], [(0.0, 0.0)]) is None


def test_holm() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({}) == {}
