"""Cancelling and carrying on at awkward moments."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, update

from app.core.clock import WallClock
from app.core.errors import StorageUnavailable
from app.db import jobs as job_rows
from app.db.session import now
from app.models.jobs import Job, JobKind, JobStatus, Lane
from app.models.records import JobRecord
from app.models.tables import jobs
from app.services.progress import JobProgress
from tests.services.kit import Kit, open_kit

pytestmark = pytest.mark.anyio


class Stubborn:
    """A job's handler that never ends by itself, and takes its time to undo."""

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.undone = 0

    async def run(self, job: Job, progress: JobProgress) -> bool:
        self.started.set()
        await asyncio.Event().wait()
        return False

    async def undo(self, job: Job) -> None:
        await asyncio.sleep(0.05)
        self.undone += 1

    async def give_up(self, job: Job, code: str, message: str) -> None:
        raise AssertionError


class Counting(Stubborn):
    """Counts how often it is begun; ends when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.begun = 0

    async def run(self, job: Job, progress: JobProgress) -> bool:
        self.begun += 1
        self.started.set()
        await self.go.wait()
        return False


async def added(kit: Kit) -> str:
    async with kit.database.write() as connection:
        collection = await kit.collections.ensure(connection, "default")
        return await job_rows.add(connection, JobKind.REINDEX, collection_id=collection.id, payload={"what": "refill"})


async def test_a_cancelled_job_is_cancelled_on_return_however_young_it_is(tmp_path: Path) -> None:
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: Stubborn()}) as kit:

        async def cancelled_after(steps: int) -> JobRecord:
            job_id = await added(kit)
            await kit.queue.notify(Lane.READ)
            for _ in range(steps):
                await asyncio.sleep(0)
            return await kit.jobs.cancel(job_id)

        for steps in range(40):
            assert (await cancelled_after(steps)).status is JobStatus.CANCELLED, steps


async def test_cancelled_twice_at_once_it_is_undone_once(tmp_path: Path) -> None:
    handler = Stubborn()
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: handler}) as kit:
        job_id = await added(kit)
        await handler.started.wait()
        first, second = await asyncio.gather(kit.jobs.cancel(job_id), kit.jobs.cancel(job_id))
        assert (first.status, second.status) == (JobStatus.CANCELLED, JobStatus.CANCELLED)
        assert handler.undone == 1


async def test_workers_outlive_a_database_that_takes_no_more(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False, idle=0.05) as kit:
        outcome = await kit.upload(b"One lighthouse.", "one.txt")
        takes = "OFF"
        event.listen(
            kit.database.engine.sync_engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA query_only={takes}")
        )
        takes = "ON"
        with pytest.raises(StorageUnavailable):
            await kit.collections.create("more", "", {})
        kit.worker.start()
        await asyncio.sleep(0.3)
        takes = "OFF"
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED


async def test_a_job_whose_lease_ran_out_while_it_runs_here_is_not_begun_twice(tmp_path: Path) -> None:
    handler = Counting()
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: handler}, idle=0.02) as kit:
        job_id = await added(kit)
        await kit.queue.notify(Lane.READ)
        await handler.started.wait()
        async with kit.database.write() as connection:  # the machine slept for an hour
            await job_rows.change(connection, job_id, lease_until=now() - timedelta(hours=1))
        await asyncio.sleep(0.2)
        assert handler.begun == 1
        handler.go.set()
        assert (await kit.ended(job_id)).status is JobStatus.SUCCEEDED
        assert handler.begun == 1


async def test_work_goes_on_when_the_clock_is_set_back(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False, idle=0.02) as kit:
        outcome = await kit.upload(b"One lighthouse.", "one.txt")
        hour = timedelta(hours=1)
        async with kit.database.write() as connection:  # as if it had been uploaded by the clock before
            values = {"run_after": now() + hour, "updated_at": now() + hour}
            await connection.execute(update(jobs).where(jobs.c.id == outcome.job_id).values(**values))
        kit.worker.start()
        assert (await kit.ended(outcome.job_id, limit=10)).status is JobStatus.SUCCEEDED


async def test_who_waits_to_be_tried_again_waits_no_longer_for_it(tmp_path: Path) -> None:
    wall = time.time()
    async with open_kit(tmp_path, start=False, clock=WallClock(lambda: wall), idle=0.02) as kit:
        outcome = await kit.upload(b"One lighthouse.", "one.txt")
        soon, later = now() + timedelta(hours=1, seconds=0.1), now() + timedelta(days=30)
        async with kit.database.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.id == outcome.job_id).values(run_after=soon))
            kept = await job_rows.add(connection, JobKind.DELETE, collection_id="c", payload={"what": "version"})
            await connection.execute(update(jobs).where(jobs.c.id == kept).values(run_after=later))
        wall -= 3600
        await kit.recovery.watch_once()
        kit.worker.start()
        assert (await kit.ended(outcome.job_id, limit=10)).status is JobStatus.SUCCEEDED
        assert (await kit.jobs.get(kept)).status is JobStatus.QUEUED


async def test_woken_one_by_one_it_runs_as_many_at_once_as_it_may(tmp_path: Path) -> None:
    handler = Counting()
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: handler}, start=False, concurrency=1) as kit:
        assert await kit.worker.run_next(Lane.READ) is False
        await added(kit)
        await added(kit)
        first = asyncio.create_task(kit.worker.run_next(Lane.READ))
        await handler.started.wait()
        assert await kit.worker.run_next(Lane.READ) is False  # full
        handler.go.set()
        assert await first is True
        assert await kit.worker.run_next(Lane.READ) is True
        assert await kit.worker.run_next(Lane.READ) is False  # nothing left
        assert handler.begun == 2


async def test_a_worker_that_handed_back_takes_nothing_more(tmp_path: Path) -> None:
    handler = Counting()
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: handler}, start=False) as kit:
        job_id = await added(kit)
        running = asyncio.create_task(kit.worker.run_next(Lane.READ))
        await handler.started.wait()
        await kit.worker.hand_back()
        await running
        assert (await kit.jobs.get(job_id)).status is JobStatus.QUEUED
        assert await kit.worker.run_next(Lane.READ) is False
