"""What processes tell each other through Redis: that a job moved on, and what a stream has said so far.

Nothing here is the truth. A Redis that restarts empty loses wake-ups, which everybody can do without, and streams,
which their producers write once more from memory.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from redis import DriverInfo
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.errors import Unavailable
from app.ports import StreamPart

log = structlog.get_logger(__name__)

_NEWS = "docubot:news"
_PATIENCE = 5.0
_FOLLOWED = 6
"""Seconds that a stream counts as followed after a follower last said so."""
_ALIVE = 10
"""The same for its producer."""
_KEPT = 600
"""Seconds that a stream can be read after its last word."""
_PAUSE = 1.0
_MOST_NEWS = 1000
_MOST_WRITERS = 8
"""Each has a connection of its own."""
_OWNER, _DATA, _END = b"owner", b"data", b"end"
_WRITE = """
local after = tonumber(ARGV[1])
if after == 0 then
    redis.call("DEL", KEYS[1])
    redis.call("XADD", KEYS[1], "0-1", "owner", ARGV[2])
elseif redis.call("XLEN", KEYS[1]) ~= after + 1 then
    redis.call("DEL", KEYS[1])
    return 0
end
for place = 5, #ARGV, 2 do
    after = after + 1
    redis.call("XADD", KEYS[1], after .. "-0", ARGV[place], ARGV[place + 1])
end
redis.call("EXPIRE", KEYS[1], ARGV[3])
redis.call("SET", KEYS[2], "", "EX", ARGV[4])
return 1
"""
"""Adds entries to a stream that is whole so far; one that is not, as after a restart, goes. In one step, for nobody may
read a part with a gap before it. Keys: the stream, its producer's sign of life. Arguments: entries so far, the owner,
seconds to keep both, then names and values."""


class RedisBoard:
    """The Board port."""

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(
            url, socket_connect_timeout=2, socket_timeout=_PATIENCE, protocol=2, driver_info=DriverInfo()
        )
        self._writers = asyncio.Semaphore(_MOST_WRITERS)
        self._write = self._redis.register_script(_WRITE)
        self._news: asyncio.Queue[str] = asyncio.Queue(_MOST_NEWS)

    # ------------------------------------------------------------ news

    def tell(self, key: str) -> None:
        with suppress(asyncio.QueueFull):  # whoever waits looks by himself as well
            self._news.put_nowait(key)

    async def pass_on(self) -> None:
        """Send what is told, for ever."""
        while True:
            key = await self._news.get()
            try:
                await self._redis.publish(_NEWS, key)
            except (RedisError, OSError):
                await asyncio.sleep(_PAUSE)

    async def listen(self, hear: Callable[[str], None]) -> None:
        """Tell `hear` what any process tells, for ever."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(_NEWS)
                    while True:
                        message = await channel.get_message(timeout=_PATIENCE / 2)
                        if message is not None:
                            hear(message["data"].decode())
            except (RedisError, OSError) as error:
                log.warning("redis_unreachable", error=type(error).__name__)
                await asyncio.sleep(_PAUSE)

    # ------------------------------------------------------------ streams

    async def write(self, stream_id: str, owner: str, items: Sequence[str], *, after: int, ended: bool) -> bool:
        key = _key(stream_id)
        entries = [field for item in items for field in (_DATA, item)] + ([_END, ""] if ended else [])
        try:
            async with self._writers:
                return bool(await self._write([key, f"{key}:alive"], [after, owner, _KEPT, _ALIVE, *entries]))
        except (RedisError, OSError) as error:
            raise Unavailable("Redis does not answer.") from error

    async def owner_of(self, stream_id: str) -> str | None:
        try:
            found = await self._redis.xrange(_key(stream_id), "0-1", "0-1")
        except (RedisError, OSError) as error:
            raise Unavailable("Redis does not answer.") from error
        return found[0][1][_OWNER].decode() if found else None

    async def read(self, stream_id: str, after: int) -> AsyncIterator[StreamPart]:
        key, last = _key(stream_id), f"{after}-0" if after else "0-1"
        while True:
            try:
                await self._redis.set(f"{key}:followed", "", ex=_FOLLOWED)
                found = await self._redis.xread({key: last}, block=int(_PATIENCE / 3 * 1000), count=100)
                alive = bool(found) or await self._redis.exists(f"{key}:alive")
            except (RedisError, OSError) as error:
                raise Unavailable("Redis does not answer.") from error
            if not alive:
                return
            for identity, fields in found[0][1] if found else ():
                last = identity.decode()
                if _END in fields:
                    yield StreamPart(int(last.split("-")[0]), None)
                    return
                yield StreamPart(int(last.split("-")[0]), fields[_DATA].decode())

    async def followed(self, stream_id: str) -> bool:
        try:
            return bool(await self._redis.exists(f"{_key(stream_id)}:followed"))
        except (RedisError, OSError):
            return False

    async def forget(self, stream_id: str) -> None:
        with suppress(RedisError, OSError):
            await self._redis.delete(_key(stream_id))

    async def ping(self) -> None:
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise Unavailable(f"Redis does not answer ({type(error).__name__}).") from error

    async def close(self) -> None:
        await self._redis.aclose()


def _key(stream_id: str) -> str:
    return f"docubot:stream:{stream_id}"
