"""SQL of webhooks: each belongs to a tenant."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import WebhookNotFound
from app.core.ids import new_id
from app.db.session import now
from app.models.access import Caller, Reach
from app.models.records import Listing, page_of
from app.models.tables_webhooks import webhooks
from app.models.webhooks import EventType, Webhook


def record(row: Any) -> Webhook:
    """Of a row that has the table's columns."""
    own = (name for name in Webhook.__dataclass_fields__ if name not in ("events", "reach"))
    values = {name: row._mapping[webhooks.c[name]] for name in own}
    names = row._mapping[webhooks.c.collections]
    events = tuple(EventType(name) for name in row._mapping[webhooks.c.events])
    return Webhook(**values, events=events, reach=None if names is None else tuple(names))


def _seen_by(caller: Caller) -> ColumnElement[bool]:
    """A tenant's own; whoever reaches every collection sees all."""
    return true() if caller.reach is None else webhooks.c.tenant == caller.tenant


async def add(
    connection: AsyncConnection, tenant: str, url: str, description: str, events: Sequence[EventType], reach: Reach
) -> Webhook:
    identity, moment = new_id(), now()
    await connection.execute(
        insert(webhooks).values(
            id=identity,
            tenant=tenant,
            url=url,
            description=description,
            events=list(events),
            collections=None if reach is None else list(reach),
            enabled=True,
            secret_number=1,
            created_at=moment,
            updated_at=moment,
        )
    )
    return await by_id(connection, identity)


async def by_id(connection: AsyncConnection, webhook_id: str, caller: Caller | None = None) -> Webhook:
    """Raises WebhookNotFound, for one that `caller` does not see as well."""
    query = select(webhooks).where(webhooks.c.id == webhook_id, true() if caller is None else _seen_by(caller))
    row = (await connection.execute(query)).first()
    if row is None:
        raise WebhookNotFound
    return record(row)


async def listing(connection: AsyncConnection, caller: Caller, cursor: str | None, limit: int) -> Listing[Webhook]:
    """Newest first."""
    query = select(webhooks).where(_seen_by(caller)).order_by(webhooks.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(webhooks.c.id < cursor)
    rows = (await connection.execute(query)).all()
    return page_of([record(row) for row in rows], limit, lambda item: item.id)


async def count(connection: AsyncConnection, tenant: str) -> int:
    query = select(func.count()).select_from(webhooks).where(webhooks.c.tenant == tenant)
    found: int = (await connection.execute(query)).scalar_one()
    return found


async def enabled(connection: AsyncConnection) -> list[Webhook]:
    """Everybody's."""
    return [record(row) for row in (await connection.execute(select(webhooks).where(webhooks.c.enabled))).all()]


async def change(connection: AsyncConnection, webhook_id: str, **values: Any) -> None:
    await connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(**values, updated_at=now()))


async def remove(connection: AsyncConnection, webhook_id: str) -> None:
    """With all that is on its way, and its log."""
    await connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))
