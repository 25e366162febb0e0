"""What one of several workers does every few seconds for all of them: nothing waits because a message was lost."""

import time

import structlog

from app.core.errors import DocubotError
from app.db import jobs as rows
from app.db.session import Database
from app.ports import JobQueue
from app.services.recovery import RecoveryService
from app.services.retention import RetentionService

log = structlog.get_logger(__name__)

_COMPARE = 30.0
_SWEEP = 60.0
_WAKE = 32
"""Messages a lane and look: more than any worker takes at once, fewer than a thousand waiting jobs would make."""


class UpkeepService:
    def __init__(
        self, database: Database, queue: JobQueue, recovery: RecoveryService, retention: RetentionService
    ) -> None:
        self._database = database
        self._queue = queue
        self._recovery = recovery
        self._retention = retention
        self._compared = self._swept = float("-inf")

    async def look(self) -> None:
        """Wake workers for jobs that may run, those whose lease ran out among them; now and then compare and sweep."""
        try:
            await self._wake()
            if time.monotonic() - self._compared > _COMPARE:
                self._compared = time.monotonic()
                await self._recovery.watch_once()
            if time.monotonic() - self._swept > _SWEEP:
                self._swept = time.monotonic()
                await self._retention.sweep()
        except DocubotError as error:  # a database that restarts, a vector index that is down: looked at again
            log.warning("upkeep_put_off", code=error.code)

    async def _wake(self) -> None:
        async with self._database.read() as connection:
            waiting = await rows.runnable(connection)
        for lane, count in waiting.items():
            for _ in range(min(count, _WAKE)):
                await self._queue.notify(lane)
