from datetime import datetime, timedelta

import pytest

from app.logic.forecast import ASSUMED_RATE, Embedded, Rates, forecast, measured_rate
from app.models.estimates import Estimate

NOON = datetime(2026, 1, 1, 12)


def embedded(chunks: int, seconds: float) -> Embedded:
    return Embedded(chunks, NOON, NOON + timedelta(seconds=seconds))


def test_long_jobs_count_most() -> None:
    assert measured_rate([embedded(1000, 100), embedded(1, 10)]) == pytest.approx(1001 / 110)


@pytest.mark.parametrize("jobs", [[], [embedded(0, 10)], [embedded(10, 0)], [embedded(10, -5)]])
def test_without_a_measurement_a_rate_is_assumed(jobs: list[Embedded]) -> None:
    assert measured_rate(jobs) == ASSUMED_RATE


def test_price_and_time_follow_from_what_was_read() -> None:
    told = forecast(Estimate(pages=10, characters=9000, tokens=2000, chunks=10, seconds=1.0), Rates(10.0, price=0.5))
    assert (told.pages, told.tokens, told.chunks, told.price) == (10, 2000, 10, 0.001)
    assert 2.0 <= told.seconds <= 2.2


def test_pages_for_ocr_bring_time_tokens_and_chunks() -> None:
    without = forecast(Estimate(pages=10, tokens=2000, chunks=10), Rates(price=1.0))
    scans = forecast(Estimate(pages=10, tokens=2000, chunks=10, ocr_pages=4), Rates(price=1.0))
    assert scans.tokens > without.tokens
    assert scans.chunks > without.chunks
    assert scans.price > without.price
    assert scans.seconds > without.seconds + 4
