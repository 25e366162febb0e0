"""What a running job tells about itself: its stage and how far it is."""

import time
from collections.abc import Mapping
from typing import Any

from app.db import jobs as rows
from app.db.session import Connection, Database
from app.models.jobs import Job
from app.services.feed import Feed

_QUIET = 0.5  # seconds between two progress rows of one job
_TURN = 10.0  # seconds that a job may keep others waiting who could be done sooner


class JobProgress:
    """One job's voice. Progress within a stage is throttled; entering a stage never is."""

    def __init__(self, database: Database, feed: Feed, job: Job) -> None:
        self._database = database
        self._feed = feed
        self._job_id = job.id
        self._job = job
        self._stage = job.stage
        self._spoke = 0.0
        self._began = time.monotonic()

    async def enter(self, stage: str, progress: float) -> None:
        """The job is now in `stage`; a retry would start here."""
        async with self._database.write(alone=False) as connection:
            await rows.change(connection, self._job_id, stage=stage, progress=progress, interruptions=0)
            if stage != self._stage:
                await self._write(connection, "stage", {"stage": stage, "progress": round(progress, 4)})
        self._stage = stage
        self._feed.notify(self._job_id)

    async def advance(self, stage: str, progress: float, counts: Mapping[str, Any]) -> None:
        """`counts` says it in units, as {"pages": 12, "of": 117}; the last one of a stage is always written."""
        last = counts.get("of") is not None and any(
            value == counts["of"] for key, value in counts.items() if key != "of"
        )
        if not last and time.monotonic() - self._spoke < _QUIET:
            return
        self._spoke = time.monotonic()
        async with self._database.write(alone=False) as connection:
            await rows.change(connection, self._job_id, progress=progress, interruptions=0)
            await self._write(connection, "progress", {"stage": stage, "progress": round(progress, 4)} | dict(counts))
        self._feed.notify(self._job_id)

    async def should_make_way(self) -> bool:
        """Whether the job has had its turn and another one, at least as urgent, waits in its lane."""
        if time.monotonic() - self._began < _TURN:
            return False
        async with self._database.read() as connection:
            return await rows.somebody_waits(connection, self._job.lane, self._job.priority)

    async def _write(self, connection: Connection, kind: str, data: Mapping[str, Any]) -> None:
        await rows.add_event(connection, self._job_id, kind, data)
