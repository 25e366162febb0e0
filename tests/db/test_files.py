"""Files of both kinds in one list, on SQLite and on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import FileNotFound
from app.core.ids import new_id
from app.db import collections, documents, files, versions
from app.db.session import Connection, Database, now
from app.models.jobs import DocumentStatus
from app.models.stores import File, Window

pytestmark = pytest.mark.anyio
NEWEST, OLDEST = Window(), Window(descending=False)


async def add_file(connection: Connection, tenant: str = "red", **values: Any) -> File:
    given = {"filename": "说明书.txt", "media_type": "text/plain", "sha256": "0" * 64, "bytes": 3_000_000_000}
    return await files.add(connection, **{**given, "tenant": tenant, "purpose": "user_data", **values})


async def add_document(connection: Connection, collection: str, *, live: bool = True, **values: Any) -> str:
    """A document with two versions, of 1 and 2 bytes; the first is live."""
    known = await collections.names(connection)
    if collection not in known:
        await collections.add(connection, collection, embedding_model="m", dimension=4)
    collection_id = (await collections.by_name(connection, collection)).id
    document_id = await documents.add(
        connection,
        collection_id=collection_id,
        filename="दस्तावेज़.pdf",
        media_type="application/pdf",
        language=None,
        metadata={},
        **values,
    )
    for number in (1, 2):
        version_id = await versions.add(
            connection,
            document_id=document_id,
            collection_id=collection_id,
            number=number,
            sha256=str(number) * 64,
            bytes=number,
            filename="दस्तावेज़.pdf",
            media_type="application/pdf",
        )
        if live and number == 1:
            await documents.change(connection, document_id, live_version_id=version_id)
    await documents.change(connection, document_id, latest_version=2)
    return document_id


async def ids(connection: Connection, window: Window = OLDEST, **asked: Any) -> list[str]:
    found, _ = await files.listing(connection, window, **{"tenant": None, "names": None, "purpose": None, **asked})
    return [item.id for item in found]


async def test_a_file_comes_back_as_it_went_in(database: Database) -> None:
    async with database.write() as connection:
        made = await add_file(connection, expires_at=now() + timedelta(days=1))
        lasting = await add_file(connection)
        assert await files.by_id(connection, made.id) == made
        assert await files.by_id(connection, lasting.id) == lasting
        with pytest.raises(FileNotFound):
            await files.by_id(connection, new_id())


async def test_a_document_is_a_file_by_its_live_version_or_else_its_latest(database: Database) -> None:
    async with database.write() as connection:
        live = await add_document(connection, "手册")
        waiting = await add_document(connection, "手册", live=False)
        found = await files.by_id(connection, live)
        assert (found.bytes, found.sha256, found.filename) == (1, "1" * 64, "दस्तावेज़.pdf")
        assert (found.tenant, found.collection, found.expires_at, found.purpose) == (None, "手册", None, "assistants")
        assert (await files.by_id(connection, waiting)).bytes == 2
        assert await ids(connection) == [live, waiting]


async def test_a_file_with_documents_is_told_once(database: Database) -> None:
    async with database.write() as connection:
        file = await add_file(connection)
        made = await add_document(connection, "a", file_id=file.id)
        own = await add_document(connection, "b")
        await add_file(connection, id=own, created_at=now())  # as a document that shall outlive its collection is kept
        leaving = await add_document(connection, "a")
        await documents.change(connection, leaving, status=DocumentStatus.DELETING)
        assert sorted(await ids(connection)) == sorted([file.id, own])
        assert (await files.by_id(connection, own)).tenant == "red"
        assert await files.documents_of(connection, file.id) == [(made, "a")]
        assert await files.documents_of(connection, own) == [(own, "b")]
        assert await files.documents_of(connection, leaving) == []


async def test_a_list_is_of_a_tenant_and_of_the_collections_in_reach(database: Database) -> None:
    async with database.write() as connection:
        red, blue = [(await add_file(connection, tenant)).id for tenant in ("red", "blue")]
        near, far = [await add_document(connection, name) for name in ("near", "far")]
        assert await ids(connection) == [red, blue, near, far]
        assert await ids(connection, tenant="red", names=["near", "none"]) == [red, near]
        assert await ids(connection, tenant="red", names=[]) == [red]
        assert await ids(connection, tenant="green", names=["far"]) == [far]
        assert await ids(connection, purpose="user_data") == [red, blue]
        assert await ids(connection, tenant="red", names=["near"], purpose="assistants") == [near]


async def test_windows_of_both_kinds(database: Database) -> None:
    async with database.write() as connection:
        made: list[str] = []
        for number in range(6):
            made.append((await add_file(connection)).id if number % 2 else await add_document(connection, f"c{number}"))

        async def window(**values: Any) -> tuple[list[str], bool]:
            found, more = await files.listing(
                connection, Window(limit=2, **values), tenant=None, names=None, purpose=None
            )
            return [item.id for item in found], more

        assert await window() == (made[:3:-1], True)
        assert await window(descending=False) == (made[:2], True)
        assert await window(descending=False, after=made[3]) == (made[4:], False)
        assert await window(descending=False, before=made[3]) == (made[1:3], True)
        assert await window(before=made[3]) == ([made[5], made[4]], False)


async def test_files_leave_when_their_time_has_come(database: Database) -> None:
    moment = now()
    async with database.write() as connection:
        over = await add_file(connection, expires_at=moment - timedelta(seconds=1))
        await add_file(connection, expires_at=moment + timedelta(hours=1))
        await add_file(connection)
        assert await files.expired(connection, moment) == [over.id]
        await files.remove(connection, over.id)
        assert await files.expired(connection, moment) == []
