"""SQL of usage: what was asked, read and translated, by day and by collection."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import now
from app.models.administration import CollectionUsage, UsageDay
from app.models.jobs import JobStatus
from app.models.tables import collections, conversations, documents, jobs, messages, versions
from app.models.tables_translation import translations


async def by_day(connection: AsyncConnection, days: int) -> list[UsageDay]:
    """The last `days` days to today, oldest first, those without anything too."""
    today = now().date()
    found = {day: UsageDay(day) for day in (today - timedelta(days=back) for back in reversed(range(days)))}
    since = datetime.combine(min(found), datetime.min.time())
    for query in (_questions(since), _versions(since), _translations(since), _failures(since)):
        for row in (await connection.execute(query)).all():
            values = dict(row._mapping)
            day = found.get(_date(values.pop("day")))
            if day is not None:
                for name, value in values.items():
                    setattr(day, name, int(value or 0))
    return list(found.values())


async def by_collection(connection: AsyncConnection) -> Sequence[CollectionUsage]:
    """By name; pages, chunks and bytes are those of the versions that answer."""
    asked = (
        select(conversations.c.collection_id, func.count().label("questions"))
        .join(messages, messages.c.conversation_id == conversations.c.id)
        .group_by(conversations.c.collection_id)
        .subquery()
    )
    held = (
        select(
            documents.c.collection_id,
            func.count().label("documents"),
            func.coalesce(func.sum(versions.c.page_count), 0).label("pages"),
            func.coalesce(func.sum(versions.c.chunk_count), 0).label("chunks"),
            func.coalesce(func.sum(versions.c.bytes), 0).label("bytes"),
        )
        .outerjoin(versions, versions.c.id == documents.c.live_version_id)
        .where(documents.c.status != "deleting")
        .group_by(documents.c.collection_id)
        .subquery()
    )
    columns = [func.coalesce(column, 0).label(column.key) for column in (*list(held.c)[1:], asked.c.questions)]
    query = (
        select(collections.c.name, *columns)
        .outerjoin(held, held.c.collection_id == collections.c.id)
        .outerjoin(asked, asked.c.collection_id == collections.c.id)
        .order_by(collections.c.name)
    )
    return [CollectionUsage(row.name, *map(int, row[1:])) for row in (await connection.execute(query)).all()]


def _questions(since: datetime) -> Any:
    answer, rating = messages.c.answer, messages.c.rating
    status = answer["status"].as_string()
    return _grouped(
        messages.c.created_at,
        since,
        func.count().label("questions"),
        *(_counted(status == name).label(name) for name in ("answered", "partial", "not_found")),
        _counted(rating == "up").label("rated_up"),
        _counted(rating == "down").label("rated_down"),
        *(func.sum(answer["usage", name].as_integer()).label(name) for name in ("prompt_tokens", "completion_tokens")),
    )


def _versions(since: datetime) -> Any:
    return _grouped(
        versions.c.created_at,
        since,
        func.count().label("versions"),
        func.sum(versions.c.page_count).label("pages"),
        func.sum(versions.c.bytes).label("bytes"),
    )


def _translations(since: datetime) -> Any:
    return _grouped(translations.c.created_at, since, func.count().label("translations"))


def _failures(since: datetime) -> Any:
    ended = and_(jobs.c.finished_at.is_not(None), jobs.c.status == JobStatus.FAILED)
    return _grouped(jobs.c.finished_at, since, func.count().label("jobs_failed")).where(ended)


def _grouped(moment: Column[datetime], since: datetime, *columns: Any) -> Any:
    day = func.date(moment)
    return select(day.label("day"), *columns).where(moment >= since).group_by(day)


def _counted(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _date(value: str | date) -> date:
    """SQLite tells a date as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
