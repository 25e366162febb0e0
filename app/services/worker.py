"""Runs jobs: claims a row under a lease, keeps the lease, and writes down how it ended.

A handler may be stopped at any await and run again from the start of its stage, so every stage is idempotent. What
happens to a job is decided here once for all kinds: a failure that may pass is tried again with back-off, one that
will not is final, a cancel undoes, a shutdown hands back.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from app.core.acting import ITSELF, acting
from app.core.errors import DocubotError, StorageUnavailable, Unavailable, VectorIndexUnavailable
from app.core.tracing import span
from app.db import jobs as rows
from app.db.session import Database, now
from app.models.jobs import Job, JobKind, JobStatus, Lane
from app.ports import JobQueue
from app.services.announcements import WAKE
from app.services.feed import Feed
from app.services.leases import LEASE, Leases
from app.services.outcomes import Handler, HandOver, Outcomes, unobserved
from app.services.progress import JobProgress

log = structlog.get_logger(__name__)

_MOST_INTERRUPTIONS = 20
_MOMENT = 0.2
"""Seconds before a full worker passes on that there may be work."""
_PATIENCE = 1.0
"""Seconds between two tries to give a job back."""


class Worker:
    """`concurrency` loops over each lane of the job table, in this process.

    `idle`: seconds between two looks of a loop that nobody wakes. `observe` is told of each end: the job, its status or
    "retried", and the code of what failed or "".
    """

    def __init__(
        self,
        database: Database,
        queue: JobQueue,
        feed: Feed,
        handlers: Mapping[JobKind, Handler],
        *,
        concurrency: int,
        max_attempts: int,
        idle: float = 5.0,
        observe: Callable[[Job, str, str], None] = unobserved,
    ) -> None:
        self._database = database
        self._queue = queue
        self._feed = feed
        self._handlers = handlers
        self._concurrency = concurrency
        self._idle = idle
        self._outcomes = Outcomes(database, queue, feed, handlers, max_attempts=max_attempts, observe=observe)
        self._leases = Leases(database, feed)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._cancelled: set[str] = set()
        self._called: set[str] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._busy = dict.fromkeys(Lane, 0)
        self._passing_on: set[Lane] = set()
        self._closed = False

    # ------------------------------------------------------------ life

    def start(self) -> None:
        self._loops = [
            asyncio.create_task(self._loop(lane), name=f"worker-{lane}-{number}")
            for lane in Lane
            for number in range(self._concurrency)
        ]

    async def hand_back(self) -> None:
        """Stop taking work and hand back what runs: it goes on where it was after the next start. Jobs that a caller
        waits for go on."""
        self._closed = True
        background = [task for job_id, task in self._running.items() if job_id not in self._called]
        await self._end_tasks([*self._loops, *background])

    async def stop(self) -> None:
        """Hand back everything."""
        self._closed = True
        await self._end_tasks([*self._loops, *self._running.values()])

    async def _end_tasks(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._leases.release_all(but=self._called)
        except Unavailable as error:  # then the leases run out by themselves
            log.warning("leases_not_released", code=error.code)

    async def _loop(self, lane: Lane) -> None:
        while True:
            try:
                task, pause = await self._claim(lane)
            except Unavailable as error:  # a full disk, a database that restarts: work goes on when it is over
                log.warning("jobs_cannot_be_claimed", lane=lane, code=error.code)
                await asyncio.sleep(self._idle)
                continue
            if task is None:
                await self._queue.wait(lane, min(self._idle, self._idle if pause is None else max(pause, 0.05)))
            else:
                await asyncio.wait({task})  # unlike `await task`, outlives a job that was cancelled

    async def run_next(self, lane: Lane) -> None:
        """Run the lane's most urgent job to one of its ends, for those who are woken one job at a time.

        The word is passed on after that, since others may have met a worker that was full; and by one that is full, as
        with `concurrency` jobs of the lane, since another may have room. Nothing after `hand_back`. Raises Unavailable.
        """
        if self._closed:
            return
        if self._busy[lane] >= self._concurrency:
            return await self._pass_on(lane)
        self._busy[lane] += 1
        try:
            task, _ = await self._claim(lane)
            if task is not None:
                await asyncio.wait({task})
        finally:
            self._busy[lane] -= 1
        if task is not None:
            await self._queue.notify(lane)

    async def _pass_on(self, lane: Lane) -> None:
        """In a moment, and once for all words that come meanwhile: they would go round and round."""
        if lane not in self._passing_on:
            self._passing_on.add(lane)
            try:
                await asyncio.sleep(_MOMENT)
            finally:
                self._passing_on.discard(lane)
            await self._queue.notify(lane)

    async def _claim(self, lane: Lane) -> tuple[asyncio.Task[None] | None, float | None]:
        """The task of a job that may run, or else the seconds until one may, if any waits. Raises Unavailable."""
        task = None
        try:
            async with self._database.write(alone=False) as connection:
                job = await rows.claim(connection, lane, self._leases.owner, LEASE, held=self._running)
                if job is None:
                    return None, await rows.next_run_after(connection, lane)
                task = self._begin(job)  # inside the transaction: who finds it running can also find its task
        except BaseException:
            if task is not None:
                task.cancel()
            raise
        return task, None

    def _begin(self, job: Job) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(job), name=f"job-{job.id}")
        self._running[job.id] = task
        task.add_done_callback(lambda _: self._forget(job.id, task))
        return task

    def _forget(self, job_id: str, task: asyncio.Task[None]) -> None:
        if self._running.get(job_id) is task:  # another lane may have taken it over already
            del self._running[job_id]

    # ------------------------------------------------------------ one job

    async def run_now(self, job_id: str) -> Job:
        """Run a job that the caller has just inserted, ahead of the queue; returns its row at the end."""
        async with self._database.write() as connection:
            moment = now()
            await rows.change(
                connection,
                job_id,
                status=JobStatus.RUNNING,
                lease_owner=self._leases.owner,
                lease_until=moment + timedelta(seconds=LEASE),
            )
            job = await rows.job(connection, job_id)
        # Its own task: a caller that leaves does not stop what it began.
        self._called.add(job_id)
        task = self._begin(job)
        task.add_done_callback(lambda _: self._called.discard(job_id))
        await asyncio.wait({task})
        async with self._database.read() as connection:
            return await rows.job(connection, job_id)

    async def cancel(self, job_id: str) -> None:
        """Cancel a job, wherever it runs: ended on return here, asked to end elsewhere. Raises JobNotFound."""
        async with self._database.write() as connection:
            job = await rows.job(connection, job_id)
            if job.status.final or job.kind is JobKind.DELETE:
                return
            waiting = job.status is JobStatus.QUEUED
            await rows.change(connection, job_id, cancel_requested=True)
            if waiting:
                await self._outcomes.end(connection, job, JobStatus.CANCELLED)
        if waiting:
            await self._handlers[job.kind].undo(job)
            self._feed.notify(job_id)
            self._feed.notify(WAKE)
        else:
            await self._stop(job)

    async def _stop(self, job: Job) -> None:
        """End a running job's task, if it is one of ours, and see the job cancelled."""
        task = self._running.get(job.id)
        if task is None:
            return self._leases.ask_to_end(job.id)
        if job.id not in self._cancelled:  # else somebody is at it: a second blow would break off the undoing
            self._cancelled.add(job.id)
            task.cancel()
        await asyncio.wait({task})
        if job.id in self._cancelled:  # it was stopped before its first step, or could not undo
            await self._cancel_ended(job)

    async def _run(self, job: Job) -> None:
        """A claimed job to one of its ends, or back into the queue when its end could not be written down."""
        try:
            await self._attend(job)
        except Unavailable as error:
            log.warning("job_left", job_id=job.id, kind=job.kind, code=error.code, action="it runs again")
            await self._give_back(job)

    async def _give_back(self, job: Job) -> None:
        """As soon as the database answers; else the job would wait for its lease to run out."""
        while True:
            try:
                await self._leases.release(job.id)
                return await self._queue.notify(job.lane)
            except Unavailable:
                await asyncio.sleep(_PATIENCE)

    async def _attend(self, job: Job) -> None:
        work = asyncio.current_task()
        assert work is not None  # noqa: S101 - we are inside a task by construction
        heart = asyncio.create_task(self._beat(job.id, work), name=f"heartbeat-{job.id}")
        bound = {"job_id": job.id} | ({"request_id": asked_by} if (asked_by := job.payload.get("request_id")) else {})
        structlog.contextvars.bind_contextvars(**bound)
        try:
            if job.cancel_requested:
                await self._cancel_ended(job)
                return
            if job.stage is None or job.error_code is not None:
                await self._outcomes.event(job, "started", {"attempt": job.attempt})
            if job.interruptions > _MOST_INTERRUPTIONS:
                # It never came back to say why: whatever it does ends the whole process, again and again.
                await self._outcomes.fail(
                    job, "interrupted", "The job was interrupted each time it ran. Retry it to go on."
                )
                return
            who = replace(ITSELF, key_id=job.payload.get("key_id"))
            with acting(who), span(f"job {job.kind}", {"docubot.attempt": job.attempt}):
                warned = await self._handlers[job.kind].run(job, JobProgress(self._database, self._feed, job))
            await self._outcomes.finish(job, JobStatus.SUCCEEDED_WITH_WARNINGS if warned else JobStatus.SUCCEEDED)
        except asyncio.CancelledError:
            if job.id not in self._cancelled:
                raise  # shutdown, or the lease went to another worker
            work.uncancel()
            await self._cancel_ended(job)
        except HandOver as word:
            await self._outcomes.hand_over(job, word.lane)
        except (VectorIndexUnavailable, StorageUnavailable) as error:
            await self._outcomes.put_off(job, error.code, error.detail)
        except Unavailable as error:
            await self._outcomes.retry(job, error.code, error.detail, error.retry_after)
        except DocubotError as error:
            await self._outcomes.fail(job, error.code, error.detail)
        except Exception:
            log.exception("job_crashed", kind=job.kind)
            await self._outcomes.retry(job, "internal_error", DocubotError.advice, None)
        finally:
            heart.cancel()
            structlog.contextvars.unbind_contextvars(*bound)

    async def _cancel_ended(self, job: Job) -> None:
        await self._outcomes.cancel(job)
        self._cancelled.discard(job.id)

    async def _beat(self, job_id: str, work: asyncio.Task[None]) -> None:
        if await self._leases.keep(job_id):
            self._cancelled.add(job_id)
        work.cancel()
