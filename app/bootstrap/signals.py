"""How parts, and processes, wake each other."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

from app.adapters import queue, shared
from app.bootstrap.engines import load
from app.core.config import Settings
from app.ports import Board, JobQueue
from app.services.feed import Feed


@dataclass(frozen=True, slots=True)
class Signals:
    queue: JobQueue
    feed: Feed
    board: Board | None
    """None where one process does everything."""


def open_signals(settings: Settings, stack: AsyncExitStack) -> Signals:
    if not settings.scaled:
        return Signals(load(queue.BACKENDS, "local")(), Feed(), None)
    board: Board = load(shared.BACKENDS, "redis")(settings.effective_redis_url)
    stack.push_async_callback(board.close)
    feed = Feed(board.tell)
    for name, work in (("told", board.pass_on()), ("heard", board.listen(feed.hear))):
        stack.push_async_callback(_end, asyncio.create_task(work, name=f"news-{name}"))
    return Signals(load(queue.BACKENDS, "celery")(settings.queue_url), feed, board)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
