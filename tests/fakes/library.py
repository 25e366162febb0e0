"""A searchable collection without ingestion: documents go straight into SQL and the in-memory indexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, update

from app.adapters.embeddings.hashing import HashingEmbedder
from app.adapters.keywords.memory import MemoryKeywordIndex
from app.adapters.rerank.linear import LinearReranker
from app.core.errors import VectorIndexUnavailable
from app.core.ids import new_id
from app.db.codec import pack_spans
from app.db.migrate import migrate
from app.db.session import Database, now
from app.logic.tokens import analyze
from app.models.domain import Hit, KeywordEntry, Span
from app.models.records import Scalar
from app.models.tables import (
    chunk_vectors,
    chunks,
    collections,
    document_attributes,
    documents,
    pages,
    versions,
)
from app.ports import Reranker, Vectors
from app.services.retriever import Engines, RetrieverService


class ScanIndex:
    """The VectorIndex port over a dictionary; `down` makes it refuse to search."""

    def __init__(self) -> None:
        self.vectors: dict[str, NDArray[np.float32]] = {}
        self.down = False
        self.searched = 0

    async def open(self, index_id: str, dimension: int) -> int:
        return len(self.vectors)

    async def upsert(self, index_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        self.vectors |= dict(zip(chunk_ids, vectors, strict=True))

    async def delete(self, index_id: str, chunk_ids: Sequence[str]) -> None:
        for chunk_id in chunk_ids:
            self.vectors.pop(chunk_id, None)

    async def search(self, index_id: str, vector: NDArray[np.float32], k: int) -> list[Hit]:
        if self.down:
            raise VectorIndexUnavailable
        self.searched += 1
        hits = [Hit(key, float(row @ vector)) for key, row in self.vectors.items()]
        return sorted(hits, key=lambda hit: -hit.score)[:k]

    async def ids(self, index_id: str) -> set[str]:
        return set(self.vectors)

    async def drop(self, index_id: str) -> None:
        self.vectors.clear()

    async def close(self) -> None:
        """Holds nothing."""


@dataclass
class Library:
    """One collection, `default` unless said otherwise, and a retriever over it."""

    database: Database
    embedder: HashingEmbedder = field(default_factory=HashingEmbedder)
    keywords: MemoryKeywordIndex = field(default_factory=MemoryKeywordIndex)
    index: ScanIndex = field(default_factory=ScanIndex)
    collection_id: str = field(default_factory=new_id)

    @classmethod
    async def at(cls, folder: Path) -> "Library":
        database = Database(f"sqlite+aiosqlite:///{folder / 'library.sqlite3'}")
        await migrate(database)
        return cls(database)

    def retriever(
        self, *, top_k: int = 8, score_floor: float = 0.0, second_look: Reranker | None = None
    ) -> RetrieverService:
        engines = Engines(self.embedder, self.keywords, self.index, LinearReranker(), second_look)
        return RetrieverService(self.database, engines, top_k=top_k, score_floor=score_floor)

    async def add_collection(self, name: str = "default", model: str | None = None) -> None:
        values = {
            "id": self.collection_id,
            "name": name,
            "embedding_model": model or self.embedder.model,
            "dimension": self.embedder.dimension,
            "index_id": "index",
            "created_at": now(),
            "updated_at": now(),
        }
        async with self.database.write() as connection:
            await connection.execute(insert(collections).values(**values))

    async def add(
        self,
        filename: str,
        *page_texts: str,
        metadata: Mapping[str, Scalar] | None = None,
        language: str = "en",
        live: bool = True,
        vectors_ready: bool = True,
    ) -> str:
        """One chunk a page. Returns the document's id."""
        document_id, version_id = new_id(), new_id()
        chunk_ids = [new_id() for _ in page_texts]
        vectors = await self.embedder.embed(page_texts, "passage")
        common = {"document_id": document_id, "collection_id": self.collection_id}
        async with self.database.write() as connection:
            await connection.execute(
                insert(documents).values(
                    id=document_id,
                    collection_id=self.collection_id,
                    filename=filename,
                    media_type="application/pdf",
                    status="ready" if vectors_ready else "searchable",
                    language=language,
                    metadata=dict(metadata or {}),
                    live_version_id=version_id if live else None,
                    created_at=now(),
                    updated_at=now(),
                )
            )
            await connection.execute(
                insert(versions).values(
                    id=version_id,
                    **common,
                    number=1,
                    sha256="0" * 64,
                    bytes=1,
                    filename=filename,
                    media_type="application/pdf",
                    page_count=len(page_texts),
                    chunk_count=len(page_texts),
                    vectors_ready=vectors_ready,
                    keyword_ready=True,
                    created_at=now(),
                )
            )
            for number, (chunk_id, text, vector) in enumerate(zip(chunk_ids, page_texts, vectors, strict=True), 1):
                await connection.execute(
                    insert(pages).values(version_id=version_id, number=number, label=f"p{number}", text=text)
                )
                await connection.execute(
                    insert(chunks).values(
                        id=chunk_id,
                        version_id=version_id,
                        **common,
                        ordinal=number - 1,
                        text=text,
                        spans=pack_spans([Span(number, 0, len(text))]),
                        tokens=len(text.split()),
                        kind="text",
                    )
                )
                await connection.execute(
                    insert(chunk_vectors).values(
                        chunk_id=chunk_id,
                        version_id=version_id,
                        model=self.embedder.model,
                        data=vector.astype("<f2").tobytes(),
                    )
                )
            for key, value in (metadata or {}).items():
                kind = "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
                await connection.execute(
                    insert(document_attributes).values(
                        document_id=document_id, collection_id=self.collection_id, key=key, **{kind: value}
                    )
                )
        entries = [
            KeywordEntry(
                chunk_id, version_id, document_id, tuple(analyze(text, language)), tuple(analyze(filename, language))
            )
            for chunk_id, text in zip(chunk_ids, page_texts, strict=True)
        ]
        await self.keywords.replace(self.collection_id, version_id, entries)
        await self.index.upsert("index", chunk_ids, vectors)
        return document_id

    async def change(self, document_id: str, **values: object) -> None:
        """Change the row of a document, as the services do."""
        async with self.database.write() as connection:
            moment = now() + timedelta(microseconds=1)
            statement = update(documents).where(documents.c.id == document_id)
            await connection.execute(statement.values(**values, updated_at=moment))
