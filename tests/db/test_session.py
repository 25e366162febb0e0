import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.core.errors import StorageUnavailable, Unavailable
from app.db.session import Database
from tests.postgres import fresh_database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with made.write() as connection:
        await connection.execute(text("CREATE TABLE lamps (name TEXT UNIQUE)"))
        await connection.execute(text("INSERT INTO lamps VALUES ('red'), ('green')"))
    yield made
    await made.close()
    await threads_ended()


async def threads_ended() -> None:
    """A connection that was cancelled or refused while it opened ends its thread in its own time."""
    async with asyncio.timeout(5):
        while any("_connection_worker_thread" in thread.name for thread in threading.enumerate()):
            await asyncio.sleep(0.01)


async def test_a_writer_cancelled_anywhere_keeps_no_lock(database: Database) -> None:
    async def writer() -> None:
        async with database.write() as connection:
            rows = await connection.execute(text("UPDATE lamps SET name = name || '!' RETURNING name"))
            rows.all()

    broken: list[asyncio.Task[None]] = []  # kept, as whoever waits for a task keeps it: its traceback holds cursors
    for pause in range(80):
        task = asyncio.create_task(writer())
        broken.append(task)
        for step in range(pause):
            await asyncio.sleep(0.0003 if step % 4 == 3 else 0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled() or task.exception() is None
        async with asyncio.timeout(5):  # SQLite itself would wait 30 s for a lock that is held
            await writer()


async def test_trouble_of_the_file_is_told_apart_from_our_mistakes(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such column"):
        async with database.write() as connection:
            await connection.execute(text("SELECT colour FROM lamps"))
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO lamps VALUES ('red')"))
    event.listen(database.engine.sync_engine, "begin", lambda c: c.exec_driver_sql("PRAGMA max_page_count = 4"))
    with pytest.raises(StorageUnavailable, match="full"):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO lamps VALUES (hex(randomblob(100000)))"))
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM lamps"))).scalar_one() == 2


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///{}/none/x.db", "postgresql+asyncpg://user@127.0.0.1:1/x"])
async def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path, url: str) -> None:
    database = Database(url.format(tmp_path))
    with pytest.raises(Unavailable):
        await database.ping()
    await database.close()
    await threads_ended()


async def test_writers_who_wait_leave_the_connections_to_readers() -> None:
    async with fresh_database() as url:
        made = Database(url, pool_size=1)  # two at most

        async def written() -> None:
            async with made.write() as connection:
                await connection.execute(text("SELECT 1"))

        async with made.write():
            waiting = [asyncio.create_task(written()) for _ in range(5)]
            await asyncio.sleep(0.1)
            async with asyncio.timeout(10):
                await made.ping()
        await asyncio.gather(*waiting)
        await made.close()
