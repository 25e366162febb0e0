import asyncio
import time

import pytest

from app.core.loopwatch import LoopWatch

pytestmark = pytest.mark.anyio


async def test_a_held_up_loop_is_noticed_once() -> None:
    watch = LoopWatch()
    running = asyncio.create_task(watch.run())
    await asyncio.sleep(0.03)
    watch.take_longest()
    time.sleep(0.2)  # noqa: ASYNC251 - holding the loop up is the point
    await asyncio.sleep(0.05)
    assert watch.take_longest() >= 0.15
    assert watch.take_longest() == 0.0
    running.cancel()
