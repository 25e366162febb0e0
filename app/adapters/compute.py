"""CPU work outside the event loop: its GIL is not shared, and a crash there harms nobody."""

import asyncio
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from anyio import to_thread

from app.core.errors import Unavailable
from app.core.processes import settle_worker

NICENESS = 10
"""Workers yield to the process that answers questions, unless they work for one."""
T = TypeVar("T")


class ProcessCompute:
    """A pool of processes, started at the first call, and anew when one of them dies."""

    def __init__(self, workers: int, niceness: int = NICENESS) -> None:
        self._workers = workers
        self._niceness = niceness
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """`function(*args)` in a worker; tried once more when the worker dies, then Unavailable."""
        for _ in range(2):
            pool = await to_thread.run_sync(self._running_pool)
            try:
                # In a thread: the first calls start processes and wait until they answer.
                return await asyncio.wrap_future(await to_thread.run_sync(pool.submit, function, *args))
            except BrokenProcessPool:
                await to_thread.run_sync(self._discard, pool)
        raise Unavailable("A worker process died twice over the same work; it may have run out of memory.")

    async def close(self) -> None:
        """Ends the calls that run, and with them the processes: their work is begun again after the next start."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            await to_thread.run_sync(self._discard, self._pool)

    def _running_pool(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                # Not fork: it would copy locks that other threads hold, and our open files with them.
                method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
                context = multiprocessing.get_context(method)
                self._pool = ProcessPoolExecutor(
                    self._workers, context, initializer=settle_worker, initargs=(self._niceness,)
                )
            return self._pool

    def _discard(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is not pool:
                return  # another call saw it break first; two shutdowns at once would close one file twice
            self._pool = None
        pool.shutdown(cancel_futures=True)


class InlineCompute:
    """The double: runs in a thread of this process."""

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        return await to_thread.run_sync(function, *args)

    async def close(self) -> None:
        """Holds nothing."""
