"""SQL of glossaries: by name, in a tenant."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import GlossaryExists, GlossaryNotFound
from app.core.ids import new_id
from app.db.dialects import insert_into
from app.db.session import now
from app.models.records import Listing, page_of
from app.models.tables_translation import glossaries
from app.models.translation import Glossary, Term


def pack_terms(terms: Sequence[Term]) -> list[list[Any]]:
    return [[term.source, term.target, term.case_sensitive] for term in terms]


def unpack_terms(rows: Sequence[Sequence[Any]]) -> tuple[Term, ...]:
    return tuple(Term(source, target, sensitive) for source, target, sensitive in rows)


def _record(row: Any) -> Glossary:
    terms = unpack_terms(row.terms)
    return Glossary(row.name, row.source, row.target, terms, row.version, row.created_at, row.updated_at)


async def find(connection: AsyncConnection, tenant: str, name: str) -> Glossary | None:
    query = select(glossaries).where(glossaries.c.tenant == tenant, glossaries.c.name == name)
    row = (await connection.execute(query)).first()
    return None if row is None else _record(row)


async def by_name(connection: AsyncConnection, tenant: str, name: str) -> Glossary:
    found = await find(connection, tenant, name)
    if found is None:
        raise GlossaryNotFound
    return found


async def listing(connection: AsyncConnection, tenant: str, cursor: str | None, limit: int) -> Listing[Glossary]:
    """By name."""
    query = select(glossaries).where(glossaries.c.tenant == tenant).order_by(glossaries.c.name).limit(limit + 1)
    if cursor is not None:
        query = query.where(glossaries.c.name > cursor)
    rows = (await connection.execute(query)).all()
    return page_of([_record(row) for row in rows], limit, lambda item: item.name)


async def add(
    connection: AsyncConnection,
    tenant: str,
    name: str,
    *,
    source: str | None,
    target: str | None,
    terms: Sequence[Term],
) -> Glossary:
    """Raises GlossaryExists."""
    moment = now()
    values: dict[str, Any] = {"id": new_id(), "tenant": tenant, "name": name, "version": 1, "created_at": moment}
    values |= {"source": source, "target": target, "terms": pack_terms(terms), "updated_at": moment}
    unless_there = insert_into(connection, glossaries).on_conflict_do_nothing(index_elements=["tenant", "name"])
    if not (await connection.execute(unless_there.values(**values))).rowcount:
        raise GlossaryExists
    return await by_name(connection, tenant, name)


async def change(connection: AsyncConnection, tenant: str, name: str, terms: Sequence[Term], **values: Any) -> Glossary:
    """Other terms under the next version, and other `values`. Raises GlossaryNotFound."""
    where = (glossaries.c.tenant == tenant, glossaries.c.name == name)
    values |= {"terms": pack_terms(terms), "version": glossaries.c.version + 1, "updated_at": now()}
    await connection.execute(update(glossaries).where(*where).values(**values))
    return await by_name(connection, tenant, name)


async def remove(connection: AsyncConnection, tenant: str, name: str) -> None:
    """Raises GlossaryNotFound."""
    await by_name(connection, tenant, name)
    await connection.execute(delete(glossaries).where(glossaries.c.tenant == tenant, glossaries.c.name == name))
