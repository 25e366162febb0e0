"""Connections: `read()` for looking, `write()` for one transaction that commits at its end.

SQLite lets one writer in at a time, so writers queue here, where waiting costs nothing, instead of inside SQLite,
where it costs a busy thread. On PostgreSQL writers of all processes queue at a lock of the server's, so that what a
transaction looked at stays true until it commits, as on SQLite; one of each process at a time, so that those who wait
leave the pool's connections to readers. Those that only add to what nobody else touches say so and wait for nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, MissingGreenlet, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from app.core.errors import StorageUnavailable, Unavailable
from app.core.logging import get_logger

Connection = AsyncConnection
"""What every function of `app.db` takes: one connection, inside its caller's transaction."""

_SQLITE_TROUBLE = frozenset({3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26})
"""Primary result codes that tell of the disk, the file or its users, as FULL and NOTADB; not of our statements."""
_WRITE = "docubot_write"
_POSTGRES_LOCK = 0x77726974  # any constant that all our processes share
_log = get_logger(__name__)


def now() -> datetime:
    """The present in UTC, as the tables hold it: without offset."""
    return datetime.now(UTC).replace(tzinfo=None)


class Database:
    """One engine. `url` is sqlite+aiosqlite:///... or postgresql+asyncpg://..."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.sqlite = url.startswith("sqlite")
        self.engine: AsyncEngine = create_async_engine(
            url,
            hide_parameters=True,  # they hold questions and document text, which no log may
            poolclass=AsyncAdaptedQueuePool,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=not self.sqlite,
        )
        self._writing = asyncio.Lock()
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            event.listen(self.engine.sync_engine, "invalidate", _release_sqlite)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection with a consistent view; what it changes is rolled back. Raises Unavailable."""
        with _translated():
            async with self._connected() as connection:
                yield connection

    @asynccontextmanager
    async def write(self, *, alone: bool = True) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back on any exception. Raises Unavailable.

        Only one writer at a time is `alone`, in whatever process. Not alone are those whose rows no other transaction
        decides by, as a page that is stored, or that hold their rows by a lock, as a lease that is renewed.
        """
        with _translated():
            turn = self._writing if alone or self.sqlite else nullcontext()
            async with turn, self._connected() as connection:
                await connection.execution_options(**{_WRITE: True})
                async with connection.begin():
                    if alone and not self.sqlite:
                        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
                    yield connection

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        connected = False
        try:
            async with self.engine.connect() as connection:
                connected = True
                yield connection
        except OSError as error:  # asyncpg's word for a server that is not there
            if connected:
                raise
            raise Unavailable(f"The database does not answer ({error.strerror or 'no connection'}).") from error

    async def ping(self) -> None:
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    """What the database's surroundings do to it is no defect of ours: callers are told to come again."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("Too many calls at once. Try again in a moment.", retry_after=1.0) from error
    except DBAPIError as error:
        if not _is_trouble(error):
            raise
        _log.error("database_failed", reason=str(error.orig))
        raise StorageUnavailable(f"The database cannot be used: {error.orig}.") from error


def _is_trouble(error: DBAPIError) -> bool:
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_TROUBLE
    return error.connection_invalidated or isinstance(error, OperationalError)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves, see below
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # an acknowledged upload survives a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA cache_size=-16000")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the write lock at once: a read that turns into a write half way cannot wait and fails.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITE) else "BEGIN")


def _release_sqlite(connection: Any, _record: Any, _error: BaseException | None) -> None:
    # A task cancelled inside a statement leaves its connection to be closed. But SQLite keeps a closed connection, and
    # the write lock with it, for as long as a statement of it is unfinished, as `RETURNING` is before its last row is
    # read; and the cancelled task's traceback may hold that for ever. A rollback ends it at once.
    with suppress(MissingGreenlet):  # when the garbage collector finds the connection, nothing is left to hold
        connection.rollback()
