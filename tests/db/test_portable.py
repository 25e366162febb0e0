"""Everything that SQL does for us, on SQLite and on PostgreSQL."""

import asyncio
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import inspect

from app.core.errors import CollectionNotFound, DocumentNotFound, JobNotFound, StartupError
from app.core.ids import new_id
from app.db import chunks, collections, conversations, documents, idempotency, jobs, versions
from app.db.migrate import migrate
from app.db.session import Connection, Database, now
from app.db.versions import Version
from app.models.domain import Block, BlockKind, Chunk, Locator, Page, Span
from app.models.jobs import JobKind, Lane
from app.models.records import Comparison, Compound, Filter
from app.models.tables import metadata
from app.models.tables_access import metadata as access
from app.models.tables_translation import metadata as translation
from app.models.tables_webhooks import metadata as hooks

pytestmark = pytest.mark.anyio
assert metadata is access is translation is hooks  # each file adds its tables to the one


async def make_version(connection: Connection, name: str = "default", **attributes: str | float | bool) -> Version:
    try:
        collection = await collections.by_name(connection, name)
    except CollectionNotFound:
        collection = await collections.add(connection, name, embedding_model="m", dimension=4)
    document_id = await documents.add(
        connection,
        collection_id=collection.id,
        filename="a.pdf",
        media_type="application/pdf",
        language="en",
        metadata=attributes,
    )
    version_id = await versions.add(
        connection,
        document_id=document_id,
        collection_id=collection.id,
        number=1,
        sha256="0" * 64,
        bytes=3_000_000_000,
        filename="a.pdf",
        media_type="application/pdf",
    )
    await documents.change(connection, document_id, live_version_id=version_id)
    return await versions.by_id(connection, version_id)


async def test_the_migrated_schema_is_the_one_that_the_code_speaks_to(database: Database) -> None:
    def found(connection: object) -> dict[str, set[str]]:
        inspector = inspect(connection)
        names = set(inspector.get_table_names()) - {"alembic_version"}
        return {name: {column["name"] for column in inspector.get_columns(name)} for name in names}

    await migrate(database)
    async with database.read() as connection:
        actual = await connection.run_sync(found)
    assert actual == {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables}


async def test_a_schema_from_the_future_stops_the_start(database: Database) -> None:
    async with database.write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StartupError, match="newer"):
        await migrate(database)


async def test_pages_and_chunks_come_back_as_they_went_in(database: Database) -> None:
    page = Page(
        1, "हिन्दी में €100 — “quote”", (Block(BlockKind.HEADING, 0, 6, 1),), "iv", 595.0, 842.0, Locator("sheet", "A!1")
    )
    chunk = Chunk(0, "हिन्दी", (Span(1, 0, 6),), ("Kapitel 1",), 2, BlockKind.TABLE)
    async with database.write() as connection:
        version = await make_version(connection)
        await versions.add_pages(connection, version.id, [page])
        await versions.set_languages(connection, version.id, ["hi"])
        await chunks.replace(connection, version, [chunk])
    async with database.read() as connection:
        [stored_page] = await versions.all_pages(connection, version.id)
        [stored] = await chunks.of_version(connection, version.id)
        assert (stored_page.text, stored_page.blocks, stored_page.locator) == (page.text, page.blocks, page.locator)
        assert stored_page.language == "hi"
        assert (stored.text, stored.spans, stored.headings, stored.kind) == (
            chunk.text,
            chunk.spans,
            chunk.headings,
            chunk.kind,
        )


async def test_vectors_are_kept_by_model_and_leave_with_their_document(database: Database) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(250, 4)).astype(np.float32)
    async with database.write() as connection:
        version = await make_version(connection)
        await chunks.replace(connection, version, [Chunk(n, f"chunk {n}", (Span(1, n, n + 1),)) for n in range(250)])
        stored = await chunks.of_version(connection, version.id)
        assert [chunk.ordinal for chunk in stored] == list(range(250))
        ids = [chunk.id for chunk in stored]
        await chunks.add_vectors(connection, version.id, "m", ids[:200], vectors[:200])
        assert [c.id for c in await chunks.without_vector(connection, version.id, "m")] == ids[200:]
        assert len(await chunks.without_vector(connection, version.id, "other")) == 250
        assert [c.id for c in await chunks.without_vector(connection, version.id, "m", limit=7)] == ids[200:207]
        assert await chunks.count_embedded(connection, version.id, "m") == 200
        assert [c.ordinal for c in await chunks.after(connection, version.id, 119, limit=110)] == list(range(120, 230))
        found: dict[str, np.ndarray] = {}
        async for some, values in chunks.vectors_of_version(connection, version.id, "m", batch=64):
            found |= dict(zip(some, values, strict=True))
        np.testing.assert_allclose([found[one] for one in ids[:200]], vectors[:200], rtol=2e-3, atol=2e-3)
        await documents.remove(connection, version.document_id)
        assert await chunks.count_vectors(connection, [version.id]) == 0
        assert await chunks.ids_of_version(connection, version.id) == []
        with pytest.raises(DocumentNotFound):
            await documents.by_id(connection, version.document_id)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Comparison("eq", "year", 2025), 1),
        (Comparison("eq", "year", "2025"), 0),
        (Comparison("ne", "year", 2025), 1),
        (Comparison("gte", "year", 1999.5), 1),
        (Comparison("lt", "kind", "m"), 1),
        (Comparison("in", "final", (True,)), 1),
        (Comparison("nin", "filename", ("a.pdf",)), 0),
        (Compound("or", (Comparison("eq", "year", 1999), Comparison("eq", "language", "en"))), 2),
        (Compound("and", (Comparison("eq", "year", 1999), Comparison("eq", "kind", "letter"))), 1),
    ],
)
async def test_filters(database: Database, filters: Filter, expected: int) -> None:
    async with database.write() as connection:
        await make_version(connection, year=2025, kind="memo", final=True)
        await make_version(connection, year=1999, kind="letter")
        listed = await documents.listing(
            connection, collection_id=None, status=None, filters=filters, cursor=None, limit=10
        )
        assert len(listed.items) == expected


async def test_a_job_is_claimed_once_by_urgency_and_lane(database: Database) -> None:
    async with database.write() as connection:
        version = await make_version(connection)
        made = [
            await jobs.add(
                connection, JobKind.INGEST, collection_id=version.collection_id, priority=priority, lane=lane
            )
            for priority, lane in ((2, Lane.READ), (0, Lane.READ), (1, Lane.READ), (0, Lane.EMBED))
        ]

    async def claim() -> str | None:
        async with database.write() as connection:
            job = await jobs.claim(connection, Lane.READ, "me", 30)
            return job.id if job else None

    claimed = await asyncio.gather(*(claim() for _ in range(5)))
    assert sorted(one for one in claimed if one) == sorted(made[:3])
    async with database.write() as connection:
        assert await jobs.release_leases(connection, "somebody else") == 0
        assert await jobs.release_leases(connection, "me") == 3
        first = await jobs.claim(connection, Lane.READ, "me", 30)
        assert first is not None
        assert (first.id, first.interruptions) == (made[1], 1)


async def test_what_a_dead_process_left_was_interrupted_and_what_its_owner_gives_back_was_not(
    database: Database,
) -> None:
    async def claim() -> int | None:
        job = await jobs.claim(connection, Lane.READ, "me", 30)
        return job.interruptions if job else None

    async with database.write() as connection:
        version = await make_version(connection)
        job_id = await jobs.add(connection, JobKind.INGEST, collection_id=version.collection_id)
        assert await claim() == 1
        assert await jobs.release_leases(connection, "me", but=[job_id]) == 0
        assert await jobs.release_leases(connection) == 1  # as the next start does after a kill
        assert await claim() == 2
        assert await jobs.release_leases(connection, "me") == 1
        assert await claim() == 2


async def test_an_expired_lease_gives_the_job_to_another(database: Database) -> None:
    async with database.write() as connection:
        version = await make_version(connection)
        job_id = await jobs.add(connection, JobKind.INGEST, collection_id=version.collection_id)
        await jobs.claim(connection, Lane.READ, "first", 30)
        assert await jobs.claim(connection, Lane.READ, "second", 30) is None
        await jobs.change(connection, job_id, lease_until=now() - timedelta(seconds=1))
        taken = await jobs.claim(connection, Lane.READ, "second", 30)
        assert taken is not None
        assert await jobs.renew(connection, job_id, "first", 30) is None
        assert await jobs.renew(connection, job_id, "second", 30) is False


async def test_events_are_numbered_without_gaps(database: Database) -> None:
    async with database.write() as connection:
        version = await make_version(connection)
        job_id = await jobs.add(connection, JobKind.INGEST, collection_id=version.collection_id)

    async def tell(number: int) -> None:
        async with database.write() as connection:
            await jobs.add_event(connection, job_id, "progress", {"n": number})

    for number in range(5):
        await tell(number)
    async with database.read() as connection:
        assert [event.number for event in await jobs.events_after(connection, job_id, 2)] == [3, 4, 5, 6]
        with pytest.raises(JobNotFound):
            await jobs.record(connection, new_id())


async def test_turns_are_kept_in_order(database: Database) -> None:
    conversation_id = new_id()
    async with database.write() as connection:
        version = await make_version(connection)
        await conversations.add(connection, conversation_id, version.collection_id, "first")
        for number in range(4):
            await conversations.add_message(
                connection,
                conversation_id,
                new_id(),
                question=f"q{number}",
                standalone=None,
                answer={"answer": str(number)},
            )
        assert [turn.question for turn in await conversations.last_turns(connection, conversation_id, 2)] == [
            "q2",
            "q3",
        ]
        await conversations.remove(connection, conversation_id)
        assert await conversations.messages_of(connection, conversation_id) == ()


async def test_an_idempotency_key_is_forgotten_after_a_day(database: Database) -> None:
    async with database.write() as connection:
        await idempotency.keep(connection, "key", "print", 202, {"documents": []})
        await idempotency.forget_old(connection)
        kept = await idempotency.find(connection, "key", held=60)
        assert kept is not None
        assert (kept.status, kept.body) == (202, {"documents": []})
        await idempotency.forget_old(connection, hours=-1)
        assert await idempotency.find(connection, "key", held=60) is None


async def test_a_failed_write_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await collections.add(connection, "half", embedding_model="m", dimension=4)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.read() as connection:
        assert await collections.names(connection) == []
