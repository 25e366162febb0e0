"""Cancelling and carrying on at awkward moments."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from sqlalchemy import event, update
from sqlalchemy.engine.interfaces import DBAPIConnection

from app.core.clock import WallClock
from app.core.errors import StorageUnavailable
from app.db import jobs as job_rows
from app.db.session import now
from app.models.jobs import Job, JobKind, JobStatus, Lane
from app.models.records import JobRecord
from app.models.tables import jobs
from app.services.leases import LEASE
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


def query_only(kit: Kit) -> list[str]:
    """What every connection is taken from the pool with, by the last entry: "ON" lets nothing be written."""
    states = ["OFF"]

    def set_it(connection: DBAPIConnection, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA query_only={states[-1]}")
        cursor.close()

    # Not at "begin": a listener there comes after BEGIN IMMEDIATE, which fails while it is on, and could not undo it.
    event.listen(kit.database.engine.sync_engine, "checkout", set_it)
    return states


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
        takes = query_only(kit)
        takes.append("ON")
        with pytest.raises(StorageUnavailable):
            await kit.collections.create("more", "", {})
        kit.worker.start()
        await asyncio.sleep(0.3)
        takes.append("OFF")
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED


async def test_a_job_whose_end_cannot_be_written_down_does_not_wait_for_its_lease(tmp_path: Path) -> None:
    handler = Counting()
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: handler}, idle=0.02) as kit:
        job_id = await added(kit)
        await kit.queue.notify(Lane.READ)
        await handler.started.wait()
        refuses = query_only(kit)
        refuses.append("ON")
        handler.go.set()
        await asyncio.sleep(0.3)
        refuses.append("OFF")
        async with asyncio.timeout(LEASE / 2):
            assert (await kit.ended(job_id)).status is JobStatus.SUCCEEDED
        assert handler.begun == 2


class Full(Counting):
    """Its disk takes nothing, five times."""

    async def run(self, job: Job, progress: JobProgress) -> bool:
        self.begun += 1
        if self.begun <= 5:
            raise StorageUnavailable
        return False


async def test_a_full_disk_is_no_fault_of_the_job(tmp_path: Path) -> None:
    handler = Full()
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: handler}, idle=0.02) as kit:  # at most three attempts
        job_id = await added(kit)
        async with asyncio.timeout(30):
            while not (job := await kit.jobs.get(job_id)).status.final:
                if job.error_code is not None:
                    assert job.error_code == "storage_unavailable"
                async with kit.database.write() as connection:  # its pause is over
                    waits = update(jobs).where(jobs.c.id == job_id, jobs.c.status == JobStatus.QUEUED)
                    await connection.execute(waits.values(run_after=now()))
                await asyncio.sleep(0.01)
        assert (job.status, job.attempt, handler.begun) == (JobStatus.SUCCEEDED, 1, 6)


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
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED


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
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED
        assert (await kit.jobs.get(kept)).status is JobStatus.QUEUED


async def words(kit: Kit) -> int:
    """How many are woken within a second."""
    count = 0
    with anyio.move_on_after(1.0):
        while True:
            await kit.queue.wait(Lane.READ, 5.0)
            count += 1
    return count


async def test_woken_one_by_one_it_runs_as_many_at_once_as_it_may(tmp_path: Path) -> None:
    handler = Counting()
    async with open_kit(tmp_path, wrapped={JobKind.REINDEX: handler}, start=False, concurrency=1) as kit:
        await kit.worker.run_next(Lane.READ)
        assert await words(kit) == 0
        await added(kit)
        await added(kit)
        async with asyncio.TaskGroup() as group:
            group.create_task(kit.worker.run_next(Lane.READ))
            await handler.started.wait()
            for _ in range(3):  # full: others may have room, and need to hear of it once
                group.create_task(kit.worker.run_next(Lane.READ))
            assert await words(kit) == 1
            assert handler.begun == 1
            handler.go.set()
        assert await words(kit) == 1
        await kit.worker.run_next(Lane.READ)
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
        await kit.worker.run_next(Lane.READ)
        assert handler.begun == 1
