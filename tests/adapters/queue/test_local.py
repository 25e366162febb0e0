import asyncio

import anyio
import pytest

from app.adapters.queue.local import LocalQueue
from app.models.jobs import Lane

pytestmark = pytest.mark.anyio


async def test_a_wake_up_before_the_wait_is_not_lost() -> None:
    queue = LocalQueue()
    await queue.notify(Lane.READ)
    with anyio.fail_after(5):
        await queue.wait(Lane.READ, timeout=60)


async def test_each_of_several_waiters_gets_a_wake_up() -> None:
    queue = LocalQueue()
    woken: list[int] = []

    async def worker(number: int) -> None:
        await queue.wait(Lane.READ, timeout=60)
        woken.append(number)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            for number in range(3):
                group.start_soon(worker, number)
            await anyio.wait_all_tasks_blocked()
            await queue.notify(Lane.READ)
            await anyio.wait_all_tasks_blocked()
            assert woken == [0]
            await queue.notify(Lane.READ)
            await queue.notify(Lane.READ)
    assert woken == [0, 1, 2]


async def test_a_wait_without_news_ends_after_its_timeout() -> None:
    with anyio.fail_after(5):
        await LocalQueue().wait(Lane.READ, timeout=0.01)


async def test_a_cancelled_waiter_leaves_its_wake_up_to_the_next() -> None:
    queue = LocalQueue()
    worker = asyncio.create_task(queue.wait(Lane.READ, timeout=60))
    await anyio.wait_all_tasks_blocked()
    await queue.notify(Lane.READ)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    with anyio.fail_after(5):
        await queue.wait(Lane.READ, timeout=60)


async def test_stale_wake_ups_are_few() -> None:
    queue = LocalQueue(kept=2)
    for _ in range(1000):
        await queue.notify(Lane.READ)
    with anyio.fail_after(5):
        await queue.wait(Lane.READ, timeout=60)
        await queue.wait(Lane.READ, timeout=60)
    with anyio.move_on_after(0.05) as scope:
        await queue.wait(Lane.READ, timeout=60)
    assert scope.cancelled_caught


async def test_lanes_do_not_wake_each_other() -> None:
    queue = LocalQueue()
    await queue.notify(Lane.EMBED)
    with anyio.move_on_after(0.05) as scope:
        await queue.wait(Lane.READ, timeout=60)
    assert scope.cancelled_caught
    with anyio.fail_after(5):
        await queue.wait(Lane.EMBED, timeout=60)
