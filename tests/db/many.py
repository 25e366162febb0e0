"""Many rows: two collections of documents with metadata, versions and jobs; what is rare is among the oldest."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert

from app.core.ids import new_id
from app.db.session import Database
from app.models.jobs import DocumentStatus, JobKind, JobStatus, Lane
from app.models.tables import collections, document_attributes, documents, jobs, versions

RARE = 12
"""So many of the oldest are failed, in Hindi, text files, confidential, of the department "board" and of 1999."""
SMALL = 15
"""Documents of the small collection, older than all others."""
_AT_ONCE = 1_000
_MOMENT = datetime(2026, 1, 1)  # UTC, as all that is stored

Rows = dict[Table, list[dict[str, Any]]]


async def filled(database: Database, count: int) -> dict[str, str]:
    """Adds `count` documents to the collection "large" and SMALL to "small"; returns the ids of both by name."""
    identities = {name: new_id() for name in ("large", "small")}
    async with database.write() as connection:
        shared = {"description": "", "metadata": {}, "created_at": _MOMENT, "updated_at": _MOMENT}
        for name, identity in identities.items():
            model = {"embedding_model": "none", "dimension": 1, "index_id": new_id()}
            await connection.execute(insert(collections).values(id=identity, name=name, **shared, **model))
        for rows in _portions(identities, count):
            for table, values in rows.items():
                await connection.execute(insert(table), values)
    return identities


def _portions(identities: dict[str, str], count: int) -> Iterator[Rows]:
    numbered = [("small", number) for number in range(SMALL)] + [("large", number) for number in range(count)]
    for start in range(0, len(numbered), _AT_ONCE):
        rows: Rows = {documents: [], versions: [], document_attributes: [], jobs: []}
        for name, number in numbered[start : start + _AT_ONCE]:
            _add(rows, name, identities[name], number)
        yield rows


def _add(rows: Rows, collection: str, collection_id: str, number: int) -> None:
    rare = number < RARE
    document_id, version_id = new_id(), new_id()
    metadata: dict[str, Any] = {
        "department": "board" if rare else f"department {number % 5}",
        "year": 1999 if rare else 2015 + number % 10,
        "confidential": rare,
    }
    common = {"collection_id": collection_id, "created_at": _MOMENT}
    named = {"filename": f"{number}.txt" if rare else f"{number}.pdf"}
    named["media_type"] = "text/plain" if rare else "application/pdf"
    named["language"] = "hi" if rare else "en"
    status = DocumentStatus.FAILED if rare else DocumentStatus.READY
    own = {"id": document_id, "status": status, "metadata": metadata, "updated_at": _MOMENT, "latest_version": 1}
    rows[documents].append(common | named | own)
    version = {"id": version_id, "document_id": document_id, "number": 1, "sha256": f"{number:064x}", "bytes": 1000}
    rows[versions].append(common | named | version)
    for key, value in metadata.items():
        kinds = {"text": None, "number": None, "flag": None}
        kinds["flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"] = value
        rows[document_attributes].append(
            {"document_id": document_id, "collection_id": collection_id, "key": key} | kinds
        )
    job = {"id": new_id(), "kind": JobKind.INGEST, "collection": collection, "document_id": document_id}
    job |= {"version_id": version_id, "lane": Lane.READ, "run_after": _MOMENT, "updated_at": _MOMENT}
    job["status"] = JobStatus.FAILED if rare else JobStatus.SUCCEEDED
    rows[jobs].append(common | job)
