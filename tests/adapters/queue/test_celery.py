"""Celery's worker on the test's event loop, over a broker in memory."""

import asyncio

import pytest

from app.adapters.queue import celery_worker
from app.adapters.queue.celery_app import celery_app
from app.adapters.queue.celery_queue import CeleryQueue
from app.models.jobs import Lane

pytestmark = pytest.mark.anyio


async def test_a_message_runs_on_the_loop_and_a_stop_waits_for_it() -> None:
    app = celery_app("memory://")
    seen: list[Lane] = []
    begun, go, looked = asyncio.Event(), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def work(lane: Lane) -> None:
        assert asyncio.get_running_loop() is loop
        begun.set()
        await go.wait()
        seen.append(lane)

    async def upkeep() -> None:
        looked.set()

    worker = celery_worker.CeleryWorker(app, work, upkeep, lanes=[Lane.READ, Lane.EMBED], concurrency=1)
    await worker.start()
    await CeleryQueue("memory://", app).notify(Lane.EMBED)
    await asyncio.wait_for(begun.wait(), 30)
    await asyncio.wait_for(looked.wait(), 30)  # while the one job runs, and by its own schedule
    stopping = asyncio.create_task(worker.stop())
    loop.call_later(0.2, go.set)
    await asyncio.wait_for(stopping, 60)
    assert seen == [Lane.EMBED]


async def test_a_broker_that_is_down_fails_nobody() -> None:
    await CeleryQueue("redis://127.0.0.1:1/0").notify(Lane.READ)
    await CeleryQueue("amqp://127.0.0.1:1//").notify(Lane.READ)
