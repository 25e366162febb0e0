"""Indexes from SQL: put back what one lost, or build a collection's vectors anew with the configured model.

The handler of reindex jobs. `payload.what`: "refill" compares both indexes with SQL and mends the difference, with no
call of the embedding model; "rebuild" fills a second vector index and lets it take over in one step.
"""

from contextlib import suppress

from app.core.errors import CollectionNotFound, VectorIndexUnavailable
from app.core.ids import new_id
from app.db import chunks as chunk_rows
from app.db import collections as collection_rows
from app.db import jobs as job_rows
from app.db import versions as version_rows
from app.db.session import Database
from app.db.versions import Version
from app.models.jobs import Job
from app.models.records import Collection
from app.ports import Embedder, KeywordIndex, VectorIndex
from app.services.indexing import Indexer
from app.services.progress import JobProgress


class ReindexService:
    def __init__(
        self, database: Database, indexer: Indexer, embedder: Embedder, keywords: KeywordIndex, vectors: VectorIndex
    ) -> None:
        self._database = database
        self._indexer = indexer
        self._embedder = embedder
        self._keywords = keywords
        self._vectors = vectors

    async def run(self, job: Job, progress: JobProgress) -> bool:
        async with self._database.read() as connection:
            collection = await collection_rows.by_id(connection, job.collection_id)
        if collection is None:
            raise CollectionNotFound
        if job.payload["what"] == "rebuild":
            await self._rebuild(job, collection, progress)
        else:
            await self._refill_keywords(collection, progress)
            await self._refill_vectors(collection, progress)
        return False

    async def undo(self, job: Job) -> None:
        """The index that serves was never touched; what was embedded for the new one is kept for another try."""
        await self._drop_unused(job)

    async def give_up(self, job: Job, code: str, message: str) -> None:
        """Nothing to say elsewhere: the old index goes on serving."""
        await self._drop_unused(job)

    # ------------------------------------------------------------ refill

    async def _refill_keywords(self, collection: Collection, progress: JobProgress) -> None:
        await progress.enter("keyword", 0.0)
        held = await self._keywords.counts(collection.id)
        known = await self._versions(collection)
        gone = held.keys() - {version.id for version in known}
        if gone:
            await self._keywords.remove(collection.id, sorted(gone))
        versions = [version for version in known if version.keyword_ready]
        for number, version in enumerate(versions, start=1):
            if held.get(version.id, 0) != version.chunk_count:
                await self._indexer.put_keywords(version)
            await progress.advance("keyword", 0.5 * number / len(versions), {"documents": number, "of": len(versions)})

    async def _refill_vectors(self, collection: Collection, progress: JobProgress) -> None:
        await progress.enter("vector", 0.5)
        await self._vectors.open(collection.index_id, collection.dimension)
        held = await self._vectors.ids(collection.index_id)
        versions = [version for version in await self._versions(collection) if version.vectors_ready]
        for number, version in enumerate(versions, start=1):
            async with self._database.read() as connection:
                wanted = set(await chunk_rows.ids_of_version(connection, version.id))
            if not wanted <= held:
                await self._indexer.fill_vectors(version, collection.embedding_model, collection.index_id)
            held -= wanted
            share = 0.5 + 0.5 * number / len(versions)
            await progress.advance("vector", share, {"documents": number, "of": len(versions)})
        if held:  # chunks of versions that are being put in at this moment are no orphans
            async with self._database.read() as connection:
                held -= set(await chunk_rows.ids_of_collection(connection, collection.id))
            await self._vectors.delete(collection.index_id, sorted(held))

    # ------------------------------------------------------------ rebuild

    async def _rebuild(self, job: Job, collection: Collection, progress: JobProgress) -> None:
        """Both indexes stand in the job's row: interrupted, it goes on with the same ones, and none is forgotten."""
        model = self._embedder.model
        index_id, old_index_id = await self._indexes(job, collection)
        if collection.index_id != index_id:
            await self._vectors.open(index_id, self._embedder.dimension)
            await self._fill(collection, index_id, progress)
        await self._vectors.drop(old_index_id)
        for version in await self._versions(collection):
            async with self._database.write() as connection:
                await chunk_rows.drop_vectors(connection, version.id, keep_model=model)

    async def _indexes(self, job: Job, collection: Collection) -> tuple[str, str]:
        """The new index and the old one."""
        if "index_id" not in job.payload:
            made = {"index_id": f"c-{new_id()}", "old_index_id": collection.index_id}
            async with self._database.write() as connection:
                await job_rows.change(connection, job.id, payload=dict(job.payload) | made)
            return made["index_id"], made["old_index_id"]
        return job.payload["index_id"], job.payload["old_index_id"]

    async def _drop_unused(self, job: Job) -> None:
        async with self._database.read() as connection:
            now_known = await job_rows.job(connection, job.id)
            collection = await collection_rows.by_id(connection, job.collection_id)
        index_id = now_known.payload.get("index_id")
        if index_id is not None and (collection is None or collection.index_id != index_id):
            with suppress(VectorIndexUnavailable):  # an index that nobody uses harms nobody
                await self._vectors.drop(index_id)

    async def _fill(self, collection: Collection, index_id: str, progress: JobProgress) -> None:
        """Embed what the configured model has not, into the new index, until it has all and has taken over."""
        model = self._embedder.model
        filled: set[str] = set()
        await progress.enter("embed", 0.0)
        while True:
            versions = [version for version in await self._versions(collection) if version.vectors_ready]
            left = [version for version in versions if version.id not in filled]
            for version in left:
                async for _ in self._indexer.embed_missing(version):
                    pass
                await self._indexer.fill_vectors(version, model, index_id)
                filled.add(version.id)
                counts = {"documents": len(filled), "of": len(versions)}
                await progress.advance("embed", 0.95 * len(filled) / len(versions), counts)
            if not left and await self._take_over(collection, index_id, filled):
                return

    async def _take_over(self, collection: Collection, index_id: str, filled: set[str]) -> bool:
        """Let the new index serve, unless a document became ready since it was last looked at."""
        async with self._database.write() as connection:
            versions = await version_rows.of_collection(connection, collection.id, live_only=False)
            if any(version.vectors_ready and version.id not in filled for version in versions):
                return False
            await collection_rows.change(
                connection,
                collection.id,
                embedding_model=self._embedder.model,
                dimension=self._embedder.dimension,
                index_id=index_id,
            )
            return True

    async def _versions(self, collection: Collection) -> list[Version]:
        async with self._database.read() as connection:
            return await version_rows.of_collection(connection, collection.id, live_only=False)
