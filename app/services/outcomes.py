"""How a job ends, or goes on elsewhere: each written down in one transaction with its event."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

import structlog

from app.db import jobs as rows
from app.db.session import Connection, Database, now
from app.logic.retry import RetryPolicy, delay_before_retry
from app.models.jobs import Job, JobKind, JobStatus, Lane
from app.ports import JobQueue
from app.services.announcements import WAKE, announce_end
from app.services.feed import Feed
from app.services.progress import JobProgress

log = structlog.get_logger(__name__)

_PUT_OFF = 10.0
"""Seconds; up to twice as many, so that what waits together does not come back together."""


class Handler(Protocol):
    """What one kind of job does."""

    async def run(self, job: Job, progress: JobProgress) -> bool:
        """Do it all; returns whether there were warnings. Runs again after an interruption."""
        ...

    async def undo(self, job: Job) -> None:
        """After a cancel: leave nothing of it."""
        ...

    async def give_up(self, job: Job, code: str, message: str) -> None:
        """After a final failure: say so where people look."""
        ...


class HandOver(Exception):
    """A handler's word that the job should go on in `lane`, after whoever waits there with the same urgency."""

    expected = True
    """No failure, for those who count them."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane


def unobserved(job: Job, outcome: str, code: str) -> None:
    """The default of `observe`."""


class Outcomes:
    """`observe` is told of each end: the job, its status or "retried", and the code of what failed or ""."""

    def __init__(
        self,
        database: Database,
        queue: JobQueue,
        feed: Feed,
        handlers: Mapping[JobKind, Handler],
        *,
        max_attempts: int,
        observe: Callable[[Job, str, str], None],
    ) -> None:
        self._database = database
        self._queue = queue
        self._feed = feed
        self._handlers = handlers
        self._policy = RetryPolicy(retries=max_attempts - 1, first=2.0, longest=300.0)
        self._observe = observe

    async def retry(self, job: Job, code: str, message: str, retry_after: float | None) -> None:
        """Once more after a pause, unless it had its tries."""
        jitter = random.random()  # noqa: S311 - spreads retries, and keeps no secret
        wait = delay_before_retry(self._policy, job.attempt, jitter=jitter, retry_after=retry_after)
        if wait is None:
            await self.fail(job, code, message)
            return
        await self._again(job, code, message, wait, job.attempt + 1)

    async def put_off(self, job: Job, code: str, message: str) -> None:
        """Once more after a pause, however often: a part of DocuBot itself is down, and the job is not to blame."""
        wait = _PUT_OFF * (1 + random.random())  # noqa: S311 - no secret: it only parts those that wait
        await self._again(job, code, message, wait, job.attempt)

    async def _again(self, job: Job, code: str, message: str, wait: float, attempt: int) -> None:
        log.warning("job_retried", kind=job.kind, code=code, attempt=job.attempt, wait=round(wait, 1))
        async with self._database.write() as connection:
            self._observe(await rows.job(connection, job.id), "retried", code)
            await rows.change(
                connection,
                job.id,
                status=JobStatus.QUEUED,
                run_after=now() + timedelta(seconds=wait),
                lease_owner=None,
                lease_until=None,
                attempt=attempt,
                interruptions=0,
                error_code=code,
                error_message=message,
            )
            data = {"code": code, "message": message, "attempt": job.attempt, "wait_seconds": round(wait, 1)}
            await rows.add_event(connection, job.id, "retrying", data)
        self._feed.notify(job.id)
        await self._queue.notify(job.lane)

    async def hand_over(self, job: Job, lane: Lane) -> None:
        """Go on in another lane."""
        free = {"lease_owner": None, "lease_until": None, "interruptions": 0}
        async with self._database.write() as connection:
            await rows.change(connection, job.id, status=JobStatus.QUEUED, lane=lane, run_after=now(), **free)
        await self._queue.notify(lane)

    async def fail(self, job: Job, code: str, message: str) -> None:
        log.warning("job_failed", kind=job.kind, code=code, attempt=job.attempt)
        await self._handlers[job.kind].give_up(job, code, message)
        await self.finish(job, JobStatus.FAILED, error_code=code, error_message=message)

    async def cancel(self, job: Job) -> None:
        """Undo it and say so."""
        await self._handlers[job.kind].undo(job)
        await self.finish(job, JobStatus.CANCELLED)

    async def finish(self, job: Job, status: JobStatus, **error: str) -> None:
        async with self._database.write() as connection:
            await self.end(connection, job, status, **error)
        self._feed.notify(job.id)
        self._feed.notify(WAKE)

    async def end(self, connection: Connection, job: Job, status: JobStatus, **error: str) -> None:
        """The last of a job, in the caller's transaction."""
        values: dict[str, Any] = {"error_code": None, "error_message": None} | error
        if status in (JobStatus.SUCCEEDED, JobStatus.SUCCEEDED_WITH_WARNINGS):
            values["progress"] = 1.0
        await rows.change(
            connection, job.id, status=status, lease_owner=None, lease_until=None, finished_at=now(), **values
        )
        await rows.add_event(connection, job.id, "finished", {"status": status.value} | error)
        await announce_end(connection, job, status, error)
        # As it is now: the one that was claimed does not know how far it came.
        self._observe(await rows.job(connection, job.id), status.value, error.get("error_code", ""))

    async def event(self, job: Job, kind: str, data: Mapping[str, Any]) -> None:
        async with self._database.write(alone=False) as connection:
            await rows.add_event(connection, job.id, kind, data)
        self._feed.notify(job.id)
