"""What workers do for each other: nothing waits because a message was lost or a worker died."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.db import jobs as job_rows
from app.db.session import now
from app.models.jobs import JobKind, JobStatus, Lane
from app.services.retention import RetentionService
from app.services.upkeep import UpkeepService
from tests.services.kit import open_kit

pytestmark = pytest.mark.anyio


class Swept(RetentionService):
    def __init__(self) -> None:
        self.times = 0

    async def sweep(self) -> int:
        self.times += 1
        return 0


async def test_a_job_whose_worker_died_wakes_its_lane_and_the_rest_is_done_seldom(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False) as kit:
        retention = Swept()
        upkeep = UpkeepService(kit.database, kit.queue, kit.recovery, retention)
        await upkeep.look()
        async with kit.database.write() as connection:
            collection = await kit.collections.ensure(connection, "default")
            job_id = await job_rows.add(connection, JobKind.REINDEX, collection_id=collection.id, lane=Lane.EMBED)
            lease = {"status": JobStatus.RUNNING, "lease_until": now() - timedelta(seconds=1)}
            await job_rows.change(connection, job_id, **lease)
        await upkeep.look()
        async with asyncio.timeout(10):
            await kit.queue.wait(Lane.EMBED, 60)
        assert retention.times == 1
