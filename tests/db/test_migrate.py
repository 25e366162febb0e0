"""Migrations at start: two processes at once, a newer schema, and what Alembic makes against the tables."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from app.core.errors import StartupError
from app.db.migrate import known_revisions, migrate
from app.db.session import Database
from app.models.tables import metadata
from app.models.tables_access import metadata as access
from app.models.tables_translation import metadata as translation
from app.models.tables_webhooks import metadata as hooks

pytestmark = pytest.mark.anyio
assert metadata is access is translation is hooks  # each file adds its tables to the one


async def test_two_processes_at_once_make_one_schema(database: Database) -> None:
    async with database.write() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.execute(text("DROP TABLE alembic_version"))
    url = database.engine.url.render_as_string(hide_password=False)
    others = [Database(url), Database(url)]
    try:
        await asyncio.gather(*(migrate(other) for other in others))
    finally:
        for other in others:
            await other.close()
    async with database.read() as connection:
        revisions = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars().all()
    assert len(revisions) == 1
    assert revisions[0] in known_revisions()


async def test_a_newer_schema_is_refused_and_left_alone(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartupError, match=r"schema 9999, which this release does not know.*newer"):
        await migrate(database)
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one() == "9999"


async def test_migrations_make_the_tables_that_the_code_names(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_what_is_up_to_date_stays_as_it_is(database: Database) -> None:
    await migrate(database)
    await migrate(database)
