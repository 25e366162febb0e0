"""A retriever over what was ingested before, with a reranker of one's own: for the scripts that learn weights."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.adapters.keywords.tantivy_index import TantivyKeywordIndex
from app.adapters.vectors.chroma import ChromaIndex
from app.db import collections
from app.db.session import Database
from app.ports import Embedder, Reranker
from app.services.retriever import Engines, RetrieverService
from scripts.benches.corpus import bench_settings


@asynccontextmanager
async def searching(folder: Path, embedder: Embedder, reranker: Reranker) -> AsyncIterator[RetrieverService]:
    """Its indexes are open: until they are, searches are answered by keywords alone."""
    database = Database(bench_settings(folder).effective_database_url)
    keywords, vectors = TantivyKeywordIndex(folder / "keyword"), ChromaIndex(folder / "chroma")
    async with database.read() as connection:
        found = [await collections.by_name(connection, name) for name in await collections.names(connection)]
    try:
        for collection in found:
            await vectors.open(collection.index_id, collection.dimension)
        yield RetrieverService(database, Engines(embedder, keywords, vectors, reranker), top_k=8, score_floor=0.0)
    finally:
        for opened in (keywords, vectors, database):
            await opened.close()
