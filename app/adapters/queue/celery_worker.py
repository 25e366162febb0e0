"""Celery's worker in a thread, whose tasks run on the event loop of the process.

All that costs CPU or may go wrong is in child processes already, each with limits of time and memory (the parsers'),
so Celery's own process pool would only multiply the embedding models. Its threads wait for coroutines, and a message is
acknowledged when its job has ended.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import CancelledError
from typing import Any

import structlog
from celery import Celery
from celery.beat import EmbeddedService
from celery.worker import WorkController
from celery.worker import state as celery_state

from app.adapters.queue.celery_app import UPKEEP, WORK, queue_of
from app.models.jobs import Lane

log = structlog.get_logger(__name__)


class CeleryWorker:
    """`work` is called for each message of a lane, `upkeep` every few seconds in one of all workers."""

    def __init__(
        self,
        app: Celery,
        work: Callable[[Lane], Awaitable[None]],
        upkeep: Callable[[], Awaitable[None]],
        *,
        lanes: Sequence[Lane],
        concurrency: int,
    ) -> None:
        self._app = app
        self._calls: dict[str, Callable[..., Awaitable[None]]] = {
            WORK: lambda lane: work(Lane(lane)),
            UPKEEP: upkeep,
        }
        self._queues = [*map(queue_of, lanes), UPKEEP]
        self._concurrency = concurrency
        self._thread: threading.Thread | None = None
        self._beat: Any = None
        self._ended = asyncio.Event()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        for name, call in self._calls.items():
            self._app.task(_on_loop(loop, call), name=name)
        self._app.finalize()
        self._thread = threading.Thread(target=self._run, args=(loop,), name="celery", daemon=True)
        self._thread.start()
        self._beat = EmbeddedService(self._app, thread=True, scheduler_cls="celery.beat:Scheduler")
        self._beat.start()

    async def ended(self) -> None:
        """Return when Celery's worker has stopped, asked to or not."""
        await self._ended.wait()

    async def stop(self) -> None:
        """Take no more messages, and return when those under way are done with."""
        if self._thread is None:
            return
        await asyncio.to_thread(self._beat.stop)
        celery_state.should_stop = 0
        await self._ended.wait()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            WorkController(
                app=self._app,
                queues=self._queues,
                pool="threads",
                # One more than jobs: the upkeep waits for none of them.
                concurrency=self._concurrency + 1,
                without_heartbeat=True,
                without_mingle=True,
                without_gossip=True,
                beat=False,
                loglevel="WARNING",
            ).start()
        finally:
            loop.call_soon_threadsafe(self._ended.set)


def _on_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    async def called(*arguments: Any) -> None:
        await call(*arguments)

    def task(*arguments: Any) -> None:
        try:
            asyncio.run_coroutine_threadsafe(called(*arguments), loop).result()
        except CancelledError:
            log.info("task_handed_back")

    return task
