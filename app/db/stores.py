"""SQL of vector stores: how far a collection's documents are, its lists as OpenAI pages them, and its batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import FileBatchNotFound
from app.core.ids import new_id
from app.db import collections as collection_rows
from app.db import documents as document_rows
from app.db.session import now
from app.db.windows import rows_of
from app.models.jobs import DocumentStatus
from app.models.records import Collection, Document
from app.models.stores import FileBatch, FileCounts, Window
from app.models.storestates import STATES, state_of
from app.models.tables import collections, documents, file_batch_documents, file_batches, versions


async def listing(
    connection: AsyncConnection, window: Window, names: Sequence[str] | None
) -> tuple[list[Collection], bool]:
    """Collections; only of these names when given."""
    query = select(collections.c.id)
    if names is not None:
        query = query.where(collections.c.name.in_(names))
    rows, more = await rows_of(connection, query, collections.c.id, window)
    found = [await collection_rows.by_id(connection, row.id) for row in rows]
    return [item for item in found if item is not None], more


async def counts(connection: AsyncConnection, collection_ids: Sequence[str]) -> dict[str, FileCounts]:
    """By collection; of all documents that are not being deleted."""
    query = _counting(documents.c.collection_id).where(documents.c.collection_id.in_(list(collection_ids)))
    return await _counted(connection, query)


def _counting(key: ColumnElement[Any]) -> Select[Any]:
    latest = (versions.c.document_id == documents.c.id) & (versions.c.number == documents.c.latest_version)
    return (
        select(
            key.label("key"),
            documents.c.status,
            func.count().label("documents"),
            func.coalesce(func.sum(versions.c.bytes), 0).label("bytes"),
        )
        .join(versions, latest)
        .where(documents.c.status != DocumentStatus.DELETING)
        .group_by(key, documents.c.status)
    )


async def _counted(connection: AsyncConnection, query: Select[Any]) -> dict[str, FileCounts]:
    found: dict[str, dict[str, int]] = {}
    for row in (await connection.execute(query)).all():
        state = state_of(DocumentStatus(row.status))
        tally = found.setdefault(row.key, {})
        tally[state] = tally.get(state, 0) + row.documents
        tally["bytes"] = tally.get("bytes", 0) + int(row.bytes)
    return {key: FileCounts(**tally) for key, tally in found.items()}


async def documents_in(
    connection: AsyncConnection, window: Window, *, collection_id: str, state: str | None, batch_id: str | None
) -> tuple[list[Document], bool]:
    """A collection's documents, or those of one batch."""
    query = select(documents.c.id).where(
        documents.c.collection_id == collection_id, documents.c.status != DocumentStatus.DELETING
    )
    if batch_id is not None:
        members = select(file_batch_documents.c.document_id).where(file_batch_documents.c.batch_id == batch_id)
        query = query.where(documents.c.id.in_(members))
    if state is not None:
        query = query.where(documents.c.status.in_(STATES[state]))
    rows, more = await rows_of(connection, query, documents.c.id, window)
    return [await document_rows.by_id(connection, row.id) for row in rows], more


async def touch(connection: AsyncConnection, collection_id: str, moment: datetime) -> None:
    values = {"last_active_at": moment}
    await connection.execute(update(collections).where(collections.c.id == collection_id).values(**values))


async def expiring(connection: AsyncConnection) -> list[Collection]:
    """Collections that have a term and still hold something."""
    query = select(collections.c.id).where(
        collections.c.expires_days.is_not(None),
        select(documents.c.id)
        .where(documents.c.collection_id == collections.c.id, documents.c.status != DocumentStatus.DELETING)
        .exists(),
    )
    found = [await collection_rows.by_id(connection, key) for key in (await connection.execute(query)).scalars()]
    return [item for item in found if item is not None]


# ---------------------------------------------------------------- batches


async def add_batch(connection: AsyncConnection, collection_id: str, document_ids: Sequence[str]) -> str:
    identity = new_id()
    await connection.execute(
        insert(file_batches).values(id=identity, collection_id=collection_id, cancelled=False, created_at=now())
    )
    rows = [{"batch_id": identity, "document_id": key} for key in dict.fromkeys(document_ids)]
    await connection.execute(insert(file_batch_documents), rows)
    return identity


async def batch(connection: AsyncConnection, collection_id: str, batch_id: str) -> FileBatch:
    query = select(file_batches).where(file_batches.c.id == batch_id, file_batches.c.collection_id == collection_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise FileBatchNotFound
    counting = _counting(file_batch_documents.c.batch_id).join(
        file_batch_documents, file_batch_documents.c.document_id == documents.c.id
    )
    found = await _counted(connection, counting.where(file_batch_documents.c.batch_id == batch_id))
    return FileBatch(row.id, row.collection_id, row.cancelled, row.created_at, found.get(batch_id, FileCounts()))


async def cancel_batch(connection: AsyncConnection, batch_id: str) -> None:
    await connection.execute(update(file_batches).where(file_batches.c.id == batch_id).values(cancelled=True))
