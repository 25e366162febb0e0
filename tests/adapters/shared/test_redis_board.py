"""Wake-ups and streams between processes, on a real Redis that is killed and comes back empty."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from app.adapters.shared.redis_board import RedisBoard
from app.core.errors import RateLimited, StreamNotFound, Unavailable
from app.services.journal import Journal, SharedStreams
from app.services.rates import RateService
from tests.redis_server import RedisServer

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.kill()


@pytest.fixture
async def boards(redis: RedisServer) -> AsyncIterator[tuple[RedisBoard, RedisBoard]]:
    """Those of two processes."""
    made = RedisBoard(redis.url), RedisBoard(redis.url)
    yield made
    for board in made:
        await board.close()


class Source:
    """Items as the test puts them; None ends it."""

    def __init__(self) -> None:
        self.items: asyncio.Queue[str | None] = asyncio.Queue()
        self.cancelled = asyncio.Event()

    def put(self, *items: str | None) -> None:
        for item in items:
            self.items.put_nowait(item)

    async def __call__(self) -> AsyncIterator[str]:
        try:
            while (item := await self.items.get()) is not None:
                yield item
        except asyncio.CancelledError:
            self.cancelled.set()
            raise


def journal(board: RedisBoard, grace: float = 30.0) -> Journal[str]:
    return Journal(len, grace=grace, shared=SharedStreams(board, str, str))


async def follow(of: Journal[str], stream: str, after: int, count: int) -> list[tuple[int, str]]:
    """`count` items, or all to the end if that comes first."""
    found: list[tuple[int, str]] = []
    async with asyncio.timeout(60), aclosing(of.follow(stream, after)) as items:
        async for item in items:
            found.append(item)
            if len(found) == count:
                break
    return found


async def published(board: RedisBoard, stream: str) -> None:
    async with asyncio.timeout(30):
        while await board.owner_of(stream) is None:
            await asyncio.sleep(0.01)


async def test_news_reach_the_other_process(boards: tuple[RedisBoard, RedisBoard]) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    tasks = [asyncio.create_task(boards[0].pass_on()), asyncio.create_task(boards[1].listen(heard.put_nowait))]
    async with asyncio.timeout(30):
        while heard.empty():  # until it listens
            boards[0].tell("job-1")
            await asyncio.sleep(0.05)
    assert heard.get_nowait() == "job-1"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_stream_goes_on_in_another_process(boards: tuple[RedisBoard, RedisBoard]) -> None:
    here, there, source = journal(boards[0]), journal(boards[1]), Source()
    stream = here.start(source(), "me")
    source.put("a", "b", "ß")
    await published(boards[0], stream)
    await there.check(stream, "me")
    with pytest.raises(StreamNotFound):
        await there.check(stream, "somebody else")
    with pytest.raises(StreamNotFound):
        await there.check("0" * 32, "me")
    assert await follow(there, stream, 1, 2) == [(2, "b"), (3, "ß")]
    source.put("d", None)
    assert await follow(there, stream, 3, 9) == [(4, "d")]
    assert await follow(there, stream, 4, 9) == []  # ended, and told so again
    await here.close()


async def test_who_follows_elsewhere_keeps_the_producer_going(boards: tuple[RedisBoard, RedisBoard]) -> None:
    here, there, source = journal(boards[0], grace=0.3), journal(boards[1]), Source()
    stream = here.start(source())
    await published(boards[0], stream)
    follower = asyncio.create_task(follow(there, stream, 0, 1))
    async with asyncio.timeout(30):
        while not await boards[0].followed(stream):
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.6)  # two periods of grace
    source.put("late")
    assert await follower == [(1, "late")]
    await asyncio.wait_for(source.cancelled.wait(), 30)  # nobody follows any more
    await here.close()


async def test_streams_outlive_a_redis_that_comes_back_empty(
    redis: RedisServer, boards: tuple[RedisBoard, RedisBoard]
) -> None:
    here, there, source = journal(boards[0]), journal(boards[1]), Source()
    stream = here.start(source())
    source.put("a", "b")
    await published(boards[0], stream)
    follower = asyncio.create_task(follow(there, stream, 0, 9))
    await asyncio.sleep(0)
    redis.kill()
    with pytest.raises(Unavailable):
        await boards[0].ping()
    source.put("c")
    redis.start()
    source.put("d", None)
    assert await follower == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    await here.close()


async def test_processes_count_calls_together_and_alone_without_redis(redis: RedisServer) -> None:
    first, second = (RateService("2/hour", "", "", redis.url) for _ in range(2))
    await first.called("a")
    window = await second.called("a")
    assert window is not None
    assert window.remaining == 0
    with pytest.raises(RateLimited):
        await first.called("a")
    redis.kill()
    assert await second.called("a") is not None
    redis.start()
    for service in (first, second):
        await service.close()
