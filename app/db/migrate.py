"""Bring the database to this release's schema at start, under a lock; refuse one that is newer than this code."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.core.errors import StartupError
from app.db.session import Database

_POSTGRES_LOCK = 0x646F6375  # any constant that all our processes share


async def migrate(database: Database) -> None:
    """Apply every pending migration in one transaction. Raises StartupError when the schema is from a newer release."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade)


def known_revisions() -> frozenset[str]:
    """Of every schema that this release can bring up to date."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
    config = _config(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known_revisions():
        raise StartupError(
            f"The database has schema {current}, which this release does not know: it was made by a newer one. "
            "Start that release again, or restore a backup made with this one."
        )
    command.upgrade(config, "head")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config
