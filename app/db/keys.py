"""SQL of API keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import KeyNotFound
from app.core.ids import new_id
from app.core.security import NewKey
from app.db.quotas import limits_as_columns
from app.db.session import now
from app.models.access import ApiKey, Reach, Scope, scopes_of
from app.models.quotas import UNLIMITED, Limits
from app.models.records import Listing, page_of
from app.models.tables_access import api_keys

_SHOWN = [column for column in api_keys.c if column.name != "digest"]


def _record(row: Any) -> ApiKey:
    values = {column.name: row._mapping[column.name] for column in _SHOWN}
    reach: Sequence[str] | None = values.pop("collections")
    values["scopes"] = scopes_of(values["scopes"])
    limits = Limits(*(values.pop(name) for name in limits_as_columns(UNLIMITED)))
    return ApiKey(**values, reach=None if reach is None else tuple(reach), limits=limits)


async def add(
    connection: AsyncConnection,
    key: NewKey,
    *,
    name: str,
    scopes: frozenset[Scope],
    reach: Reach,
    expires_at: datetime | None,
    limits: Limits = UNLIMITED,
) -> ApiKey:
    identity = new_id()
    await connection.execute(
        insert(api_keys).values(
            id=identity,
            name=name,
            prefix=key.prefix,
            digest=key.digest,
            scopes=sorted(scopes),
            collections=None if reach is None else list(reach),
            expires_at=expires_at,
            created_at=now(),
            **limits_as_columns(limits),
        )
    )
    return await by_id(connection, identity)


async def by_id(connection: AsyncConnection, key_id: str) -> ApiKey:
    row = (await connection.execute(select(*_SHOWN).where(api_keys.c.id == key_id))).first()
    if row is None:
        raise KeyNotFound
    return _record(row)


async def by_digest(connection: AsyncConnection, digest: str) -> tuple[ApiKey, str] | None:
    """The key and the digest that is stored of it."""
    row = (await connection.execute(select(*_SHOWN, api_keys.c.digest).where(api_keys.c.digest == digest))).first()
    return None if row is None else (_record(row), row.digest)


async def listing(connection: AsyncConnection, cursor: str | None, limit: int) -> Listing[ApiKey]:
    """Newest first, revoked ones too."""
    query = select(*_SHOWN).order_by(api_keys.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(api_keys.c.id < cursor)
    rows = (await connection.execute(query)).all()
    return page_of([_record(row) for row in rows], limit, lambda item: item.id)


async def change(connection: AsyncConnection, key_id: str, **values: Any) -> None:
    await connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(**values))


async def note_uses(connection: AsyncConnection, uses: Mapping[str, datetime]) -> None:
    """When each of these keys was last used."""
    statement = update(api_keys).where(api_keys.c.id == bindparam("key")).values(last_used_at=bindparam("at"))
    await connection.execute(statement, [{"key": key, "at": at} for key, at in uses.items()])


async def anybody(connection: AsyncConnection) -> bool:
    """Whether a key was ever made: revoked ones count, so that revoking the last one opens no door."""
    return (await connection.execute(select(api_keys.c.id).limit(1))).first() is not None
