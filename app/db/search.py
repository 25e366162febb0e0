"""What a search reads. The indexes only propose: a chunk counts when these queries say that it is live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from app.core.errors import CollectionNotFound
from app.db.chunks import stored, unpack_vectors
from app.db.codec import unpack_locator
from app.db.filters import condition
from app.db.session import Connection
from app.logic.docmatch import DocumentFacts
from app.models.domain import Locator
from app.models.jobs import DocumentStatus
from app.models.records import Filter, StoredChunk
from app.models.tables import chunk_vectors, chunks, collections, documents, pages, versions

FIRST_PAGE_CHARACTERS = 2000
"""Of a document's first page: who wrote it, what it is called and when it is from stands there, if anywhere."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A collection as a search sees it. Two scopes of one stamp have the same documents under the same names."""

    collection_id: str
    embedding_model: str
    dimension: int
    index_id: str
    documents: int
    chunks: int
    changed_at: datetime | None
    embedded: int
    """Of the documents, those whose vectors are all there."""

    @property
    def stamp(self) -> tuple[int, datetime | None]:
        return self.documents, self.changed_at


@dataclass(frozen=True, slots=True)
class LiveDocument:
    id: str
    version_id: str
    chunks: int
    vectors_ready: bool


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A live chunk with what its document and version say of it."""

    chunk: StoredChunk
    document_id: str
    version: int
    filename: str
    media_type: str
    title: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Proposals:
    """Live chunks that an index proposed, with as much of them as it takes to rank them."""

    documents: Mapping[str, str]
    """Chunk ids to the documents that they belong to."""
    embedded: Sequence[str]
    """Those with a vector; none while its version's vectors are not all there."""
    vectors: NDArray[np.float32]
    """Of shape (len(embedded), dimension)."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    label: str | None
    locator: Locator | None
    language: str | None


_LIVE_VERSION = and_(documents.c.id == chunks.c.document_id, documents.c.live_version_id == chunks.c.version_id)
_LIVE = and_(documents.c.live_version_id.is_not(None), documents.c.status != DocumentStatus.DELETING)


async def scope_of(connection: Connection, name: str) -> Scope:
    """Raises CollectionNotFound."""
    live = (
        select(
            documents.c.collection_id,
            func.count().label("documents"),
            func.coalesce(func.sum(versions.c.chunk_count), 0).label("chunks"),
            func.max(documents.c.updated_at).label("changed_at"),
            func.sum(case((versions.c.vectors_ready, 1), else_=0)).label("embedded"),
        )
        .join(versions, versions.c.id == documents.c.live_version_id)
        .join(collections, and_(collections.c.id == documents.c.collection_id, collections.c.name == name))
        .where(_LIVE)
        .group_by(documents.c.collection_id)
        .subquery()
    )
    statement = (
        select(
            collections.c.id,
            collections.c.embedding_model,
            collections.c.dimension,
            collections.c.index_id,
            func.coalesce(live.c.documents, 0),
            func.coalesce(live.c.chunks, 0),
            live.c.changed_at,
            func.coalesce(live.c.embedded, 0),
        )
        .join(live, live.c.collection_id == collections.c.id, isouter=True)
        .where(collections.c.name == name)
    )
    row = (await connection.execute(statement)).first()
    if row is None:
        raise CollectionNotFound
    return Scope(*row)


async def live_documents(
    connection: Connection, collection_id: str, *, ids: Iterable[str] | None = None, filters: Filter | None = None
) -> list[LiveDocument]:
    """Those that a request may see; all of the collection's when it names neither ids nor filters."""
    conditions: list[ColumnElement[bool]] = [documents.c.collection_id == collection_id, _LIVE]
    if ids is not None:
        conditions.append(documents.c.id.in_(list(ids)))
    if filters is not None:
        conditions.append(condition(filters))
    statement = (
        select(documents.c.id, versions.c.id, versions.c.chunk_count, versions.c.vectors_ready)
        .join(versions, versions.c.id == documents.c.live_version_id)
        .where(*conditions)
    )
    return [LiveDocument(*row) for row in await connection.execute(statement)]


async def changed_documents(
    connection: Connection, collection_id: str, *, since: datetime | None
) -> list[DocumentFacts]:
    """The live documents that were touched at or after `since`; all of them without it."""
    statement = (
        select(
            documents.c.id,
            documents.c.live_version_id,
            documents.c.filename,
            documents.c.title,
            documents.c.language,
            documents.c.metadata,
            func.substr(func.coalesce(pages.c.text, ""), 1, FIRST_PAGE_CHARACTERS),
        )
        .join(pages, and_(pages.c.version_id == documents.c.live_version_id, pages.c.number == 1), isouter=True)
        .where(documents.c.collection_id == collection_id, _LIVE)
    )
    if since is not None:
        statement = statement.where(documents.c.updated_at >= since)
    return [DocumentFacts(*row) for row in await connection.execute(statement)]


async def proposals(connection: Connection, chunk_ids: Sequence[str], model: str) -> Proposals:
    """The live ones among these, with the vectors that this model gave them."""
    statement = (
        select(
            chunks.c.id,
            chunks.c.document_id,
            case((versions.c.vectors_ready, chunk_vectors.c.data), else_=None).label("vector"),
        )
        .join_from(chunks, documents, _LIVE_VERSION)
        .join(versions, versions.c.id == chunks.c.version_id)
        .join(
            chunk_vectors, and_(chunk_vectors.c.chunk_id == chunks.c.id, chunk_vectors.c.model == model), isouter=True
        )
        .where(chunks.c.id.in_(list(chunk_ids)), documents.c.status != DocumentStatus.DELETING)
    )
    rows = (await connection.execute(statement)).all()
    embedded = {row.id: row.vector for row in rows if row.vector is not None}
    vectors = unpack_vectors(list(embedded.values())) if embedded else np.empty((0, 0), np.float32)
    return Proposals({row.id: row.document_id for row in rows}, tuple(embedded), vectors)


async def load_chunks(connection: Connection, chunk_ids: Sequence[str]) -> dict[str, FoundChunk]:
    """The live ones among these, by id."""
    statement = (
        select(
            *chunks.c,
            versions.c.number.label("version"),
            documents.c.filename,
            documents.c.media_type,
            documents.c.title,
            documents.c.language,
        )
        .join_from(chunks, documents, _LIVE_VERSION)
        .join(versions, versions.c.id == chunks.c.version_id)
        .where(chunks.c.id.in_(list(chunk_ids)), documents.c.status != DocumentStatus.DELETING)
    )
    return {row.id: _found(row) for row in await connection.execute(statement)}


async def owners(connection: Connection, chunk_ids: Sequence[str]) -> dict[str, str]:
    """The version of each of these chunks."""
    statement = select(chunks.c.id, chunks.c.version_id).where(chunks.c.id.in_(list(chunk_ids)))
    return {row.id: row.version_id for row in await connection.execute(statement)}


async def load_ordinals(connection: Connection, wanted: Iterable[tuple[str, int]]) -> list[StoredChunk]:
    """Chunks by (version, ordinal)."""
    clause = _by_version(chunks.c.version_id, chunks.c.ordinal, wanted)
    return [stored(row) for row in await connection.execute(select(chunks).where(clause))]


async def load_pages(connection: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], PageFacts]:
    """Facts by (version, page number)."""
    columns = (pages.c.version_id, pages.c.number, pages.c.label, pages.c.locator, pages.c.language)
    rows = await connection.execute(select(*columns).where(_by_version(pages.c.version_id, pages.c.number, wanted)))
    return {
        (row.version_id, row.number): PageFacts(row.label, unpack_locator(row.locator), row.language) for row in rows
    }


async def load_vectors(
    connection: Connection, version_id: str, model: str
) -> tuple[tuple[str, ...], NDArray[np.float16]]:
    """Chunk ids of a version and their vectors, shape (n, dimension)."""
    statement = select(chunk_vectors.c.chunk_id, chunk_vectors.c.data).where(
        chunk_vectors.c.version_id == version_id, chunk_vectors.c.model == model
    )
    rows = (await connection.execute(statement)).all()
    if not rows:
        return (), np.empty((0, 0), np.float16)
    data = np.frombuffer(b"".join(row.data for row in rows), np.dtype("<f2"))
    return tuple(row.chunk_id for row in rows), data.reshape(len(rows), -1)


def _by_version(
    version: ColumnElement[str], number: ColumnElement[int], wanted: Iterable[tuple[str, int]]
) -> ColumnElement[bool]:
    """Rows of these pairs, by the index over both: SQLite reads the whole table for `(a, b) IN (VALUES ...)`."""
    numbers: dict[str, list[int]] = {}
    for version_id, value in wanted:
        numbers.setdefault(version_id, []).append(value)
    return or_(false(), *(and_(version == key, number.in_(values)) for key, values in numbers.items()))


def _found(row: Any) -> FoundChunk:
    return FoundChunk(stored(row), row.document_id, row.version, row.filename, row.media_type, row.title, row.language)
