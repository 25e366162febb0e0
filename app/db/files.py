"""SQL of files: uploads that stand by themselves, and documents that were uploaded as such, in one list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import FileNotFound
from app.core.ids import new_id
from app.db.session import now
from app.db.windows import rows_of
from app.models.jobs import DocumentStatus
from app.models.stores import File, Window
from app.models.tables import collections, documents, files, versions

_DOCUMENT_PURPOSE = "assistants"


def _selection() -> Select[Any]:
    """Both kinds, with the same columns; a file that an own row describes is not told again by its documents."""
    standing = select(
        files.c.id,
        files.c.filename,
        files.c.media_type,
        files.c.sha256,
        files.c.bytes,
        files.c.purpose,
        files.c.created_at,
        files.c.expires_at,
        files.c.tenant,
        null().label("collection"),
        files.c.key_id,
    )
    uploaded = (
        select(
            documents.c.id,
            documents.c.filename,
            documents.c.media_type,
            versions.c.sha256,
            versions.c.bytes,
            literal(_DOCUMENT_PURPOSE),
            documents.c.created_at,
            null(),
            null(),
            collections.c.name,
            versions.c.key_id,
        )
        .join(collections, collections.c.id == documents.c.collection_id)
        .join(versions, versions.c.document_id == documents.c.id)
        .where(
            documents.c.file_id.is_(None),
            documents.c.status != DocumentStatus.DELETING,
            or_(
                versions.c.id == documents.c.live_version_id,
                documents.c.live_version_id.is_(None) & (versions.c.number == documents.c.latest_version),
            ),
            ~select(files.c.id).where(files.c.id == documents.c.id).exists(),
        )
    )
    both = union_all(standing, uploaded).subquery("both_kinds")
    return select(both)


async def by_id(connection: AsyncConnection, file_id: str) -> File:
    query = _selection()
    row = (await connection.execute(query.where(query.selected_columns.id == file_id))).first()
    if row is None:
        raise FileNotFound
    return File(**row._mapping)


async def listing(
    connection: AsyncConnection,
    window: Window,
    *,
    tenant: str | None,
    names: Sequence[str] | None,
    purpose: str | None,
) -> tuple[list[File], bool]:
    """Of a tenant's own files and those in the collections of these names; None: of all."""
    query = _selection()
    columns = query.selected_columns
    if names is not None:
        query = query.where(or_(columns.tenant == tenant, columns.collection.in_(names)))
    if purpose is not None:
        query = query.where(columns.purpose == purpose)
    rows, more = await rows_of(connection, query, columns.id, window)
    return [File(**row._mapping) for row in rows], more


async def add(connection: AsyncConnection, **values: Any) -> File:
    """With an id and the present time where `values` bring none."""
    row: dict[str, Any] = {"id": new_id(), "created_at": now(), "expires_at": None} | values
    await connection.execute(insert(files).values(**row))
    return File(**row)


async def remove(connection: AsyncConnection, file_id: str) -> None:
    await connection.execute(delete(files).where(files.c.id == file_id))


async def expired(connection: AsyncConnection, moment: datetime) -> list[str]:
    return list((await connection.execute(select(files.c.id).where(files.c.expires_at <= moment))).scalars())


async def documents_of(connection: AsyncConnection, file_id: str) -> list[tuple[str, str]]:
    """(document, name of its collection) for each that was made of the file, or is it."""
    query = (
        select(documents.c.id, collections.c.name)
        .join(collections, collections.c.id == documents.c.collection_id)
        .where(
            or_(documents.c.file_id == file_id, documents.c.id == file_id),
            documents.c.status != DocumentStatus.DELETING,
        )
    )
    return [(row.id, row.name) for row in (await connection.execute(query)).all()]
