"""Keyset pagination: a page's rows found by walking indexes that have them in the list's order, newest first.

A walk ends with the page, however long the list is, when an index begins with what all its rows have in common. What
no such index exists for is looked at row by row.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.filters import ORDERINGS, OWN, attribute
from app.db.reach import within
from app.models.access import Reach
from app.models.records import Comparison, Filter, Scalar
from app.models.tables import collections, documents
from app.models.tables import document_attributes as attributes

_MOST_WALKS = 40
"""Of one page, each with all the filters: databases bound the parts of a union and what is bound to a statement."""
_FEW = 1_000
"""Documents that are sorted rather than met one by one on the way."""

Walk = tuple[Select[Any], ColumnElement[Any]]
"""Ids, and the column that they are ordered by."""


async def reached(connection: AsyncConnection, reach: Reach) -> list[str] | None:
    """The ids of the collections that are covered; None when they are all, or too many to be walked one by one."""
    if reach is None:
        return None
    query = select(collections.c.id).where(within(reach)).limit(_MOST_WALKS + 1)
    found = list((await connection.execute(query)).scalars())
    return found if len(found) <= _MOST_WALKS else None


def exact_names(reach: Reach) -> list[str] | None:
    """The names of the collections that are covered; None when they are not told one by one, or too many."""
    if reach is None or len(reach) > _MOST_WALKS or any(text.endswith("*") for text in reach):
        return None
    return list(reach)


async def document_walks(
    connection: AsyncConnection, collection_ids: Sequence[str] | None, filters: Filter | None
) -> list[Walk]:
    """Walks that between them meet every document of the collections that may pass; the filters are still to be asked.

    Documents that share a value are met in order. Those of a range are sorted when they are few; when they are many,
    the walk over all meets them.
    """
    if collection_ids is None:
        return [(select(documents.c.id), documents.c.id)]
    necessary = list(_necessary(filters)) if filters is not None else []
    walks = [walk for each in collection_ids for walk in await _walks_of(connection, each, necessary)]
    weight = 1 if filters is None else filters.weight
    if len(walks) > 1 and len(walks) * weight > _MOST_WALKS:
        return [(select(documents.c.id).where(documents.c.collection_id.in_(collection_ids)), documents.c.id)]
    return walks


async def _walks_of(connection: AsyncConnection, collection_id: str, necessary: Sequence[Comparison]) -> list[Walk]:
    for part in necessary:
        values = part.value if isinstance(part.value, tuple) else (part.value,)
        if part.type in ("eq", "in") and len(values) <= _MOST_WALKS:
            return [walk for value in values for walk in _sharing(collection_id, part.key, value)]
    for part in necessary:
        if part.type in ORDERINGS and part.key not in OWN and not isinstance(part.value, tuple):
            ranged = attribute(part.key, part.type, part.value)
            some = select(attributes.c.key).where(attributes.c.collection_id == collection_id, ranged).limit(_FEW + 1)
            if (await connection.execute(select(func.count()).select_from(some.subquery()))).scalar_one() <= _FEW:
                return [_having(collection_id, ranged)]
    return [_all(collection_id)]


def _all(collection_id: str, *conditions: ColumnElement[bool]) -> Walk:
    return select(documents.c.id).where(documents.c.collection_id == collection_id, *conditions), documents.c.id


def _having(collection_id: str, condition: ColumnElement[bool]) -> Walk:
    walk = select(attributes.c.document_id.label("id")).join(documents, documents.c.id == attributes.c.document_id)
    return walk.where(attributes.c.collection_id == collection_id, condition), attributes.c.document_id


def _sharing(collection_id: str, key: str, value: Scalar) -> Iterator[Walk]:
    yield _having(collection_id, attribute(key, "eq", value))
    if key in OWN and isinstance(value, str):
        own = documents.c.language if key == "language" and value else OWN[key]  # as the index has it
        yield _all(collection_id, own == value)


def _necessary(filters: Filter) -> Iterator[Comparison]:
    """What everything has to pass."""
    if isinstance(filters, Comparison):
        yield filters
    elif filters.type == "and":
        for part in filters.filters:
            yield from _necessary(part)


async def newest(
    connection: AsyncConnection,
    walks: Sequence[Walk],
    *conditions: ColumnElement[bool],
    before: str | None,
    limit: int,
) -> list[str]:
    """The `limit` greatest ids that any of the walks meets and that pass all conditions, greatest first."""
    pages = []
    for walk, key in walks:
        page = walk.where(*conditions) if before is None else walk.where(*conditions, key < before)
        pages.append(page.order_by(key.desc()).limit(limit))
    if not pages:
        return []
    if len(pages) == 1:
        return list((await connection.execute(pages[0])).scalars())
    together = union(*(select(page.subquery().c.id) for page in pages)).subquery()
    query = select(together.c.id).order_by(together.c.id.desc()).limit(limit)
    return list((await connection.execute(query)).scalars())


async def rows_by_id(
    connection: AsyncConnection, table: Table, selection: Select[Any], ids: Sequence[str]
) -> list[Any]:
    """Rows of a selection over `table`, greatest id first."""
    query = selection.where(table.c.id.in_(ids)).order_by(table.c.id.desc())
    return list((await connection.execute(query)).all()) if ids else []
