"""SQL of the figures that are watched: how much there is, and how much waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import now
from app.models.jobs import JobStatus
from app.models.tables import documents, jobs, versions


@dataclass(frozen=True, slots=True)
class Backlog:
    """Unfinished jobs of one kind, in one status and stage."""

    kind: str
    status: str
    stage: str
    jobs: int


async def backlog(connection: AsyncConnection) -> Sequence[Backlog]:
    stage = func.coalesce(jobs.c.stage, "")
    query = (
        select(jobs.c.kind, jobs.c.status, stage, func.count())
        .where(jobs.c.status.in_([JobStatus.QUEUED, JobStatus.RUNNING]))
        .group_by(jobs.c.kind, jobs.c.status, stage)
    )
    return [Backlog(*row) for row in (await connection.execute(query)).all()]


async def longest_wait(connection: AsyncConnection) -> float:
    """Seconds that the queued job that could run the longest has waited; 0 when none could."""
    query = select(func.min(jobs.c.run_after)).where(jobs.c.status == JobStatus.QUEUED)
    since: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return 0.0 if since is None else max(0.0, (now() - since).total_seconds())


async def documents_by_status(connection: AsyncConnection) -> dict[str, int]:
    query = select(documents.c.status, func.count()).group_by(documents.c.status)
    return {str(status): int(count) for status, count in (await connection.execute(query)).all()}


async def chunks(connection: AsyncConnection) -> int:
    """That can be found by keyword, of all versions."""
    query = select(func.coalesce(func.sum(versions.c.chunk_count), 0)).where(versions.c.keyword_ready)
    return int((await connection.execute(query)).scalar_one())
