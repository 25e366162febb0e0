"""SQL of messages to webhooks: added with the event, claimed under a lease, kept for a while as the log."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import DeliveryNotFound
from app.core.ids import new_id
from app.db.session import now
from app.db.webhooks import record as webhook_record
from app.models.records import Listing, page_of
from app.models.tables_webhooks import webhook_deliveries, webhooks
from app.models.webhooks import Attempt, Delivery, DeliveryStatus, EventType, Webhook

_KEPT_ATTEMPTS = 20


def _record(row: Any) -> Delivery:
    values = {name: row._mapping[webhook_deliveries.c[name]] for name in Delivery.__dataclass_fields__}
    values |= {"type": EventType(values["type"]), "status": DeliveryStatus(values["status"])}
    values["attempts"] = tuple(
        Attempt(datetime.fromisoformat(at), status, error, milliseconds)
        for at, status, error, milliseconds in values["attempts"]
    )
    return Delivery(**values)


async def add(connection: AsyncConnection, webhook_id: str, kind: EventType, body: str) -> str:
    identity, moment = new_id(), now()
    await connection.execute(
        insert(webhook_deliveries).values(
            id=identity,
            webhook_id=webhook_id,
            type=kind,
            body=body,
            status=DeliveryStatus.PENDING,
            tries=0,
            attempts=[],
            run_after=moment,
            created_at=moment,
        )
    )
    return identity


async def by_id(connection: AsyncConnection, webhook_id: str, delivery_id: str) -> Delivery:
    query = select(webhook_deliveries).where(
        webhook_deliveries.c.id == delivery_id, webhook_deliveries.c.webhook_id == webhook_id
    )
    row = (await connection.execute(query)).first()
    if row is None:
        raise DeliveryNotFound
    return _record(row)


async def listing(
    connection: AsyncConnection, webhook_id: str, status: DeliveryStatus | None, cursor: str | None, limit: int
) -> Listing[Delivery]:
    """Newest first."""
    table = webhook_deliveries.c
    query = select(webhook_deliveries).where(table.webhook_id == webhook_id).order_by(table.id.desc())
    if status is not None:
        query = query.where(table.status == status)
    if cursor is not None:
        query = query.where(table.id < cursor)
    rows = (await connection.execute(query.limit(limit + 1))).all()
    return page_of([_record(row) for row in rows], limit, lambda item: item.id)


async def claim(
    connection: AsyncConnection, lease: float, but: Collection[str] = ()
) -> tuple[Delivery, Webhook] | None:
    """Take the message that is due for the longest time, for `lease` seconds; none to a webhook of `but`, or to one
    that is disabled."""
    moment, table = now(), webhook_deliveries.c
    due = (
        select(webhook_deliveries, webhooks)
        .join(webhooks, webhooks.c.id == table.webhook_id)
        .where(table.status == DeliveryStatus.PENDING, table.run_after <= moment, webhooks.c.enabled)
        .where(or_(table.lease_until.is_(None), table.lease_until < moment), table.webhook_id.not_in(list(but)))
        .order_by(table.run_after, table.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=webhook_deliveries)
    )
    row = (await connection.execute(due)).first()
    if row is None:
        return None
    delivery = _record(row)
    until = moment + timedelta(seconds=lease)
    await connection.execute(update(webhook_deliveries).where(table.id == delivery.id).values(lease_until=until))
    return delivery, webhook_record(row)


async def next_due(connection: AsyncConnection, but: Collection[str] = ()) -> float | None:
    """Seconds until a message that nobody has taken may be tried; None when there is none."""
    moment, table = now(), webhook_deliveries.c
    query = (
        select(func.min(table.run_after))
        .join(webhooks, webhooks.c.id == table.webhook_id)
        .where(table.status == DeliveryStatus.PENDING, webhooks.c.enabled)
        .where(or_(table.lease_until.is_(None), table.lease_until < moment), table.webhook_id.not_in(list(but)))
    )
    first = (await connection.execute(query)).scalar_one_or_none()
    return None if first is None else max(0.0, (first - moment).total_seconds())


async def tried(connection: AsyncConnection, delivery: Delivery, attempt: Attempt, **values: Any) -> None:
    """Write a try down, and `values` that follow from it; the lease ends."""
    told = [
        [item.at.isoformat(), item.status, item.error, item.milliseconds]
        for item in (*delivery.attempts, attempt)[-_KEPT_ATTEMPTS:]
    ]
    await connection.execute(
        update(webhook_deliveries)
        .where(webhook_deliveries.c.id == delivery.id)
        .values(attempts=told, tries=delivery.tries + 1, lease_until=None, **values)
    )


async def again(connection: AsyncConnection, delivery_id: str) -> None:
    """As if it had never been tried; its log stays."""
    await connection.execute(
        update(webhook_deliveries)
        .where(webhook_deliveries.c.id == delivery_id)
        .values(status=DeliveryStatus.PENDING, tries=0, run_after=now(), finished_at=None)
    )


async def delivered_since(connection: AsyncConnection, webhook_id: str, moment: datetime) -> bool:
    """Whether anything came through to this webhook since `moment`."""
    table = webhook_deliveries.c
    query = select(table.id).where(
        table.webhook_id == webhook_id, table.status == DeliveryStatus.DELIVERED, table.finished_at >= moment
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def release(connection: AsyncConnection) -> None:
    """Nobody has any of them: the process that did is gone."""
    query = update(webhook_deliveries).where(webhook_deliveries.c.lease_until.is_not(None))
    await connection.execute(query.values(lease_until=None))


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Drop from the log what ended before `before`."""
    result = await connection.execute(delete(webhook_deliveries).where(webhook_deliveries.c.finished_at < before))
    return result.rowcount
