"""Wakes the workers of this process. Nothing is stored: the job rows are the truth."""

import anyio

from app.models.jobs import Lane


class LocalQueue:
    """Keeps a wake-up for a worker that was between its last look at the job table and `wait`.

    At most `kept` of them a lane: more than there are workers are of no use, and each costs one look at an empty table.
    """

    def __init__(self, kept: int = 16) -> None:
        self._wakeups = {lane: anyio.Semaphore(0) for lane in Lane}
        self._kept = kept

    async def notify(self, lane: Lane) -> None:
        if self._wakeups[lane].value < self._kept:
            self._wakeups[lane].release()

    async def wait(self, lane: Lane, timeout: float) -> None:
        with anyio.move_on_after(timeout):
            await self._wakeups[lane].acquire()
