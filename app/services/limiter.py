"""Sliding windows (the `limits` library), counted in Redis where processes share one, else in memory.

For as long as Redis does not answer each process counts in its memory; a Redis that restarts empty counts from nothing.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from limits import RateLimitItem, WindowStats
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from app.core.logging import get_logger

T = TypeVar("T")
_PATIENCE = 0.5
_PAUSE = 5.0
"""Seconds that Redis may take, and that it is left alone after it failed: no request waits for a dead one twice."""
_log = get_logger(__name__)


class Limiter:
    """`redis_url`: where processes count together; empty: this one counts alone."""

    def __init__(self, redis_url: str = "") -> None:
        self._alone = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._redis = _redis(redis_url) if redis_url else None
        self._together = SlidingWindowCounterRateLimiter(self._redis) if self._redis else None
        self._failed_at = float("-inf")

    async def hit(self, limit: RateLimitItem, *names: str) -> bool:
        """Count one; whether it was within the limit."""
        return await self._counted(lambda limiter: limiter.hit(limit, *names))

    async def test(self, limit: RateLimitItem, *names: str) -> bool:
        """Whether one more would be."""
        return await self._counted(lambda limiter: limiter.test(limit, *names))

    async def get_window_stats(self, limit: RateLimitItem, *names: str) -> WindowStats:
        return await self._counted(lambda limiter: limiter.get_window_stats(limit, *names))

    async def close(self) -> None:
        if self._redis is not None:
            bridge: Any = self._redis.bridge
            await bridge.storage.aclose()

    async def _counted(self, count: Callable[[SlidingWindowCounterRateLimiter], Awaitable[T]]) -> T:
        if self._together is not None and time.monotonic() - self._failed_at > _PAUSE:
            try:
                return await count(self._together)
            except StorageError as error:
                self._failed_at = time.monotonic()
                _log.warning("rates_counted_alone", error=type(error.storage_error).__name__)
        return await count(self._alone)


def _redis(url: str) -> RedisStorage:
    options = {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE}
    storage = storage_from_string(
        f"async+{url}", implementation="redispy", wrap_exceptions=True, key_prefix="docubot:rates", **options
    )
    assert isinstance(storage, RedisStorage)  # noqa: S101 - what its name begins with says so
    return storage
