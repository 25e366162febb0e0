"""One request a key: while it runs, when it has ended, and when its process died half way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.core.errors import IdempotencyConflict
from app.db import idempotency as rows
from app.db.migrate import migrate
from app.db.session import Database, now
from app.models.tables import idempotency_keys
from app.services.idempotency import IdempotencyService

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'docubot.sqlite3'}")
    await migrate(made)
    yield made
    await made.close()


async def test_the_second_gets_the_answer_of_the_first(database: Database) -> None:
    service = IdempotencyService(database)
    assert await service.begin("k", "print") is None
    await service.finish("k", 202, {"documents": [{"filename": "年报.pdf"}]})
    assert await service.begin("k", "print") == (202, {"documents": [{"filename": "年报.pdf"}]})
    assert await service.begin("k", "print") is not None
    with pytest.raises(IdempotencyConflict):
        await service.begin("k", "another print")
    assert await service.begin("other", "another print") is None


async def test_of_many_at_once_one_runs(database: Database) -> None:
    service = IdempotencyService(database)
    found = await asyncio.gather(*(service.begin("k", "print") for _ in range(20)), return_exceptions=True)
    assert [one for one in found if not isinstance(one, IdempotencyConflict)] == [None]


async def test_a_request_that_failed_frees_its_key(database: Database) -> None:
    service = IdempotencyService(database)
    assert await service.begin("k", "print") is None
    with pytest.raises(IdempotencyConflict):
        await service.begin("k", "print")
    await service.abandon("k")
    assert await service.begin("k", "another print") is None


async def test_a_key_is_free_when_its_process_died_under_it(database: Database) -> None:
    assert await IdempotencyService(database).begin("k", "print") is None
    reborn = IdempotencyService(database)
    assert await reborn.begin("k", "print") is None
    await reborn.finish("k", 202, {})
    assert await IdempotencyService(database).begin("k", "print") == (202, {})


async def test_a_caller_who_leaves_while_the_store_is_asked_holds_no_key(database: Database) -> None:
    service = IdempotencyService(database)
    async with database.write():  # the store is busy
        waiting = asyncio.create_task(service.begin("k", "print"))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert await service.begin("k", "print") is None


async def test_processes_that_share_a_database_hold_keys_for_each_other(database: Database) -> None:
    first, second = (IdempotencyService(database, shared=True) for _ in range(2))
    assert await first.begin("k", "print") is None
    with pytest.raises(IdempotencyConflict):
        await second.begin("k", "print")
    await first.abandon("k")
    assert await second.begin("k", "print") is None
    await second.finish("k", 202, {"a": 1})
    assert await first.begin("k", "print") == (202, {"a": 1})
    with pytest.raises(IdempotencyConflict):
        await first.begin("k", "another")


async def test_a_key_of_a_process_that_died_is_free_after_a_while(database: Database) -> None:
    async with database.write() as connection:
        await rows.hold(connection, "k", "print")
    alive = IdempotencyService(database, shared=True)
    with pytest.raises(IdempotencyConflict):
        await alive.begin("k", "print")
    async with database.write() as connection:
        await connection.execute(update(idempotency_keys).values(created_at=now() - timedelta(minutes=1)))
    assert await alive.begin("k", "print") is None
    await alive.abandon("k")
