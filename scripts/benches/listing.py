"""How a page of documents or jobs slows down from 1,000 to 100,000 documents, on SQLite and on PostgreSQL.

`scripts/bench listing [DOCUMENTS ...]`. Each page is asked for in the middle of the list or where it is hardest: what
is rare is among the oldest. Prints medians in milliseconds for each size and how many times the last is the first.
PostgreSQL is left out where none answers at TEST_POSTGRES.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import select, text

from app.db import documents, jobs
from app.db.migrate import migrate
from app.db.session import Database
from app.logic.filters import parse_filter
from app.models import tables
from app.models.jobs import DocumentStatus, JobStatus
from app.models.records import Listing
from tests.db.many import filled
from tests.postgres import POSTGRES, fresh_database

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 25

Page = Callable[[Any], Awaitable[Listing[Any]]]


def where(key: str, value: Any, kind: str = "eq") -> Any:
    return {"type": kind, "key": key, "value": value}


def pages(collection_id: str, middle: str) -> dict[str, Page]:
    def of_documents(wire: Any = None, **options: Any) -> Page:
        nothing: dict[str, Any] = {"collection_id": None, "status": None, "cursor": None, "limit": 20}
        asked = nothing | options | {"filters": None if wire is None else parse_filter(wire)}
        return lambda connection: documents.listing(connection, **asked)

    def of_jobs(**options: Any) -> Page:
        nothing: dict[str, Any] = {"collection": None, "status": None, "document_id": None, "cursor": None, "limit": 20}
        return lambda connection: jobs.listing(connection, **nothing | options)

    def within(wire: Any = None, **options: Any) -> Page:
        return of_documents(wire, collection_id=collection_id, **options)

    return {
        "newest": within(),
        "in the middle": within(cursor=middle),
        "of every collection": of_documents(),
        "of a small collection": of_documents(reach=("small",)),
        "of two collections": of_documents(reach=("small", "large"), cursor=middle),
        "status, rare": within(status=DocumentStatus.FAILED),
        "status, rare, everywhere": of_documents(status=DocumentStatus.FAILED),
        "text, common": within(where("department", "department 3"), cursor=middle),
        "text, rare": within(where("department", "board")),
        "number, rare": within(where("year", 1999)),
        "flag, rare": within(where("confidential", True)),
        "file name": within(where("filename", "5.txt")),
        "language, rare": within(where("language", "hi")),
        "any of two": within(where("department", ["board", "department 1"], "in")),
        "two filters": within({"type": "and", "filters": [where("department", "board"), where("year", 1999)]}),
        "range, common": within(where("year", 2020, "gte"), cursor=middle),
        "range, rare": within(where("year", 2000, "lt")),
        "jobs": of_jobs(collection="large", cursor=middle),
        "jobs, failed": of_jobs(status=JobStatus.FAILED),
        "jobs, failed, of one collection": of_jobs(collection="large", status=JobStatus.FAILED),
    }


async def measured(url: str, count: int) -> dict[str, float]:
    """Milliseconds, medians."""
    database = Database(url)
    try:
        await migrate(database)
        identities = await filled(database, count)
        if not database.sqlite:  # as autovacuum would a little later
            async with database.write() as connection:
                await connection.execute(text("ANALYZE"))
        async with database.read() as connection:
            newest = select(tables.documents.c.id).where(tables.documents.c.collection_id == identities["large"])
            in_order = newest.order_by(tables.documents.c.id.desc()).offset(count // 2).limit(1)
            middle = (await connection.execute(in_order)).scalar_one()
        spent = {}
        for name, page in pages(identities["large"], middle).items():
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                async with database.read() as connection:
                    if not (await page(connection)).items:
                        raise SystemExit(f"{name}: an empty page")
                times.append((time.perf_counter() - began) * 1000)
            spent[name] = statistics.median(times)
        return spent
    finally:
        await database.close()


async def on_sqlite(count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="docubot-bench-") as folder:
        return await measured(f"sqlite+aiosqlite:///{Path(folder) / 'docubot.sqlite3'}", count)


async def on_postgres(count: int) -> dict[str, float]:
    async with fresh_database() as url:
        return await measured(url, count)


def show(title: str, sizes: list[int], columns: list[dict[str, float]]) -> None:
    print(f"\n{title:34}" + "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>10}")
    for name in columns[0]:
        values = [column[name] for column in columns]
        print(f"{name:34}" + "".join(f"{value:12.2f}" for value in values) + f"{values[-1] / values[0]:9.2f}x")


async def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or list(SIZES)
    show("SQLite", sizes, [await on_sqlite(size) for size in sizes])
    try:
        await (await asyncpg.connect(POSTGRES, timeout=5)).close()
    except OSError as error:
        print(f"\nPostgreSQL does not answer at TEST_POSTGRES: {error}")
        return
    show("PostgreSQL", sizes, [await on_postgres(size) for size in sizes])


if __name__ == "__main__":
    asyncio.run(main())
