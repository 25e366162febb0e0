"""Inserts that step back from a row that is there already: both databases have them, each under its own name."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_INSERTS: dict[str, Callable[[Table], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_into(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that has `on_conflict_do_nothing`."""
    return _INSERTS[connection.dialect.name](table)
