"""Puts one version into the indexes: keywords, embeddings into SQL, vectors out of SQL. Each step is idempotent."""

from collections.abc import AsyncGenerator
from functools import partial

from app.db import chunks as chunk_rows
from app.db.session import Database
from app.db.versions import Version
from app.models.domain import KeywordEntry
from app.models.records import StoredChunk
from app.ports import Compute, Embedder, KeywordIndex, VectorIndex, Vectors
from app.services import analysis
from app.services.windowed import windowed

_CHUNKS_A_BATCH = 32
_ENTRIES_A_CALL = 200
"""Chunks whose tokens come back at once: unpacking those of 2,000 would hold the GIL for a tenth of a second."""
_CHUNKS_A_PORTION = 2000
"""Chunks that are put in at once: more fill the memory, and fewer cost a commit each."""
_EMBEDDED_AT_ONCE = 2048
_BATCHES_AHEAD = 3  # embedding goes on while a batch is stored


class Indexer:
    """What ingestion and reindexing share."""

    def __init__(
        self, database: Database, compute: Compute, embedder: Embedder, keywords: KeywordIndex, vectors: VectorIndex
    ) -> None:
        self._database = database
        self._compute = compute
        self._embedder = embedder
        self._keywords = keywords
        self._vectors = vectors

    async def put_keywords(self, version: Version) -> None:
        """Make the keyword index hold this version as SQL has it; in portions, so that a long one fills no memory."""
        context = analysis.EntryContext(
            version.id, version.document_id, version.title, version.filename, version.language
        )
        put, last = self._keywords.replace, -1
        while True:
            async with self._database.read() as connection:
                chunks = await chunk_rows.after(connection, version.id, last, limit=_CHUNKS_A_PORTION)
            entries: list[KeywordEntry] = []
            for start in range(0, len(chunks), _ENTRIES_A_CALL):
                entries += await self._compute.run(analysis.entries, chunks[start : start + _ENTRIES_A_CALL], context)
            if entries or last < 0:
                await put(version.collection_id, version.id, entries)
            if len(chunks) < _CHUNKS_A_PORTION:
                return
            put, last = self._keywords.add, chunks[-1].ordinal

    async def embed_missing(self, version: Version) -> AsyncGenerator[int, None]:
        """Embed into SQL what the configured model has not embedded yet; yields how many chunks have vectors so far."""
        model = self._embedder.model
        async with self._database.read() as connection:
            done = await chunk_rows.count_embedded(connection, version.id, model)
        while waiting := await self._waiting(version, model):
            batches = [waiting[start : start + _CHUNKS_A_BATCH] for start in range(0, len(waiting), _CHUNKS_A_BATCH)]
            calls = [partial(self._embed, version, some) for some in batches]
            async for ids, vectors in windowed(calls, _BATCHES_AHEAD):
                async with self._database.write(alone=False) as connection:
                    await chunk_rows.add_vectors(connection, version.id, model, ids, vectors)
                done += len(ids)
                yield done

    async def _waiting(self, version: Version, model: str) -> list[StoredChunk]:
        async with self._database.read() as connection:
            return await chunk_rows.without_vector(connection, version.id, model, limit=_EMBEDDED_AT_ONCE)

    async def _embed(self, version: Version, batch: list[StoredChunk]) -> tuple[list[str], Vectors]:
        texts = analysis.embedding_texts(batch, version.title, version.filename)
        return [chunk.id for chunk in batch], await self._embedder.embed(texts, "passage")

    async def fill_vectors(self, version: Version, model: str, index_id: str) -> None:
        """Copy a version's vectors from SQL into a vector index, which is made when it is new."""
        async with self._database.read() as connection:
            async for ids, vectors in chunk_rows.vectors_of_version(connection, version.id, model):
                await self._vectors.open(index_id, vectors.shape[1])
                await self._vectors.upsert(index_id, ids, vectors)
