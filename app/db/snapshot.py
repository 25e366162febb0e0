"""A copy of the SQLite database as it is at one moment, taken while others write to it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.core.errors import StorageUnavailable

_PAGES = 1000
"""Copied between two looks around; 4 MB."""
_PATIENCE = 60.0
"""Seconds to wait for a writer."""


def snapshot(source: Path, target: Path, pin: Callable[[], None]) -> None:
    """Copy `source` to `target` with SQLite's backup interface. Writers wait only while `pin` runs: what it sees of the
    disk belongs to what is copied. Raises StorageUnavailable."""
    try:
        with (
            closing(_opened(source)) as stopper,
            closing(_opened(source)) as reader,
            closing(_opened(target)) as copy,
        ):
            stopper.execute("BEGIN IMMEDIATE")
            try:
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this moment
                pin()
            finally:
                stopper.execute("ROLLBACK")
            reader.backup(copy, pages=_PAGES)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole without a log beside it
    except sqlite3.Error as error:
        raise StorageUnavailable(f"The database cannot be copied: {error}.") from error


def drop_vectors(database: Path) -> None:
    """Leave out what the embedding model can make again: the greater part of the rows' bytes."""
    with closing(_opened(database)) as connection:
        connection.execute("DELETE FROM chunk_vectors")
        connection.execute("VACUUM")


def revision(database: Path) -> str | None:
    """The schema's revision; None for a file that is no sound database of ours."""
    try:
        with closing(_opened(database)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return None
            (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(found)
    except (sqlite3.Error, TypeError):
        return None


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
