"""When to try again: exponential backoff with full jitter, and what a server's Retry-After says. Pure arithmetic.

Full jitter (a uniform draw between nothing and the exponential bound) spreads clients that failed together best; see
"Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`retries` further tries after the first; waits grow from `first` towards `longest` seconds."""

    retries: int = 2
    first: float = 0.5
    longest: float = 30.0


def delay_before_retry(
    policy: RetryPolicy, retry: int, *, jitter: float, retry_after: float | None = None
) -> float | None:
    """Seconds to wait before the `retry`-th retry (1-based), or None when it is time to give up.

    `jitter` is a draw from 0..1. A server's `retry_after` is a lower bound that jitter only adds to (at most a tenth,
    so that those who were told the same do not come back together); one beyond `policy.longest` means giving up.
    """
    if retry > policy.retries:
        return None
    bound = min(policy.longest, policy.first * 2.0 ** (retry - 1))
    if retry_after is None:
        return bound * jitter
    if retry_after > policy.longest:
        return None
    return retry_after + jitter * max(policy.first, retry_after) / 10


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header: a number, or an HTTP date (RFC 9110, 10.2.3). None when it says nothing."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _seconds_until(value, now)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _seconds_until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
