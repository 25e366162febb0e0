"""SQL of what finished jobs tell about speed."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.logic.forecast import Embedded
from app.models.jobs import JobKind, JobStatus
from app.models.tables import job_events, jobs, versions

_JOBS = 20


async def recently_embedded(connection: AsyncConnection) -> list[Embedded]:
    """Of the last ingest jobs that ended well: when embedding began and ended, and how many chunks it was."""
    done = (JobStatus.SUCCEEDED, JobStatus.SUCCEEDED_WITH_WARNINGS)
    last = (
        select(jobs.c.id, versions.c.chunk_count)
        .join(versions, versions.c.id == jobs.c.version_id)
        .where(jobs.c.kind == JobKind.INGEST, jobs.c.status.in_(done), versions.c.chunk_count > 0)
        .order_by(jobs.c.id.desc())
        .limit(_JOBS)
        .subquery()
    )
    query = select(job_events.c.job_id, job_events.c.data, job_events.c.created_at, last.c.chunk_count)
    query = query.join(last, last.c.id == job_events.c.job_id).where(job_events.c.type == "stage")
    moments: dict[str, dict[str, object]] = {}
    for row in (await connection.execute(query)).all():
        moments.setdefault(row.job_id, {"chunks": row.chunk_count})[row.data["stage"]] = row.created_at
    return [
        Embedded(found["chunks"], found["embed"], found["vector"])  # type: ignore[arg-type]
        for found in moments.values()
        if {"parse", "embed", "vector"} <= found.keys()  # a retry embeds what is left, not all
    ]
