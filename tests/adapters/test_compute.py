import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from app.adapters.compute import NICENESS, InlineCompute, ProcessCompute
from app.core.errors import EmptyFile, Unavailable
from app.ports import Compute

pytestmark = pytest.mark.anyio


def double(text: str) -> str:
    return text * 2


def fail() -> None:
    raise EmptyFile("said the worker")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: Path) -> str:
    if marker.exists():
        return "second life"
    marker.touch()
    die()
    raise AssertionError


def nap_and_pid(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[ProcessCompute]:
    compute = ProcessCompute(2)
    yield compute
    await compute.close()


@pytest.fixture(params=["process", "inline"])
def compute(request: pytest.FixtureRequest, pool: ProcessCompute) -> Compute:
    return pool if request.param == "process" else InlineCompute()


async def test_returns_what_the_function_returns(compute: Compute) -> None:
    assert await compute.run(double, "தமிழ்") == "தமிழ்தமிழ்"


async def test_raises_what_the_function_raises(compute: Compute) -> None:
    with pytest.raises(EmptyFile, match="said the worker"):
        await compute.run(fail)


async def test_runs_outside_this_process_and_nicely(pool: ProcessCompute) -> None:
    assert await pool.run(nap_and_pid, 0) != os.getpid()
    assert await pool.run(os.nice, 0) == min(os.nice(0) + NICENESS, 19)


async def test_a_dead_worker_is_replaced_and_its_work_done_again(pool: ProcessCompute, tmp_path: Path) -> None:
    assert await pool.run(die_once, tmp_path / "marker") == "second life"
    assert await pool.run(double, "a") == "aa"


async def test_work_that_kills_its_worker_twice_is_given_up(pool: ProcessCompute) -> None:
    with pytest.raises(Unavailable, match="died twice"):
        await pool.run(die)
    assert await pool.run(double, "a") == "aa"


async def test_a_death_beside_it_does_not_fail_other_work(pool: ProcessCompute, tmp_path: Path) -> None:
    results: list[int] = []

    async def nap() -> None:
        results.append(await pool.run(nap_and_pid, 0.2))

    async with anyio.create_task_group() as group:
        group.start_soon(nap)
        group.start_soon(pool.run, die_once, tmp_path / "marker")
        group.start_soon(nap)
    assert len(results) == 2


async def test_the_event_loop_goes_on_while_workers_work(pool: ProcessCompute, tmp_path: Path) -> None:
    seen: list[bool] = []

    async def work() -> None:
        seen.append(await pool.run(wait_for, tmp_path / "sign"))

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        await anyio.lowlevel.checkpoint()
        (tmp_path / "sign").touch()  # only a loop that goes on comes here before the work is over
    assert seen == [True]


def wait_for(sign: Path) -> bool:
    end = time.monotonic() + 60
    while not sign.exists() and time.monotonic() < end:
        time.sleep(0.01)
    return sign.exists()


async def test_closing_a_pool_that_never_started() -> None:
    await ProcessCompute(1).close()
