"""SQL of documents: rows, listings and the typed attributes that filters look at."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import DocumentNotFound
from app.core.ids import new_id
from app.db.codec import unpack_warnings
from app.db.filters import condition
from app.db.keyset import document_walks, newest, reached, rows_by_id
from app.db.reach import within
from app.db.session import now
from app.db.versions import Version
from app.models.access import Reach
from app.models.jobs import DocumentStatus, JobKind
from app.models.records import Document, Filter, Listing, Scalar, page_of
from app.models.tables import collections, document_attributes, documents, jobs, versions


def _selection() -> Select[Any]:
    shown = and_(
        versions.c.document_id == documents.c.id,
        or_(
            versions.c.id == documents.c.live_version_id,
            and_(documents.c.live_version_id.is_(None), versions.c.number == documents.c.latest_version),
        ),
    )
    latest_job = (
        select(func.max(jobs.c.id))
        .where(jobs.c.document_id == documents.c.id, jobs.c.kind != JobKind.TRANSLATE)  # its translations have theirs
        .correlate(documents)
        .scalar_subquery()
    )
    return (
        select(
            documents,
            collections.c.name.label("collection"),
            versions.c.number.label("version"),
            versions.c.sha256,
            versions.c.bytes,
            versions.c.page_count,
            versions.c.chunk_count,
            versions.c.warnings,
            latest_job.label("job_id"),
        )
        .join(collections, collections.c.id == documents.c.collection_id)
        .join(versions, shown)
    )


def _record(row: Any) -> Document:
    values = dict(row._mapping)
    values["status"] = DocumentStatus(values["status"])
    values["warnings"] = unpack_warnings(values["warnings"])
    return Document(**values)


async def by_id(connection: AsyncConnection, document_id: str) -> Document:
    row = (await connection.execute(_selection().where(documents.c.id == document_id))).first()
    if row is None or row.status == DocumentStatus.DELETING:
        raise DocumentNotFound
    return _record(row)


async def live_version(connection: AsyncConnection, document_id: str) -> tuple[DocumentStatus, str | None] | None:
    """Status and live version, also while the document is being deleted; None when it is gone."""
    query = select(documents.c.status, documents.c.live_version_id).where(documents.c.id == document_id)
    row = (await connection.execute(query)).first()
    return None if row is None else (DocumentStatus(row.status), row.live_version_id)


async def by_hash(connection: AsyncConnection, collection_id: str, sha256: str) -> Document | None:
    """The document of this collection whose live (or, while none is, latest) version has these bytes."""
    query = _selection().where(
        versions.c.collection_id == collection_id,
        versions.c.sha256 == sha256,
        documents.c.status != DocumentStatus.DELETING,
    )
    row = (await connection.execute(query.order_by(documents.c.id))).first()
    return None if row is None else _record(row)


async def by_file(connection: AsyncConnection, collection_id: str, file_id: str) -> Document | None:
    """The document of this collection that was made of this file, or is it."""
    query = _selection().where(
        documents.c.collection_id == collection_id,
        or_(documents.c.file_id == file_id, and_(documents.c.id == file_id, documents.c.file_id.is_(None))),
        documents.c.status != DocumentStatus.DELETING,
    )
    row = (await connection.execute(query)).first()
    return None if row is None else _record(row)


async def listing(
    connection: AsyncConnection,
    *,
    collection_id: str | None,
    status: DocumentStatus | None,
    filters: Filter | None,
    cursor: str | None,
    limit: int,
    reach: Reach = None,
) -> Listing[Document]:
    """Newest first."""
    conditions = [documents.c.status != DocumentStatus.DELETING if status is None else documents.c.status == status]
    if filters is not None:
        conditions.append(condition(filters))
    covered = await reached(connection, reach) if collection_id is None else [collection_id]
    if reach is not None:
        conditions.append(documents.c.collection_id.in_(select(collections.c.id).where(within(reach))))
    walks = await document_walks(connection, covered, filters)
    ids = await newest(connection, walks, *conditions, before=cursor, limit=limit + 1)
    rows = await rows_by_id(connection, documents, _selection(), ids)
    return page_of([_record(row) for row in rows], limit, lambda item: item.id)


async def add(
    connection: AsyncConnection,
    *,
    collection_id: str,
    filename: str,
    media_type: str,
    language: str | None,
    metadata: Mapping[str, Scalar],
    **values: Any,
) -> str:
    """`values`: further columns, where they are not empty."""
    moment = now()
    identity = new_id()
    await connection.execute(
        insert(documents).values(
            id=identity,
            collection_id=collection_id,
            filename=filename,
            media_type=media_type,
            status=DocumentStatus.QUEUED,
            language=language,
            metadata=dict(metadata),
            created_at=moment,
            updated_at=moment,
            **values,
        )
    )
    await _set_attributes(connection, identity, collection_id, metadata)
    return identity


async def change(connection: AsyncConnection, document_id: str, **values: Any) -> None:
    await connection.execute(update(documents).where(documents.c.id == document_id).values(**values, updated_at=now()))


async def go_live(connection: AsyncConnection, document: Document, version: Version, status: DocumentStatus) -> None:
    """Let a version answer. What a new file changes of its document changes here, in one step with its text."""
    values: dict[str, Any] = {"title": version.title, "language": version.language}
    if version.number > 1 and document.live_version_id != version.id:  # the first one's name may have been changed
        values |= {"filename": version.filename, "media_type": version.media_type}
    values |= {"live_version_id": version.id, "status": status, "error_code": None, "error_message": None}
    await change(connection, document.id, **values)


async def set_metadata(connection: AsyncConnection, document: Document, metadata: Mapping[str, Scalar]) -> None:
    await change(connection, document.id, metadata=dict(metadata))
    await connection.execute(delete(document_attributes).where(document_attributes.c.document_id == document.id))
    await _set_attributes(connection, document.id, document.collection_id, metadata)


async def _set_attributes(
    connection: AsyncConnection, document_id: str, collection_id: str, metadata: Mapping[str, Scalar]
) -> None:
    rows = [
        {
            "document_id": document_id,
            "collection_id": collection_id,
            "key": key,
            "text": value if isinstance(value, str) else None,
            "number": float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None,
            "flag": value if isinstance(value, bool) else None,
        }
        for key, value in metadata.items()
    ]
    if rows:
        await connection.execute(insert(document_attributes), rows)


async def ids_of_collection(
    connection: AsyncConnection, collection_id: str, status: DocumentStatus | None = None
) -> list[str]:
    query = select(documents.c.id).where(documents.c.collection_id == collection_id)
    if status is not None:
        query = query.where(documents.c.status == status)
    return list((await connection.execute(query)).scalars())


async def remove(connection: AsyncConnection, document_id: str) -> None:
    """The row and all that hangs on it (versions, pages, chunks, vectors, attributes) by cascade."""
    await connection.execute(delete(documents).where(documents.c.id == document_id))
