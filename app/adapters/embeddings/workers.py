"""A pool of embedding processes: started when there is work, ended after a while without, replaced when they die.

Everything here runs on the event loop and waits for pipes only, so the loop never waits for a model. A worker holds one
text ahead of the one it works on, so that it does not wait for the loop either.
"""

import asyncio
import itertools
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.adapters.embeddings.worker import LENGTH, Kind, frame, letter
from app.core.errors import EmbeddingsUnavailable
from app.ports import Vectors

AHEAD = 2
TRIES = 2
START_SECONDS = 60.0
REPLY_SECONDS = 120.0
STOP_SECONDS = 2.0
CLOSED = "The server is shutting down."
DIED = (asyncio.IncompleteReadError, TimeoutError, OSError)


@dataclass(eq=False, slots=True)
class _Task:
    rank: bool
    """Queries go before passages."""
    payload: bytes
    vector: asyncio.Future[NDArray[np.float32]]
    tries: int = 0


class WorkerPool:
    """Runs `command` (see `worker.command`) up to `size` times; `idle_seconds` None keeps the processes for good."""

    def __init__(self, command: Sequence[str], size: int, idle_seconds: float | None = None) -> None:
        self._command = command
        self._size = size
        self._idle_seconds = idle_seconds
        self._waiting: asyncio.PriorityQueue[tuple[bool, int, _Task]] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._workers: set[asyncio.Task[bool]] = set()
        self._closed = False

    async def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """One row a text, at least one. Raises EmbeddingsUnavailable when one of them ends two workers in turn."""
        self._check_open()
        loop = asyncio.get_running_loop()
        tasks = [_Task(kind == "passage", letter(text, kind), loop.create_future()) for text in texts]
        # Longest first, so that no worker is left alone with a long text when the others are done.
        for task in sorted(tasks, key=lambda task: -len(task.payload)):
            self._put(task)
        self.wake()
        try:
            return np.stack(await asyncio.gather(*(task.vector for task in tasks)))
        finally:
            for task in tasks:
                task.vector.cancel()  # where the call failed or was cancelled: workers pass over these

    def wake(self) -> None:
        """Start as many workers as there is work for, and at least one."""
        self._check_open()
        wanted = min(self._size, max(1, self._waiting.qsize()))
        for _ in range(wanted - len(self._workers)):
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._ended)

    async def close(self) -> None:
        self._closed = True
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self._fail_waiting(CLOSED)

    async def _work(self) -> bool:
        """The life of one process. False when it could not even start."""
        try:
            process = await self._start()
        except DIED:
            return False
        flying: deque[_Task] = deque()
        try:
            while await self._fill(process, flying):
                vector = await _receive(process)
                task = flying.popleft()
                if not task.vector.done():
                    task.vector.set_result(vector)
        except DIED:
            self._blame(flying)
        finally:
            for task in flying:
                self._put(task)
            await _stop(process)
        return True

    async def _start(self) -> Process:
        process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE)
        try:
            async with asyncio.timeout(START_SECONDS):
                await _receive(process)
        except BaseException:
            await _stop(process)
            raise
        return process

    async def _fill(self, process: Process, flying: deque[_Task]) -> bool:
        """Hand texts over; wait for the first one if there is none. False when none came for the idle time."""
        # The last texts of a queue are left to workers that have nothing.
        while not flying or (len(flying) < AHEAD and self._waiting.qsize() >= self._size):
            try:
                async with asyncio.timeout(None if flying else self._idle_seconds):
                    _, _, task = await self._waiting.get()
            except TimeoutError:
                return False
            if not task.vector.done():
                flying.append(task)
                assert process.stdin is not None  # noqa: S101  # it was started with a pipe
                process.stdin.write(frame(task.payload))
                await process.stdin.drain()
        return True

    def _blame(self, flying: deque[_Task]) -> None:
        """The first text in flight is the one that the process died of; it gets one more chance."""
        if not flying:
            return
        flying[0].tries += 1
        if flying[0].tries >= TRIES:
            task = flying.popleft()
            if not task.vector.done():
                task.vector.set_exception(EmbeddingsUnavailable("A text brought the embedding process down twice."))

    def _ended(self, worker: asyncio.Task[bool]) -> None:
        self._workers.discard(worker)
        started = not worker.cancelled() and worker.exception() is None and worker.result()
        if self._closed:
            return
        if not started:
            if not self._workers:  # else the others go on
                self._fail_waiting("The embedding process cannot start; the server's log tells why.")
        elif self._idle_seconds is None or not self._waiting.empty():
            self.wake()

    def _put(self, task: _Task) -> None:
        self._waiting.put_nowait((task.rank, next(self._numbers), task))

    def _check_open(self) -> None:
        if self._closed:
            raise EmbeddingsUnavailable(CLOSED)

    def _fail_waiting(self, reason: str) -> None:
        while not self._waiting.empty():
            _, _, task = self._waiting.get_nowait()
            if not task.vector.done():
                task.vector.set_exception(EmbeddingsUnavailable(reason))


async def _receive(process: Process) -> NDArray[np.float32]:
    assert process.stdout is not None  # noqa: S101  # it was started with a pipe
    async with asyncio.timeout(REPLY_SECONDS):
        (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        return np.frombuffer(await process.stdout.readexactly(size), np.dtype("<f4"))


async def _stop(process: Process) -> None:
    """It holds nothing that must be put away, so it is not asked to finish its text; one that lingers is killed."""
    assert process.stdin is not None  # noqa: S101  # it was started with a pipe
    process.stdin.close()
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
