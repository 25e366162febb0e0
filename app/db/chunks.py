"""SQL of chunks and of their vectors."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.ids import new_id
from app.db.codec import pack_spans, unpack_spans
from app.db.versions import Version
from app.models.domain import BlockKind, Chunk
from app.models.records import Listing, StoredChunk, page_of
from app.models.tables import chunk_vectors, chunks

_BATCH = 100


def stored(row: Any) -> StoredChunk:
    """A row of `chunks`, whatever was selected beside it."""
    return StoredChunk(
        id=row.id,
        version_id=row.version_id,
        ordinal=row.ordinal,
        text=row.text,
        spans=unpack_spans(row.spans),
        headings=tuple(row.headings),
        tokens=row.tokens,
        kind=BlockKind(row.kind),
        columns=row.columns,
    )


async def replace(connection: AsyncConnection, version: Version, made: Sequence[Chunk]) -> None:
    """Make `made` the chunks of this version; their vectors are still to come."""
    await connection.execute(delete(chunks).where(chunks.c.version_id == version.id))
    await add(connection, version, made)


async def add(connection: AsyncConnection, version: Version, made: Sequence[Chunk], *, before: int = 0) -> None:
    """More chunks of a version that has `before` of them: their ordinals count on."""
    rows = [
        {
            "id": new_id(),
            "version_id": version.id,
            "document_id": version.document_id,
            "collection_id": version.collection_id,
            "ordinal": before + chunk.ordinal,
            "text": chunk.text,
            "spans": pack_spans(chunk.spans),
            "headings": list(chunk.headings),
            "tokens": chunk.tokens,
            "kind": chunk.kind.value,
            "columns": chunk.columns,
        }
        for chunk in made
    ]
    for start in range(0, len(rows), _BATCH):
        await connection.execute(insert(chunks), rows[start : start + _BATCH])


async def of_version(connection: AsyncConnection, version_id: str) -> list[StoredChunk]:
    """All chunks in order; read in batches, so that a long document does not hold up the event loop."""
    return await _in_batches(connection, select(chunks).where(chunks.c.version_id == version_id))


async def after(connection: AsyncConnection, version_id: str, ordinal: int, *, limit: int) -> list[StoredChunk]:
    """At most `limit` chunks that follow the one of that ordinal (-1: the first ones)."""
    query = select(chunks).where(chunks.c.version_id == version_id, chunks.c.ordinal > ordinal)
    return await _in_batches(connection, query, limit)


async def _in_batches(connection: AsyncConnection, query: Select[Any], limit: int | None = None) -> list[StoredChunk]:
    found: list[StoredChunk] = []
    while limit is None or len(found) < limit:
        last = found[-1].ordinal if found else -1
        size = _BATCH if limit is None else min(_BATCH, limit - len(found))
        batch = query.where(chunks.c.ordinal > last).order_by(chunks.c.ordinal).limit(size)
        rows = (await connection.execute(batch)).all()
        found.extend(stored(row) for row in rows)
        if len(rows) < size:
            break
    return found


async def listing(connection: AsyncConnection, version_id: str, after: int | None, limit: int) -> Listing[StoredChunk]:
    query = select(chunks).where(chunks.c.version_id == version_id).order_by(chunks.c.ordinal).limit(limit + 1)
    if after is not None:
        query = query.where(chunks.c.ordinal > after)
    rows = (await connection.execute(query)).all()
    return page_of([stored(row) for row in rows], limit, lambda item: str(item.ordinal))


async def counts_by_version(connection: AsyncConnection, version_ids: Sequence[str]) -> dict[str, int]:
    query = select(chunks.c.version_id, func.count()).where(chunks.c.version_id.in_(version_ids))
    rows = (await connection.execute(query.group_by(chunks.c.version_id))).all()
    return {row[0]: row[1] for row in rows}


# ---------------------------------------------------------------- vectors


async def count_embedded(connection: AsyncConnection, version_id: str, model: str) -> int:
    """How many chunks of a version this model has embedded."""
    clause = chunk_vectors.c.version_id == version_id, chunk_vectors.c.model == model
    return int((await connection.execute(select(func.count()).select_from(chunk_vectors).where(*clause))).scalar_one())


async def without_vector(
    connection: AsyncConnection, version_id: str, model: str, *, limit: int | None = None
) -> list[StoredChunk]:
    """Chunks of a version that this model has not embedded yet, in order."""
    have = select(chunk_vectors.c.chunk_id).where(
        chunk_vectors.c.version_id == version_id, chunk_vectors.c.model == model
    )
    query = select(chunks).where(chunks.c.version_id == version_id, chunks.c.id.not_in(have))
    return await _in_batches(connection, query, limit)


async def add_vectors(
    connection: AsyncConnection, version_id: str, model: str, ids: Sequence[str], vectors: NDArray[np.float32]
) -> None:
    """Store vectors of shape (len(ids), dimension) as float16."""
    rows = [
        {"chunk_id": identity, "version_id": version_id, "model": model, "data": row.astype("<f2").tobytes()}
        for identity, row in zip(ids, vectors, strict=True)
    ]
    if rows:
        await connection.execute(insert(chunk_vectors), rows)


async def vectors_of_version(
    connection: AsyncConnection, version_id: str, model: str, *, batch: int = 500
) -> AsyncIterator[tuple[list[str], NDArray[np.float32]]]:
    """The version's chunk ids and vectors, in batches."""
    after = ""
    while True:
        query = (
            select(chunk_vectors.c.chunk_id, chunk_vectors.c.data)
            .where(
                chunk_vectors.c.version_id == version_id,
                chunk_vectors.c.model == model,
                chunk_vectors.c.chunk_id > after,
            )
            .order_by(chunk_vectors.c.chunk_id)
            .limit(batch)
        )
        rows = (await connection.execute(query)).all()
        if not rows:
            return
        yield [row.chunk_id for row in rows], unpack_vectors([row.data for row in rows])
        after = rows[-1].chunk_id


def unpack_vectors(data: Sequence[bytes]) -> NDArray[np.float32]:
    """Stored float16 rows as one float32 array of shape (n, dimension)."""
    return np.frombuffer(b"".join(data), dtype="<f2").reshape(len(data), -1).astype(np.float32)


async def count_vectors(connection: AsyncConnection, version_ids: Sequence[str]) -> int:
    query = select(func.count()).select_from(chunk_vectors).where(chunk_vectors.c.version_id.in_(version_ids))
    return int((await connection.execute(query)).scalar_one())


async def drop_vectors(connection: AsyncConnection, version_id: str, *, keep_model: str) -> None:
    """Forget the vectors that other models made for a version."""
    await connection.execute(
        delete(chunk_vectors).where(chunk_vectors.c.version_id == version_id, chunk_vectors.c.model != keep_model)
    )


async def ids_of_version(connection: AsyncConnection, version_id: str) -> list[str]:
    query = select(chunks.c.id).where(chunks.c.version_id == version_id)
    return list((await connection.execute(query)).scalars())


async def ids_of_collection(connection: AsyncConnection, collection_id: str) -> list[str]:
    query = select(chunks.c.id).where(chunks.c.collection_id == collection_id)
    return list((await connection.execute(query)).scalars())
