"""Collections as vector stores: their counts, their lists and their batches, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.errors import FileBatchNotFound
from app.core.ids import new_id
from app.db import collections, documents, stores, versions
from app.db.session import Connection, Database, now
from app.models.jobs import DocumentStatus
from app.models.stores import FileCounts, Window

pytestmark = pytest.mark.anyio


async def add_store(connection: Connection, name: str) -> str:
    return (await collections.add(connection, name, embedding_model="m", dimension=4)).id


async def add_document(connection: Connection, store_id: str, status: str = "ready", size: int = 10) -> str:
    document_id = await documents.add(
        connection, collection_id=store_id, filename="a.txt", media_type="text/plain", language=None, metadata={}
    )
    await versions.add(
        connection,
        document_id=document_id,
        collection_id=store_id,
        number=1,
        sha256="0" * 64,
        bytes=size,
        filename="a.txt",
        media_type="text/plain",
    )
    await documents.change(connection, document_id, status=DocumentStatus(status))
    return document_id


async def test_documents_are_counted_by_state(database: Database) -> None:
    async with database.write() as connection:
        one, two, empty = [await add_store(connection, name) for name in ("规章", "b", "c")]
        for status in ("queued", "processing", "searchable", "ready", "ready_with_warnings", "failed", "cancelled"):
            await add_document(connection, one, status, 3_000_000_000)
        await add_document(connection, one, "deleting")
        await add_document(connection, two)
        found = await stores.counts(connection, [one, two, empty])
    assert found == {one: FileCounts(3, 2, 1, 1, bytes=21_000_000_000), two: FileCounts(completed=1, bytes=10)}
    assert found[one].total == 7


async def test_lists_of_stores_in_reach(database: Database) -> None:
    async with database.write() as connection:
        made = [await add_store(connection, name) for name in ("a", "b", "c")]

        async def listed(window: Window, names: list[str] | None = None) -> tuple[list[str], bool]:
            found, more = await stores.listing(connection, window, names)
            return [item.id for item in found], more

        assert await listed(Window()) == (made[::-1], False)
        assert await listed(Window(limit=1), ["a", "b", "none"]) == ([made[1]], True)
        assert await listed(Window(limit=1, after=made[1]), ["a", "b"]) == ([made[0]], False)
        assert await listed(Window(), []) == ([], False)


async def test_documents_of_a_store_and_of_a_batch(database: Database) -> None:
    async with database.write() as connection:
        store, other = [await add_store(connection, name) for name in ("a", "b")]
        made = [await add_document(connection, store, status) for status in ("ready", "failed", "searchable", "ready")]
        await add_document(connection, store, "deleting")
        await add_document(connection, other)
        batch_id = await stores.add_batch(connection, store, [made[0], made[2], made[0]])
        oldest = Window(descending=False)

        async def listed(window: Window, state: str | None = None, batch: str | None = None) -> list[str]:
            found, _ = await stores.documents_in(connection, window, collection_id=store, state=state, batch_id=batch)
            return [item.id for item in found]

        assert await listed(oldest) == made
        assert await listed(replace(oldest, after=made[0], limit=2)) == made[1:3]
        assert await listed(oldest, "completed") == [made[0], made[3]]
        assert await listed(oldest, batch=batch_id) == [made[0], made[2]]
        assert await listed(oldest, "in_progress", batch_id) == [made[2]]
        assert await listed(oldest, "cancelled", batch_id) == []


async def test_a_batch_counts_its_own(database: Database) -> None:
    async with database.write() as connection:
        store, other = [await add_store(connection, name) for name in ("a", "b")]
        made = [await add_document(connection, store, status) for status in ("ready", "failed", "queued", "ready")]
        batch_id = await stores.add_batch(connection, store, made[:3])
        await stores.add_batch(connection, store, made)
        found = await stores.batch(connection, store, batch_id)
        assert (found.counts, found.cancelled) == (FileCounts(1, 1, 1, bytes=30), False)
        await stores.cancel_batch(connection, batch_id)
        assert (await stores.batch(connection, store, batch_id)).cancelled
        for wrong_store, wrong_batch in ((other, batch_id), (store, new_id())):
            with pytest.raises(FileBatchNotFound):
                await stores.batch(connection, wrong_store, wrong_batch)
        for document_id in made:
            await documents.remove(connection, document_id)
        assert (await stores.batch(connection, store, batch_id)).counts.total == 0


async def test_only_what_has_a_term_and_holds_something_expires(database: Database) -> None:
    moment = now() - timedelta(days=2)
    async with database.write() as connection:
        held, empty, lasting, leaving = [await add_store(connection, name) for name in "abcd"]
        for store in (held, empty, leaving):
            await collections.change(connection, store, expires_days=1)
        await stores.touch(connection, held, moment)
        await add_document(connection, held)
        await add_document(connection, lasting)
        await add_document(connection, leaving, "deleting")
        [found] = await stores.expiring(connection)
        assert (found.id, found.last_active_at, found.expires_days) == (held, moment, 1)
