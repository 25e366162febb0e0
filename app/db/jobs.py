"""SQL of jobs: the row is the truth, a queue only wakes workers. Also their numbered events."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.acting import actor
from app.core.errors import JobNotFound
from app.core.ids import new_id
from app.core.logging import request_id
from app.db.keyset import exact_names, newest, rows_by_id
from app.db.reach import within
from app.db.session import now
from app.models.access import Reach
from app.models.jobs import Job, JobKind, JobStatus, Lane
from app.models.records import JobEvent, JobRecord, Listing, page_of
from app.models.tables import collections, job_events, jobs, versions

_JOB_FIELDS = (
    "id", "kind", "status", "collection_id", "document_id", "version_id", "stage", "progress",
    "attempt", "interruptions", "priority", "lane",
    "error_code", "error_message", "cancel_requested", "payload",
)  # fmt: skip

_FIRST_LEASE = 60.0  # seconds


def _job(row: Any) -> Job:
    values = {name: row._mapping[name] for name in _JOB_FIELDS}
    return Job(**values | {"kind": JobKind(row.kind), "status": JobStatus(row.status), "lane": Lane(row.lane)})


def _selection() -> Select[Any]:
    return select(jobs, versions.c.number.label("version")).outerjoin(versions, versions.c.id == jobs.c.version_id)


def _record(row: Any) -> JobRecord:
    names = JobRecord.__dataclass_fields__
    values = {name: row._mapping[name] for name in names}
    return JobRecord(**values | {"status": JobStatus(row.status)})


async def add(
    connection: AsyncConnection,
    kind: JobKind,
    *,
    collection_id: str,
    document_id: str | None = None,
    version_id: str | None = None,
    priority: int = 0,
    payload: Mapping[str, Any] | None = None,
    lane: Lane = Lane.READ,
    running: bool = False,
) -> str:
    """Insert a queued job, with its first event, in the caller's transaction.

    A `running` one is for its maker to run; a lease that nobody renews gives it to the workers should the maker die.
    """
    moment = now()
    identity = new_id()
    name = select(collections.c.name).where(collections.c.id == collection_id).scalar_subquery()
    await connection.execute(
        insert(jobs).values(
            id=identity,
            kind=kind,
            status=JobStatus.RUNNING if running else JobStatus.QUEUED,
            lease_until=moment + timedelta(seconds=_FIRST_LEASE) if running else None,
            collection_id=collection_id,
            collection=func.coalesce(name, ""),
            document_id=document_id,
            version_id=version_id,
            lane=lane,
            priority=priority,
            run_after=moment,
            payload=dict(payload or {}) | _asked_by(),
            created_at=moment,
            updated_at=moment,
        )
    )
    await add_event(connection, identity, "queued", {"kind": kind.value})
    return identity


def _asked_by() -> dict[str, str]:
    """The request, for the log, and the key, for what the job costs."""
    known = {"request_id": request_id(), "key_id": actor().key_id}
    return {name: value for name, value in known.items() if value}


async def record(connection: AsyncConnection, job_id: str) -> JobRecord:
    row = (await connection.execute(_selection().where(jobs.c.id == job_id))).first()
    if row is None:
        raise JobNotFound
    return _record(row)


async def job(connection: AsyncConnection, job_id: str) -> Job:
    row = (await connection.execute(select(jobs).where(jobs.c.id == job_id))).first()
    if row is None:
        raise JobNotFound
    return _job(row)


async def listing(
    connection: AsyncConnection,
    *,
    collection: str | None,
    status: JobStatus | None,
    document_id: str | None,
    cursor: str | None,
    limit: int,
    reach: Reach = None,
) -> Listing[JobRecord]:
    """Newest first."""
    own = {jobs.c.status: status, jobs.c.document_id: document_id}
    conditions = [column == value for column, value in own.items() if value is not None]
    conditions.append(within(reach, jobs.c.collection))
    names = [collection] if collection is not None else exact_names(reach)
    if names is None:
        walks = [select(jobs.c.id)]
    else:
        walks = [select(jobs.c.id).where(jobs.c.collection == name) for name in names]
    ordered = [(walk, jobs.c.id) for walk in walks]
    ids = await newest(connection, ordered, *conditions, before=cursor, limit=limit + 1)
    rows = await rows_by_id(connection, jobs, _selection(), ids)
    return page_of([_record(row) for row in rows], limit, lambda item: item.id)


async def claim(
    connection: AsyncConnection, lane: Lane, owner: str, lease: float, *, held: Collection[str] = ()
) -> Job | None:
    """Take the lane's most urgent job that may run, if any, for `lease` seconds.

    Never one of `held`, which the caller runs already: a machine that slept wakes up to leases that all have run out.
    Counts as an interruption until the job gets somewhere or ends.
    """
    moment = now()
    order = (jobs.c.priority, jobs.c.run_after, jobs.c.id)
    urgent = select(jobs.c.id).where(jobs.c.lane == lane, _may_run(moment, held)).order_by(*order).limit(1)
    identity = (await connection.execute(urgent.with_for_update(skip_locked=True))).scalar_one_or_none()
    if identity is None:
        return None
    values = {
        "status": JobStatus.RUNNING,
        "lease_owner": owner,
        "lease_until": moment + timedelta(seconds=lease),
        "interruptions": jobs.c.interruptions + 1,
        "updated_at": moment,
    }
    row = (await connection.execute(update(jobs).where(jobs.c.id == identity).values(**values).returning(jobs))).one()
    return _job(row)


def _may_run(moment: datetime, held: Collection[str] = ()) -> ColumnElement[bool]:
    return or_(
        and_(jobs.c.status == JobStatus.QUEUED, _is_due(moment)),
        and_(jobs.c.status == JobStatus.RUNNING, jobs.c.lease_until < moment, jobs.c.id.not_in(list(held))),
    )


async def runnable(connection: AsyncConnection) -> dict[Lane, int]:
    """How many jobs of each lane could be claimed now."""
    query = select(jobs.c.lane, func.count()).where(_may_run(now())).group_by(jobs.c.lane)
    return {Lane(lane): count for lane, count in await connection.execute(query)}


def _is_due(moment: datetime) -> ColumnElement[bool]:
    """What was to run at once still is when the clock has been set back since."""
    return or_(jobs.c.run_after <= moment, jobs.c.run_after <= jobs.c.updated_at)


async def set_back(connection: AsyncConnection, seconds: float) -> int:
    """The clock was set back by so much: waiting jobs wait no longer for it. Returns how many there were."""
    waiting = select(jobs.c.id, jobs.c.run_after).where(jobs.c.status == JobStatus.QUEUED, jobs.c.run_after > now())
    found = (await connection.execute(waiting)).all()
    for row in found:
        moment = row.run_after - timedelta(seconds=seconds)
        await connection.execute(update(jobs).where(jobs.c.id == row.id).values(run_after=moment))
    return len(found)


async def renew(connection: AsyncConnection, job_id: str, owner: str, lease: float) -> bool | None:
    """Keep the lease. Returns whether a cancel was asked for; None when the lease is no longer ours."""
    query = (
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.lease_owner == owner, jobs.c.status == JobStatus.RUNNING)
        .values(lease_until=now() + timedelta(seconds=lease))
        .returning(jobs.c.cancel_requested)
    )
    found: bool | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def release_leases(
    connection: AsyncConnection, owner: str | None = None, but: Collection[str] = (), only: str | None = None
) -> int:
    """Give running jobs back to the queue: those of `owner`, save those in `but`, or `only` one; or all when this
    process is the only one. A job that its owner gives back was not interrupted."""
    query = update(jobs).where(jobs.c.status == JobStatus.RUNNING)
    if only is not None:
        query = query.where(jobs.c.id == only)
    if owner is not None:
        left = case((jobs.c.interruptions > 0, jobs.c.interruptions - 1), else_=0)
        query = query.where(jobs.c.lease_owner == owner, jobs.c.id.not_in(but)).values(interruptions=left)
    moment = now()
    result = await connection.execute(
        query.values(status=JobStatus.QUEUED, lease_owner=None, lease_until=None, run_after=moment, updated_at=moment)
    )
    return result.rowcount


async def change(connection: AsyncConnection, job_id: str, **values: Any) -> None:
    await connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values, updated_at=now()))


async def next_run_after(connection: AsyncConnection, lane: Lane) -> float | None:
    """Seconds until the lane's next queued job may run; None when none is queued."""
    query = select(func.min(jobs.c.run_after)).where(jobs.c.lane == lane, jobs.c.status == JobStatus.QUEUED)
    moment = (await connection.execute(query)).scalar_one_or_none()
    return None if moment is None else max(0.0, (moment - now()).total_seconds())


async def somebody_waits(connection: AsyncConnection, lane: Lane, priority: int) -> bool:
    """Whether a job at least as urgent could run in the lane, had it a worker."""
    query = select(jobs.c.id).where(
        jobs.c.lane == lane,
        jobs.c.status == JobStatus.QUEUED,
        _is_due(now()),
        jobs.c.priority <= priority,
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def under_way(connection: AsyncConnection, collection_id: str, kind: JobKind) -> Job | None:
    """A collection's job of this kind that has not ended."""
    unfinished = jobs.c.status.in_([JobStatus.QUEUED, JobStatus.RUNNING])
    query = select(jobs).where(jobs.c.collection_id == collection_id, jobs.c.kind == kind, unfinished)
    row = (await connection.execute(query.order_by(jobs.c.id).limit(1))).first()
    return None if row is None else _job(row)


async def unfinished_of(connection: AsyncConnection, document_ids: Sequence[str]) -> list[Job]:
    query = select(jobs).where(
        jobs.c.document_id.in_(document_ids), jobs.c.status.in_([JobStatus.QUEUED, JobStatus.RUNNING])
    )
    return [_job(row) for row in (await connection.execute(query)).all()]


async def latest_of(connection: AsyncConnection, document_id: str, kind: JobKind) -> Job | None:
    query = select(jobs).where(jobs.c.document_id == document_id, jobs.c.kind == kind)
    row = (await connection.execute(query.order_by(jobs.c.id.desc()).limit(1))).first()
    return None if row is None else _job(row)


# ---------------------------------------------------------------- events


async def add_event(connection: AsyncConnection, job_id: str, kind: str, data: Mapping[str, Any]) -> None:
    """Append an event under the job's next number, in the caller's transaction."""
    await connection.execute(select(jobs.c.id).where(jobs.c.id == job_id).with_for_update())  # for its number alone
    query = select(func.coalesce(func.max(job_events.c.number), 0)).where(job_events.c.job_id == job_id)
    number = (await connection.execute(query)).scalar_one() + 1
    await connection.execute(
        insert(job_events).values(job_id=job_id, number=number, type=kind, data=dict(data), created_at=now())
    )


async def events_after(connection: AsyncConnection, job_id: str, after: int) -> list[JobEvent]:
    query = select(job_events).where(job_events.c.job_id == job_id, job_events.c.number > after)
    rows = (await connection.execute(query.order_by(job_events.c.number))).all()
    return [JobEvent(row.number, row.type, row.data, row.created_at) for row in rows]
