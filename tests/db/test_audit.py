"""The audit log on both engines: kept with what it tells of, read by filter and page, never changed."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.acting import Actor, acting
from app.core.ids import new_id
from app.db import audit
from app.db.session import Database, now
from app.models.audit import Action, AuditFilter, Outcome
from app.services.audit import AuditService

pytestmark = pytest.mark.anyio
PORTAL = Actor(f"key:{new_id()}", "портал 门户")


async def write(database: Database, *documents: str) -> None:
    with acting(PORTAL):
        async with database.write() as connection:
            for document_id in documents:
                await audit.note(connection, Action.DOCUMENT_CHANGE, collection="हिन्दी", document_id=document_id)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET caller = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
async def test_no_statement_changes_what_was_written(database: Database, statement: str) -> None:
    if database.sqlite and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    await write(database, new_id())
    before = await AuditService(database).list(AuditFilter(), None, 10)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as connection:
            await connection.execute(text(statement))
    assert await AuditService(database).list(AuditFilter(), None, 10) == before
    assert len(before.items) == 1


async def test_an_entry_leaves_with_the_change_that_failed(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await audit.note(connection, Action.COLLECTION_DELETE, collection="half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await AuditService(database).list(AuditFilter(), None, 10)).items == ()


async def test_entries_are_found_by_each_filter(database: Database) -> None:
    document_id, began = new_id(), now()
    await write(database, document_id)
    async with database.write() as connection:
        await audit.note(connection, Action.KEY_REVOKE, Outcome.UNCHANGED, item="k")
    service = AuditService(database)
    second, first = (await service.list(AuditFilter(), None, 10)).items
    assert (first.caller, first.caller_name, first.collection) == (PORTAL.id, PORTAL.name, "हिन्दी")
    assert (second.caller, second.action, second.outcome, second.item) == (
        "docubot",
        Action.KEY_REVOKE,
        Outcome.UNCHANGED,
        "k",
    )
    late = now() + timedelta(seconds=1)
    for wanted, expected in (
        (AuditFilter(document_id=document_id), [first]),
        (AuditFilter(document_id=new_id()), []),
        (AuditFilter(caller=PORTAL.id), [first]),
        (AuditFilter(action=Action.KEY_REVOKE), [second]),
        (AuditFilter(since=began, until=late), [second, first]),
        (AuditFilter(until=first.at), []),
        (AuditFilter(since=late), []),
    ):
        assert list((await service.list(wanted, None, 10)).items) == expected, wanted


async def test_pages_and_export_tell_every_entry_once(database: Database) -> None:
    documents = [new_id() for _ in range(2005)]
    await write(database, *documents)
    service = AuditService(database)
    exported = [entry async for entry in service.export(AuditFilter())]
    assert [entry.document_id for entry in exported] == documents
    paged, cursor = [], None
    while True:
        page = await service.list(AuditFilter(), cursor, 100)
        paged += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert paged == exported[::-1]
