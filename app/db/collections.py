"""SQL of collections."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import CollectionNotFound
from app.core.ids import new_id
from app.db.reach import within
from app.db.session import now
from app.models.access import Reach
from app.models.records import Collection, Listing, page_of
from app.models.tables import collections, documents, versions


def _selection() -> Select[Any]:
    counted = select(func.count()).where(documents.c.collection_id == collections.c.id).scalar_subquery()
    chunked = (
        select(func.coalesce(func.sum(versions.c.chunk_count), 0))
        .join(documents, documents.c.live_version_id == versions.c.id)
        .where(documents.c.collection_id == collections.c.id)
        .scalar_subquery()
    )
    return select(collections, counted.label("documents"), chunked.label("chunks"))


def _record(row: Any) -> Collection:
    return Collection(**row._mapping)


async def by_name(connection: AsyncConnection, name: str) -> Collection:
    row = (await connection.execute(_selection().where(collections.c.name == name))).first()
    if row is None:
        raise CollectionNotFound
    return _record(row)


async def by_id(connection: AsyncConnection, collection_id: str) -> Collection | None:
    row = (await connection.execute(_selection().where(collections.c.id == collection_id))).first()
    return None if row is None else _record(row)


async def listing(
    connection: AsyncConnection, cursor: str | None, limit: int, reach: Reach = None
) -> Listing[Collection]:
    query = _selection().where(within(reach)).order_by(collections.c.name).limit(limit + 1)
    if cursor is not None:
        query = query.where(collections.c.name > cursor)
    rows = (await connection.execute(query)).all()
    return page_of([_record(row) for row in rows], limit, lambda item: item.name)


async def names(connection: AsyncConnection) -> list[str]:
    return list((await connection.execute(select(collections.c.name).order_by(collections.c.name))).scalars())


async def add(
    connection: AsyncConnection,
    name: str,
    *,
    embedding_model: str,
    dimension: int,
    description: str = "",
    metadata: Mapping[str, Any] | None = None,
) -> Collection:
    """Insert a collection; the caller has made sure in this transaction that the name is free."""
    moment = now()
    identity = new_id()
    values: dict[str, Any] = {
        "id": identity,
        "name": name,
        "description": description,
        "metadata": dict(metadata or {}),
        "embedding_model": embedding_model,
        "dimension": dimension,
        "index_id": f"c-{identity}",
        "created_at": moment,
        "updated_at": moment,
    }
    await connection.execute(insert(collections).values(**values))
    return Collection(**values)


async def change(connection: AsyncConnection, collection_id: str, **values: Any) -> None:
    await connection.execute(
        update(collections).where(collections.c.id == collection_id).values(**values, updated_at=now())
    )


async def remove(connection: AsyncConnection, collection_id: str) -> None:
    await connection.execute(delete(collections).where(collections.c.id == collection_id))
