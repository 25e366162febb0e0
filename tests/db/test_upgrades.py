"""From every revision to the newest with something in every table: nothing of it is lost or changed on the way."""

from datetime import date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, insert, select, text
from sqlalchemy.types import Boolean, Date, DateTime, Float, Integer, LargeBinary, Numeric

from app.db.migrate import _config, known_revisions, migrate
from app.db.session import Database

pytestmark = pytest.mark.anyio
Rows = dict[str, list[dict[str, Any]]]
_ORDER = [script.revision for script in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]


def _empty_at(connection: Connection, revision: str) -> None:
    """An empty database with the schema of `revision`."""
    found = MetaData()
    found.reflect(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    else:
        found.drop_all(connection)
    command.upgrade(_config(connection), revision)


def _value(column: Any, table: Table, made: Rows) -> Any:
    for key in column.foreign_keys:
        if key.column.table is table:
            return None  # a row of the same table, which may be left out
        return made[key.column.table.name][0][key.column.name]
    if column.nullable:
        return None
    kind = column.type
    if isinstance(kind, DateTime):
        return datetime(2026, 11, 22, 12, 0, 0)
    if isinstance(kind, Date):
        return date(2026, 11, 22)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, (Float, Numeric)):
        return 0.5
    if isinstance(kind, LargeBinary):
        return b"\x00\x01"
    if kind.__class__.__name__ in ("JSON", "JSONB"):
        return {"तालिका": table.name}
    return f"दीप-{table.name}"[: getattr(kind, "length", None) or 64]


def _fill(connection: Connection) -> Rows:
    """One row in every table."""
    found = MetaData()
    found.reflect(connection)
    made: Rows = {}
    for table in found.sorted_tables:
        if table.name == "alembic_version":
            continue
        values = {column.name: _value(column, table, made) for column in table.columns}
        made[table.name] = [values]
        connection.execute(insert(table).values({k: v for k, v in values.items() if v is not None}))
    return made


def _kept(connection: Connection, before: Rows) -> Rows:
    """What now stands where `before` stood, without columns that were added since."""
    found = MetaData()
    found.reflect(connection)
    now: Rows = {}
    for name, rows in before.items():
        table = found.tables[name]
        filled = [column for column, value in rows[0].items() if value is not None]
        stored = connection.execute(select(*(table.c[column] for column in filled))).mappings()
        now[name] = [dict(row) for row in stored]
    return now


@pytest.mark.parametrize("revision", _ORDER)
async def test_data_of_every_release_comes_through(database: Database, revision: str) -> None:
    async with database.write() as connection:
        await connection.run_sync(_empty_at, revision)
        before = await connection.run_sync(_fill)
    await migrate(database)
    async with database.read() as connection:
        version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
        after = await connection.run_sync(_kept, before)
    assert version == _ORDER[-1]
    assert {version} <= known_revisions()
    expected = {
        name: [{key: value for key, value in row.items() if value is not None} for row in rows]
        for name, rows in before.items()
    }
    assert after == expected
