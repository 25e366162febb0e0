"""Keeps the events of running and finished streams, so that a client that lost its connection goes on where it was.

A stream's producer runs apart from any connection. When the last follower leaves and none comes back within the grace
period, the producer is cancelled: nobody pays for an answer that nobody reads. Bounded by age, count and size.

Where processes share a board, each writes its streams there, so that a client may come back to another process.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from app.core.errors import StreamNotFound, Unavailable
from app.ports import Board

T = TypeVar("T")
_BREATH = 2.0
"""Seconds between two signs of life of a producer, and between two tries of a board that does not answer."""
_LONGEST_SILENCE = 30.0


@dataclass(slots=True, eq=False)
class _Stream(Generic[T]):
    id: str
    owner: str
    producer: asyncio.Task[None] | None = None
    items: list[T] = field(default_factory=list)
    size: int = 0
    followers: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    grace: asyncio.TimerHandle | None = None
    helpers: set[asyncio.Task[None]] = field(default_factory=set)
    ended_at: float | None = None

    def wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


@dataclass(frozen=True, slots=True)
class SharedStreams(Generic[T]):
    """Where other processes read streams, and how their items are written there."""

    board: Board
    write: Callable[[T], str]
    read: Callable[[str], T]


class Journal(Generic[T]):
    """Streams of `T`, numbered from 1. `size_of` tells the bytes that one item holds."""

    def __init__(
        self,
        size_of: Callable[[T], int],
        *,
        ttl: float = 600.0,
        grace: float = 2.0,
        max_streams: int = 1000,
        max_bytes: int = 64 * 1024 * 1024,
        shared: SharedStreams[T] | None = None,
    ) -> None:
        self._shared = shared
        self._size_of = size_of
        self._ttl = ttl
        self._grace = grace
        self._max_streams = max_streams
        self._max_bytes = max_bytes
        self._streams: dict[str, _Stream[T]] = {}

    def start(self, source: AsyncIterator[T], owner: str = "") -> str:
        """Run `source` to its end in the background; answers the stream's id, which cannot be guessed.

        `owner`: who alone may come back to it.

        `source` tells its failures as items: an exception that it raises reaches nobody.
        """
        self._evict()
        stream = _Stream[T](secrets.token_hex(16), owner)
        stream.producer = asyncio.create_task(self._produce(stream, source))
        self._streams[stream.id] = stream
        if self._shared is not None:
            self._help(stream, self._publish(stream, self._shared))
        self._begin_grace(stream)
        return stream.id

    async def follow(self, stream_id: str, after: int = 0) -> AsyncGenerator[tuple[int, T]]:
        """The stream's items numbered above `after`, then those to come, to its end. Raises StreamNotFound."""
        if self._shared is not None and stream_id not in self._streams:
            async for found in self._follow_elsewhere(stream_id, after, self._shared):
                yield found
            return
        stream = self._get(stream_id)
        self._join(stream)
        try:
            while True:
                # Taken before the look at the items, so that no change between the two is missed.
                changed = stream.changed
                while after < len(stream.items):
                    after += 1
                    yield after, stream.items[after - 1]
                if stream.ended_at is not None:
                    return
                await changed.wait()
        finally:
            self._leave(stream)

    async def first(self, stream_id: str, timeout: float) -> T | None:
        """The stream's first item, or None if it has none within `timeout` seconds. Raises StreamNotFound."""
        try:
            async with asyncio.timeout(timeout), aclosing(self.follow(stream_id)) as items:
                async for _, item in items:
                    return item
        except TimeoutError:
            pass
        return None

    async def check(self, stream_id: str, owner: str = "") -> None:
        """Raises StreamNotFound for a stream that is unknown, too old, or another owner's."""
        if self._shared is not None and stream_id not in self._streams:
            if await self._shared.board.owner_of(stream_id) != owner:
                raise StreamNotFound()
        elif self._get(stream_id).owner != owner:
            raise StreamNotFound()

    async def close(self) -> None:
        """Cancel what still runs."""
        streams = list(self._streams.values())
        for stream in streams:
            self._abandon(stream)
        tasks = [task for stream in streams for task in (stream.producer, *stream.helpers) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _produce(self, stream: _Stream[T], source: AsyncIterator[T]) -> None:
        try:
            async for item in source:
                stream.items.append(item)
                stream.size += self._size_of(item)
                stream.wake()
        finally:
            stream.ended_at = time.monotonic()
            self._end_grace(stream)
            stream.wake()
            self._evict()

    def _get(self, stream_id: str) -> _Stream[T]:
        self._evict()
        stream = self._streams.get(stream_id)
        if stream is None:
            raise StreamNotFound()
        return stream

    def _join(self, stream: _Stream[T]) -> None:
        stream.followers += 1
        self._end_grace(stream)

    def _leave(self, stream: _Stream[T]) -> None:
        stream.followers -= 1
        if stream.followers == 0 and stream.ended_at is None:
            self._begin_grace(stream)

    def _begin_grace(self, stream: _Stream[T]) -> None:
        stream.grace = asyncio.get_running_loop().call_later(self._grace, self._grace_over, stream)

    def _end_grace(self, stream: _Stream[T]) -> None:
        if stream.grace is not None:
            stream.grace.cancel()
            stream.grace = None

    def _grace_over(self, stream: _Stream[T]) -> None:
        if self._shared is None:
            self._abandon(stream)
        else:
            self._help(stream, self._abandon_unless_followed(stream, self._shared))

    async def _abandon_unless_followed(self, stream: _Stream[T], shared: SharedStreams[T]) -> None:
        followed = await shared.board.followed(stream.id)
        if stream.followers or stream.ended_at is not None:
            return
        if followed:
            self._begin_grace(stream)
        else:
            self._abandon(stream)
            await shared.board.forget(stream.id)

    def _help(self, stream: _Stream[T], work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        stream.helpers.add(task)
        task.add_done_callback(stream.helpers.discard)

    async def _publish(self, stream: _Stream[T], shared: SharedStreams[T]) -> None:
        """Write the stream to the board as it grows, and that its producer lives; all of it again when it was lost."""
        written = 0
        while self._streams.get(stream.id) is stream:
            changed, ended = stream.changed, stream.ended_at is not None
            items = [shared.write(item) for item in stream.items[written:]]
            try:
                if not await shared.board.write(stream.id, stream.owner, items, after=written, ended=ended):
                    written = 0
                    continue
            except Unavailable:
                await asyncio.sleep(_BREATH)
                continue
            written += len(items)
            if ended:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(_BREATH):
                    await changed.wait()

    async def _follow_elsewhere(
        self, stream_id: str, after: int, shared: SharedStreams[T]
    ) -> AsyncGenerator[tuple[int, T]]:
        """A stream of another process. Raises StreamNotFound, also when that one died or cannot be heard for long."""
        silent_since = time.monotonic()
        while time.monotonic() - silent_since < _LONGEST_SILENCE:
            try:
                async for part in shared.board.read(stream_id, after):
                    if part.item is None:
                        return
                    after, silent_since = part.number, time.monotonic()
                    yield part.number, shared.read(part.item)
                break
            except Unavailable:  # it restarts, perhaps empty: the producer writes all again
                await asyncio.sleep(_BREATH)
        raise StreamNotFound()

    def _abandon(self, stream: _Stream[T]) -> None:
        """Nobody came back: end the producer and forget the half answer."""
        self._end_grace(stream)
        self._streams.pop(stream.id, None)
        if stream.producer is not None:
            stream.producer.cancel()

    def _evict(self) -> None:
        """Forget what is too old, then the oldest finished streams until count and size fit."""
        now = time.monotonic()
        finished = [stream for stream in self._streams.values() if stream.ended_at is not None]
        size = sum(stream.size for stream in self._streams.values())
        for stream in finished:
            too_old = now - (stream.ended_at or now) > self._ttl
            if too_old or len(self._streams) > self._max_streams or size > self._max_bytes:
                del self._streams[stream.id]
                size -= stream.size
