"""A collection of very many chunks, written straight into SQL; the indexes are filled from there as after a loss.

Reading, cutting and storing a million chunks through the front door takes hours, and changes nothing about a search.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Table, insert

from app.bootstrap import open_services
from app.core.ids import new_id
from app.db.migrate import migrate
from app.db.session import Database
from app.models.jobs import DocumentStatus
from app.models.tables import chunk_vectors, chunks, collections, documents, pages, versions
from scripts.benches.ask import QuickEmbedder, text_of
from scripts.benches.corpus import bench_settings

_A_DOCUMENT = 500
_MOMENT = datetime(2026, 1, 1)


async def fill_directly(folder: Path, words: Sequence[str], count: int) -> int:
    """`count` chunks in documents of 500 pages, a chunk each. Returns how many the collection tells."""
    chance, vectors = random.Random(1), np.random.default_rng(1)
    embedder = QuickEmbedder()
    database = Database(f"sqlite+aiosqlite:///{folder / 'docubot.sqlite3'}")
    await migrate(database)
    collection = new_id()
    moments = {"created_at": _MOMENT, "updated_at": _MOMENT}
    model = {"embedding_model": embedder.model, "dimension": embedder.dimension, "index_id": f"c-{collection}"}
    async with database.write() as connection:
        row = {"id": collection, "name": "default", "description": "", "metadata": {}} | model | moments
        await connection.execute(insert(collections).values(row))
    for start in range(0, count, _A_DOCUMENT):
        texts = text_of(chance, words, min(_A_DOCUMENT, count - start)).split("\n\n# ")
        rows = vectors.standard_normal((len(texts), embedder.dimension), dtype=np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        async with database.write() as connection:
            for table, values in _rows(collection, start, texts, rows.astype("<f2"), embedder.model).items():
                await connection.execute(insert(table), values)
    await database.close()
    return await _indexed(folder)


def _rows(
    collection: str, start: int, texts: Sequence[str], vectors: Any, model: str
) -> dict[Table, list[dict[str, Any]]]:
    document, version = new_id(), new_id()
    own = {"version_id": version, "document_id": document, "collection_id": collection}
    named = {"filename": f"text-{start}.md", "media_type": "text/markdown", "title": f"Section {start}"}
    named |= {"language": "en", "collection_id": collection}
    size = sum(map(len, texts))
    rows: dict[Table, list[dict[str, Any]]] = {
        documents: [
            {"id": document, "status": DocumentStatus.READY, "metadata": {}, "live_version_id": version}
            | named
            | {"created_at": _MOMENT, "updated_at": _MOMENT}
        ],
        versions: [
            {"id": version, "document_id": document, "number": 1, "sha256": f"{start:064x}", "bytes": size}
            | {"parser": "text", "page_count": len(texts), "chunk_count": len(texts), "character_count": size}
            | {"keyword_ready": True, "vectors_ready": True, "created_at": _MOMENT}
            | named
        ],
        pages: [],
        chunks: [],
        chunk_vectors: [],
    }
    for number, text in enumerate(texts):
        identity = new_id()
        rows[pages].append({"version_id": version, "number": number + 1, "text": text})
        rows[chunks].append(
            {"id": identity, "ordinal": number, "text": text, "tokens": len(text) // 4, "kind": "text"}
            | {"spans": [[number + 1, 0, len(text)]], "headings": [f"Section {start + number}"]}
            | own
        )
        rows[chunk_vectors].append(
            {"chunk_id": identity, "version_id": version, "model": model, "data": vectors[number].tobytes()}
        )
    return rows


async def _indexed(folder: Path) -> int:
    """The start finds both indexes empty, and a job fills them."""
    async with open_services(bench_settings(folder), QuickEmbedder()) as opened:
        for job in (await opened.jobs.list(None, None, None, None, 10)).items:
            async for _ in opened.jobs.events(job.id):
                pass
        return (await opened.collections.get("default")).chunks
