"""Lists of documents and jobs: right whichever index leads to them, and no dearer in a long list than in a short."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db import documents as rows
from app.db import jobs as job_rows
from app.db.migrate import migrate
from app.db.session import Database
from app.logic.filters import parse_filter
from app.models.jobs import DocumentStatus, JobStatus
from app.models.records import Document
from app.models.tables import documents
from tests.db.many import RARE, SMALL, filled

pytestmark = pytest.mark.anyio

Wire = dict[str, Any]


def eq(key: str, value: Any, kind: str = "eq") -> Wire:
    return {"type": kind, "key": key, "value": value}


def both(*filters: Wire) -> Wire:
    return {"type": "and", "filters": list(filters)}


CASES: list[tuple[Wire | None, Callable[[Document], bool]]] = [
    (None, lambda _: True),
    (eq("department", "board"), lambda d: d.metadata["department"] == "board"),
    (eq("department", "department 3"), lambda d: d.metadata["department"] == "department 3"),
    (eq("department", "nobody"), lambda _: False),
    (eq("confidential", True), lambda d: d.metadata["confidential"] is True),
    (eq("confidential", 1), lambda _: False),
    (eq("year", 2020), lambda d: d.metadata["year"] == 2020),
    (eq("year", 2000, "lt"), lambda d: d.metadata["year"] < 2000),
    (eq("year", 2018, "gte"), lambda d: d.metadata["year"] >= 2018),
    (eq("year", 2018, "ne"), lambda d: d.metadata["year"] != 2018),
    (eq("filename", "5.txt"), lambda d: d.filename == "5.txt"),
    (eq("language", "hi"), lambda d: d.language == "hi"),
    (eq("media_type", "text/plain"), lambda d: d.media_type == "text/plain"),
    (eq("year", [1999, 2016, "2017"], "in"), lambda d: d.metadata["year"] in (1999, 2016)),
    (eq("filename", ["1.txt", "40.pdf"], "in"), lambda d: d.filename in ("1.txt", "40.pdf")),
    (eq("year", list(range(1000, 2000)), "in"), lambda d: d.metadata["year"] == 1999),
    (eq("year", list(range(1000, 2000)), "nin"), lambda d: d.metadata["year"] != 1999),
    (eq("year", [], "in"), lambda _: False),
    (both(eq("department", "board"), eq("year", 2020)), lambda _: False),
    (
        both(eq("year", 2017, "gt"), both(eq("department", "department 3"))),
        lambda d: d.metadata["year"] > 2017 and d.metadata["department"] == "department 3",
    ),
    (
        {"type": "or", "filters": [eq("language", "hi"), eq("year", 2020)]},
        lambda d: d.language == "hi" or d.metadata["year"] == 2020,
    ),
]


async def paged(database: Database, **asked: Any) -> list[Document]:
    """All pages, of 7."""
    found: list[Document] = []
    cursor = None
    async with database.read() as connection:
        while True:
            page = await rows.listing(connection, cursor=cursor, limit=7, **asked)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found


@pytest.mark.parametrize("reach", [None, ("small", "large"), ("small",), ("s*", "nothing"), ("nothing",), ()])
async def test_every_page_has_what_passes_newest_first(database: Database, reach: tuple[str, ...] | None) -> None:
    identities = await filled(database, 60)
    names = {"small": {"small"}, "s*": {"small"}, "large": {"large"}}
    seen = {"small", "large"} if reach is None else set().union(*(names.get(one, set()) for one in reach))
    everything = await paged(database, collection_id=None, status=None, filters=None)
    assert len(everything) == 60 + SMALL
    for collection in (None, *identities):
        for status in (None, DocumentStatus.FAILED):
            for wire, passes in CASES:
                identity = None if collection is None else identities[collection]
                filters = None if wire is None else parse_filter(wire)
                found = await paged(database, collection_id=identity, status=status, filters=filters, reach=reach)
                expected = [
                    document.id
                    for document in everything
                    if document.collection in seen
                    and collection in (None, document.collection)
                    and status in (None, document.status)
                    and passes(document)
                ]
                assert [document.id for document in found] == expected, (collection, status, wire)


async def test_jobs_are_listed_newest_first_by_collection_status_and_document(database: Database) -> None:
    await filled(database, 60)
    nothing: dict[str, Any] = {"collection": None, "status": None, "document_id": None, "cursor": None, "limit": 100}
    async with database.read() as connection:

        async def listed(**asked: Any) -> list[tuple[str, JobStatus]]:
            found = await job_rows.listing(connection, **nothing | asked)
            assert [job.id for job in found.items] == sorted((job.id for job in found.items), reverse=True)
            return [(job.collection, job.status) for job in found.items]

        assert len(await listed()) == 60 + SMALL
        assert await listed(status=JobStatus.FAILED, collection="small") == [("small", JobStatus.FAILED)] * RARE
        assert len(await listed(status=JobStatus.FAILED)) == 2 * RARE
        assert len(await listed(reach=("small", "large"))) == 60 + SMALL
        assert len(await listed(reach=("l*",))) == 60
        assert await listed(reach=("small",), collection="large") == []
        document_id = (await connection.execute(select(documents.c.id).limit(1))).scalar_one()
        assert len(await listed(document_id=document_id)) == 1


async def test_a_page_of_a_long_list_takes_no_more_steps_than_one_of_a_short_list(tmp_path: Path) -> None:
    short, long = [await steps_of_pages(tmp_path / f"{count}.sqlite3", count) for count in (300, 6_000)]
    assert {name: (short[name], steps) for name, steps in long.items() if steps > 1.5 * short[name] + 50} == {}


async def steps_of_pages(path: Path, count: int) -> dict[str, int]:
    """Of SQLite's virtual machine, in hundreds, for each kind of page."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    await migrate(database)
    large = (await filled(database, count))["large"]
    asked: dict[str, dict[str, Any]] = {
        "newest": {"collection_id": large},
        "small": {"reach": ("small",)},
        "failed": {"collection_id": large, "status": DocumentStatus.FAILED},
        "failed anywhere": {"status": DocumentStatus.FAILED},
        **{
            f"{key} {kind} {value}": {"collection_id": large, "filters": parse_filter(eq(key, value, kind))}
            for key, kind, value in (
                ("department", "eq", "board"),
                ("department", "eq", "department 3"),
                ("department", "in", ["board", "department 3"]),
                ("confidential", "eq", True),
                ("year", "eq", 1999),
                ("year", "lt", 2000),
                ("filename", "eq", "5.txt"),
                ("language", "eq", "hi"),
            )
        },
    }
    nothing: dict[str, Any] = {"collection_id": None, "status": None, "filters": None, "cursor": None, "limit": 10}
    steps = {}
    async with database.read() as connection:
        wrapped = await connection.get_raw_connection()
        for name, some in asked.items():
            counted = 0

            def count_on() -> int:
                nonlocal counted
                counted += 1
                return 0

            await wrapped.driver_connection.set_progress_handler(count_on, 100)  # type: ignore[union-attr]
            assert (await rows.listing(connection, **nothing | some)).items, name
            steps[name] = counted
    await database.close()
    return steps
