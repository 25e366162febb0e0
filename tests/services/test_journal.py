import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from app.core.errors import StreamNotFound
from app.services.journal import Journal

pytestmark = pytest.mark.anyio


class Source:
    """Yields what is put in, until None."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.cancelled = asyncio.Event()

    async def __call__(self) -> AsyncIterator[str]:
        try:
            while (item := await self.queue.get()) is not None:
                yield item
        except asyncio.CancelledError:
            self.cancelled.set()
            raise

    def put(self, *items: str | None) -> None:
        for item in items:
            self.queue.put_nowait(item)


def a_journal(**options: Any) -> Journal[str]:
    return Journal(len, **options)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def collected(journal: Journal[str], stream: str, after: int = 0) -> list[tuple[int, str]]:
    async with asyncio.timeout(5):
        return [item async for item in journal.follow(stream, after)]


async def take(journal: Journal[str], stream: str, count: int) -> list[str]:
    """The first `count` items; then this follower leaves."""
    items: list[str] = []
    async with asyncio.timeout(5), aclosing(journal.follow(stream)) as following:
        async for _, item in following:
            items.append(item)
            if len(items) == count:
                break
    return items


async def test_a_follower_gets_every_item_numbered_from_one() -> None:
    source, journal = Source(), a_journal()
    stream = journal.start(source())
    source.put("a", "b", None)
    assert await collected(journal, stream) == [(1, "a"), (2, "b")]


async def test_following_goes_on_live_after_the_replay() -> None:
    source, journal = Source(), a_journal()
    stream = journal.start(source())
    source.put("a", "b")
    assert await take(journal, stream, 2) == ["a", "b"]
    follower = asyncio.create_task(collected(journal, stream, 1))
    await asyncio.sleep(0)
    source.put("c", None)
    assert await follower == [(2, "b"), (3, "c")]


async def test_two_followers_see_the_same() -> None:
    source, journal = Source(), a_journal()
    stream = journal.start(source())
    followers = [asyncio.create_task(collected(journal, stream)) for _ in range(2)]
    await asyncio.sleep(0)
    source.put("a", "b", None)
    first, second = await asyncio.gather(*followers)
    assert first == second == [(1, "a"), (2, "b")]


async def test_a_finished_stream_can_be_replayed_from_anywhere() -> None:
    source, journal = Source(), a_journal()
    stream = journal.start(source())
    source.put("a", "b", None)
    await collected(journal, stream)
    assert await collected(journal, stream, 1) == [(2, "b")]
    assert await collected(journal, stream, 2) == []
    assert await collected(journal, stream, 99) == []


async def test_the_producer_is_cancelled_when_nobody_comes_back() -> None:
    source, journal = Source(), a_journal(grace=0.05)
    stream = journal.start(source())
    source.put("a")
    assert await take(journal, stream, 1) == ["a"]
    async with asyncio.timeout(5):
        await source.cancelled.wait()
    with pytest.raises(StreamNotFound):
        await journal.check(stream)


async def test_the_producer_is_cancelled_when_nobody_ever_came() -> None:
    source, journal = Source(), a_journal(grace=0.05)
    journal.start(source())
    async with asyncio.timeout(5):
        await source.cancelled.wait()


async def test_whoever_comes_back_within_the_grace_keeps_it_running() -> None:
    source, journal = Source(), a_journal(grace=0.3)
    stream = journal.start(source())
    source.put("a")
    await take(journal, stream, 1)
    follower = asyncio.create_task(collected(journal, stream, 1))
    await asyncio.sleep(0.5)
    source.put("b", None)
    assert await follower == [(2, "b")]
    assert not source.cancelled.is_set()


async def test_one_of_two_followers_leaving_stops_nothing() -> None:
    source, journal = Source(), a_journal(grace=0.05)
    stream = journal.start(source())
    stays = asyncio.create_task(collected(journal, stream))
    source.put("a")
    await take(journal, stream, 1)
    await asyncio.sleep(0.2)
    source.put("b", None)
    assert await stays == [(1, "a"), (2, "b")]


async def test_the_first_item_or_none_in_time() -> None:
    source, journal = Source(), a_journal()
    stream = journal.start(source())
    assert await journal.first(stream, 0.02) is None
    source.put("a", None)
    assert await journal.first(stream, 5) == "a"
    assert await collected(journal, stream) == [(1, "a")]


async def test_an_empty_stream_has_no_first_item() -> None:
    source, journal = Source(), a_journal()
    source.put(None)
    assert await journal.first(journal.start(source()), 5) is None


async def test_what_is_unknown_or_too_old_is_not_found() -> None:
    source, journal = Source(), a_journal(ttl=0.05)
    with pytest.raises(StreamNotFound):
        await collected(journal, "f" * 32)
    stream = journal.start(source())
    source.put("a", None)
    await collected(journal, stream)
    await asyncio.sleep(0.1)
    with pytest.raises(StreamNotFound):
        await collected(journal, stream)


async def finished(journal: Journal[str], text: str) -> str:
    source = Source()
    stream = journal.start(source())
    source.put(text, None)
    await collected(journal, stream)
    return stream


@pytest.mark.parametrize("limit", [{"max_streams": 2}, {"max_bytes": 20}])
async def test_the_oldest_finished_streams_make_room(limit: dict[str, int]) -> None:
    journal = a_journal(**limit)
    old, kept, newest = [await finished(journal, "x" * 10) for _ in range(3)]
    with pytest.raises(StreamNotFound):
        await journal.check(old)
    assert await collected(journal, kept) == [(1, "x" * 10)]
    assert await collected(journal, newest) == [(1, "x" * 10)]


async def test_a_running_stream_is_never_evicted() -> None:
    source, journal = Source(), a_journal(max_streams=1)
    running = journal.start(source())
    follower = asyncio.create_task(collected(journal, running))
    await asyncio.sleep(0)
    await finished(journal, "other")
    source.put("a", None)
    assert await follower == [(1, "a")]


async def test_closing_cancels_producers_and_releases_followers() -> None:
    source, journal = Source(), a_journal()
    stream = journal.start(source())
    follower = asyncio.create_task(collected(journal, stream))
    source.put("a")
    await until(source.queue.empty)
    await journal.close()
    assert await follower == [(1, "a")]
    assert source.cancelled.is_set()


async def test_ids_do_not_repeat_and_are_long() -> None:
    journal = a_journal()
    ids = {journal.start(Source()()) for _ in range(50)}
    assert len(ids) == 50
    assert {len(id_) for id_ in ids} == {32}
    await journal.close()
