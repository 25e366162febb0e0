"""Lists as OpenAI's wire pages them: after or before an item that the client names, in either direction.

UUIDv7 ids sort by time, so the id alone is the order.
"""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models.stores import Window

T = TypeVar("T")


async def rows_of(
    connection: AsyncConnection, query: Select[Any], key: ColumnElement[Any], window: Window
) -> tuple[list[Any], bool]:
    """The window's rows in the list's order, and whether more follow in the direction of paging."""
    backwards = window.after is None and window.before is not None
    descending = window.descending != backwards
    cursor = window.before if backwards else window.after
    if cursor is not None:
        query = query.where(key < cursor if descending else key > cursor)
    query = query.order_by(key.desc() if descending else key.asc()).limit(window.limit + 1)
    rows = list((await connection.execute(query)).all())
    more = len(rows) > window.limit
    del rows[window.limit :]
    return rows[::-1] if backwards else rows, more
