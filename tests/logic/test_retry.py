from datetime import UTC, datetime

import pytest

from app.logic.retry import RetryPolicy, delay_before_retry, parse_retry_after

POLICY = RetryPolicy(retries=4, first=0.5, longest=3.0)
NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


def test_waits_double_up_to_the_longest_and_then_end() -> None:
    assert [delay_before_retry(POLICY, retry, jitter=1.0) for retry in range(1, 6)] == [0.5, 1.0, 2.0, 3.0, None]


def test_jitter_spreads_from_nothing_to_the_bound() -> None:
    assert [delay_before_retry(POLICY, 2, jitter=jitter) for jitter in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_never_comes_back_before_the_server_asked(jitter: float) -> None:
    delay = delay_before_retry(POLICY, 1, jitter=jitter, retry_after=2.0)
    assert delay is not None
    assert 2.0 <= delay <= 2.2


def test_gives_up_when_the_server_asks_for_longer_than_anyone_waits() -> None:
    assert delay_before_retry(POLICY, 1, jitter=0.0, retry_after=3.5) is None


def test_an_immediate_retry_still_spreads() -> None:
    assert delay_before_retry(POLICY, 1, jitter=1.0, retry_after=0.0) == 0.05


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.25", 0.25),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 12:00:30 -0000", 30.0),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_reads_retry_after(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds
