"""SQL of the translation memory: segments by key, in the scope of a tenant or a collection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.dialects import insert_into
from app.db.session import now
from app.models.tables_translation import translation_memory as memory

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    scope: str
    document_id: str | None
    source: str
    target: str


async def find(connection: AsyncConnection, keys: Sequence[str]) -> Mapping[str, str]:
    """Translations by key, of those that are known."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        query = select(memory.c.key, memory.c.target).where(memory.c.key.in_(keys[start : start + _AT_ONCE]))
        found.update((row.key, row.target) for row in await connection.execute(query))
    return found


async def add(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Store what is not there yet; what is there stays, as whoever came first has been told it already."""
    moment = now()
    rows: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: entry.key):  # in one order, so that no two wait for each other
        rows[entry.key] = {
            "key": entry.key,
            "scope": entry.scope,
            "document_id": entry.document_id,
            "source": entry.source,
            "target": entry.target,
            "created_at": moment,
        }
    if rows:
        unless_there = insert_into(connection, memory).on_conflict_do_nothing(index_elements=["key"])
        await connection.execute(unless_there, list(rows.values()))


async def replace(connection: AsyncConnection, entry: Entry) -> None:
    """Store one entry in the place of what is there."""
    await connection.execute(delete(memory).where(memory.c.key == entry.key))
    await add(connection, [entry])


async def forget_scope(connection: AsyncConnection, scope: str) -> None:
    await connection.execute(delete(memory).where(memory.c.scope == scope))


async def forget_document(connection: AsyncConnection, document_id: str) -> int:
    """Remove what the text of a document brought; returns how many entries."""
    counted = await connection.execute(
        select(func.count()).select_from(memory).where(memory.c.document_id == document_id)
    )
    await connection.execute(delete(memory).where(memory.c.document_id == document_id))
    return int(counted.scalar_one())
