"""SQL of idempotency keys: the answers that finished requests got, and the keys of those that run elsewhere."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import now
from app.models.tables import idempotency_keys as keys

RUNNING = 0
"""In the place of a status."""


async def forget_old(connection: AsyncConnection, hours: int = 24) -> None:
    moment = now() - timedelta(hours=hours)
    await connection.execute(delete(keys).where(keys.c.created_at < moment))


async def find(connection: AsyncConnection, key: str, held: float) -> Any | None:
    """The key's row, unless its request ran elsewhere and gave no sign for `held` seconds."""
    row = (await connection.execute(select(keys).where(keys.c.key == key))).first()
    if row is not None and row.status == RUNNING and row.created_at < now() - timedelta(seconds=held):
        await let_go(connection, key)
        return None
    return row


async def hold(connection: AsyncConnection, key: str, fingerprint: str) -> None:
    await _add(connection, key, fingerprint, RUNNING, {})


async def renew(connection: AsyncConnection, key: str) -> None:
    running = update(keys).where(keys.c.key == key, keys.c.status == RUNNING)
    await connection.execute(running.values(created_at=now()))


async def let_go(connection: AsyncConnection, key: str) -> None:
    await connection.execute(delete(keys).where(keys.c.key == key, keys.c.status == RUNNING))


async def keep(connection: AsyncConnection, key: str, fingerprint: str, status: int, body: Any) -> None:
    await let_go(connection, key)
    await _add(connection, key, fingerprint, status, body)


async def _add(connection: AsyncConnection, key: str, fingerprint: str, status: int, body: Any) -> None:
    values = {"key": key, "fingerprint": fingerprint, "status": status, "body": body, "created_at": now()}
    await connection.execute(insert(keys).values(values))
