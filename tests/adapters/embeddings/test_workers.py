import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from app.adapters.embeddings.worker import Model, command, frame
from app.adapters.embeddings.workers import WorkerPool
from app.core.errors import EmbeddingsUnavailable
from tests.adapters.embeddings.sessions import DIMENSION

SESSION = "tests.adapters.embeddings.sessions:ScriptedSession"
MakePool = Callable[..., WorkerPool]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def make_pool(tmp_path: Path) -> AsyncIterator[MakePool]:
    pools: list[WorkerPool] = []

    def make(size: int = 1, idle_seconds: float | None = None) -> WorkerPool:
        pools.append(WorkerPool(command(scripted(tmp_path), 3), size, idle_seconds))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close()


def scripted(folder: Path) -> Model:
    return Model("scripted", SESSION, folder, DIMENSION, 100)


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if SESSION in child.cmdline()]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # nobody tells when a process ends
            await asyncio.sleep(0.02)


async def test_rows_stand_in_the_order_of_the_texts(make_pool: MakePool) -> None:
    texts = ["x" * (7 * n % 50) for n in range(50)]
    vectors = await make_pool(2).embed(texts, "passage")
    assert vectors[:, 0].tolist() == [len(text) for text in texts]


async def test_texts_of_any_script_arrive_whole(make_pool: MakePool) -> None:
    texts = ["", "多言語の文書", "وثيقة", "हिन्दी", "ภาษาไทย", "a\udcff", "\n\0", "x" * 300_000]
    vectors = await make_pool().embed(texts, "passage")
    assert vectors[:, 0].tolist() == [len(text) for text in texts]


async def test_work_is_spread_over_niced_processes(make_pool: MakePool) -> None:
    vectors = await make_pool(2).embed(["sleep 0.2"] * 8, "passage")
    assert len(set(vectors[:, 1])) == 2
    assert set(vectors[:, 2]) == {min(19, os.nice(0) + 3)}


async def test_little_work_starts_few_processes(make_pool: MakePool) -> None:
    await make_pool(8).embed(["one", "two"], "passage")
    assert len(children()) <= 2


async def test_a_text_whose_process_dies_is_tried_again(make_pool: MakePool) -> None:
    texts = ["die-once a", "die-once b", *"cdefgh"]
    vectors = await make_pool(2).embed(texts, "passage")
    assert vectors[:, 0].tolist() == [len(text) for text in texts]


async def test_a_text_that_ends_two_processes_fails_alone(make_pool: MakePool) -> None:
    pool = make_pool()
    bad = asyncio.create_task(pool.embed(["die"], "passage"))
    good = asyncio.create_task(pool.embed(["good"] * 10, "passage"))
    with pytest.raises(EmbeddingsUnavailable, match="twice"):
        await bad
    assert (await good).shape == (10, DIMENSION)


async def test_a_process_killed_from_outside_is_replaced(make_pool: MakePool) -> None:
    pool = make_pool()
    first = (await pool.embed(["a"], "passage"))[0, 1]
    os.kill(int(first), signal.SIGKILL)
    assert (await pool.embed(["b"], "passage"))[0, 1] != first


async def test_a_model_that_cannot_load_fails_the_calls_and_a_later_one_recovers(
    make_pool: MakePool, tmp_path: Path
) -> None:
    pool = make_pool(2)
    (tmp_path / "unloadable").touch()
    with pytest.raises(EmbeddingsUnavailable, match="cannot start"):
        await pool.embed(["a", "b", "c"], "passage")
    (tmp_path / "unloadable").unlink()
    assert len(await pool.embed(["a", "b", "c"], "passage")) == 3


async def test_a_command_that_does_not_exist_fails_the_call() -> None:
    pool = WorkerPool(["/nonexistent/interpreter"], 1)
    with pytest.raises(EmbeddingsUnavailable, match="cannot start"):
        await pool.embed(["a"], "passage")
    await pool.close()


async def test_a_cancelled_call_leaves_the_pool_working(make_pool: MakePool) -> None:
    pool = make_pool()
    await pool.embed(["warm"], "passage")
    slow = asyncio.create_task(pool.embed(["sleep 0.1"] * 1000, "passage"))
    await asyncio.sleep(0.15)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    async with asyncio.timeout(10):  # far less than the hundred seconds that were cancelled
        assert len(await pool.embed(["after"], "passage")) == 1


async def test_idle_processes_end_and_come_back(make_pool: MakePool) -> None:
    pool = make_pool(1, idle_seconds=0.05)
    await pool.embed(["a"], "passage")
    await until(lambda: not children())
    assert len(await pool.embed(["b"], "passage")) == 1


async def test_closing_ends_the_processes_and_fails_what_waits(make_pool: MakePool) -> None:
    pool = make_pool(2)
    waiting = asyncio.create_task(pool.embed(["sleep 0.2"] * 50, "passage"))
    await until(lambda: len(children()) == 2)
    await pool.close()
    with pytest.raises(EmbeddingsUnavailable):
        await waiting
    with pytest.raises(EmbeddingsUnavailable):
        await pool.embed(["late"], "passage")
    assert not children()


async def test_the_event_loop_is_free_while_texts_are_embedded(make_pool: MakePool) -> None:
    pool = make_pool()
    await pool.embed(["warm"], "passage")
    slow = asyncio.create_task(pool.embed(["sleep 0.5"], "passage"))
    ticks = 0
    while not slow.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks >= 10


def test_a_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.read(4); print(child.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, *command(scripted(tmp_path), 0)], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    assert worker.wait(timeout=10) is None or not worker.is_running()


def test_frames_are_length_prefixed() -> None:
    assert frame("é".encode()) == b"\x02\0\0\0\xc3\xa9"
