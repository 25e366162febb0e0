"""Taking things away: a document with all that was derived from it, one version, or a whole collection.

Whoever asks for a deletion makes the thing invisible in SQL first; the rest happens here, and a crash resumes it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.db import chunks as chunk_rows
from app.db import collections as collection_rows
from app.db import documents as document_rows
from app.db import jobs as job_rows
from app.db import translation_memory as memory_rows
from app.db import translations as translation_rows
from app.db import versions as version_rows
from app.db.session import Database
from app.models.jobs import DocumentStatus, Job
from app.ports import BlobStore, KeywordIndex, VectorIndex
from app.services.progress import JobProgress


class DeletionService:
    """The handler of delete jobs. `payload.what`: document, collection, version, or index (a version's entries)."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        keywords: KeywordIndex,
        vectors: VectorIndex,
        *,
        forget: Callable[[str], int] = lambda collection_id: 0,
    ) -> None:
        """`forget` drops the answers kept of a collection, and tells how many."""
        self._forget = forget
        self._database = database
        self._blobs = blobs
        self._keywords = keywords
        self._vectors = vectors

    # ------------------------------------------------------------ as a job

    async def run(self, job: Job, progress: JobProgress) -> bool:
        if job.payload["what"] == "collection":
            await self._collection(job)
        elif job.payload["what"] == "document":
            assert job.document_id is not None  # noqa: S101 - such jobs are made with one
            receipt = await self._document(job.collection_id, job.document_id)
            async with self._database.write() as connection:
                await job_rows.change(connection, job.id, payload=dict(job.payload) | {"receipt": receipt})
        else:
            assert job.version_id is not None  # noqa: S101 - as above
            await self._unindex(job.collection_id, [job.version_id])
            if job.payload["what"] == "version":
                await self._drop_version(job.version_id)
        return False

    async def undo(self, job: Job) -> None:
        """A deletion cannot be cancelled."""

    async def give_up(self, job: Job, code: str, message: str) -> None:
        """What could not be removed stays invisible; `check` names it."""

    # ------------------------------------------------------------ parts

    async def _collection(self, job: Job) -> None:
        """What was in it when its deletion was asked for; a document uploaded since then keeps the collection."""
        async with self._database.read() as connection:
            leaving = await document_rows.ids_of_collection(connection, job.collection_id, DocumentStatus.DELETING)
        for document_id in leaving:
            await self._document(job.collection_id, document_id)
        async with self._database.write() as connection:
            if await document_rows.ids_of_collection(connection, job.collection_id):
                return
            await collection_rows.remove(connection, job.collection_id)
        await self._keywords.drop(job.collection_id)
        await self._vectors.drop(job.payload["index_id"])

    async def _document(self, collection_id: str, document_id: str) -> Mapping[str, Any]:
        async with self._database.read() as connection:
            versions = await version_rows.of_document(connection, document_id)
            ids = [version.id for version in versions]
            counts = await chunk_rows.counts_by_version(connection, ids)
            vectors = await chunk_rows.count_vectors(connection, ids)
            translated = await translation_rows.hashes_of_document(connection, document_id)
        await self._unindex(collection_id, ids)
        async with self._database.write() as connection:
            translations = await translation_rows.count_of_document(connection, document_id)
            translations += await memory_rows.forget_document(connection, document_id)
            await document_rows.remove(connection, document_id)
        files = 0
        for sha256 in {version.sha256 for version in versions} | translated:
            files += await self._drop_file(sha256)
        return {
            "versions": len(versions),
            "files": files,
            "pages": sum(version.page_count for version in versions),
            "chunks": sum(counts.values()),
            "vectors": vectors,
            "translations": translations,
            "cached_answers": self._forget(collection_id),
            "keyword_rows": sum(counts.get(version.id, 0) for version in versions if version.keyword_ready),
        }

    async def _unindex(self, collection_id: str, version_ids: list[str]) -> None:
        async with self._database.write() as connection:
            for version_id in version_ids:  # first: what SQL says is indexed is put back at the next start
                await version_rows.change(connection, version_id, keyword_ready=False, vectors_ready=False)
            collection = await collection_rows.by_id(connection, collection_id)
            made = [await chunk_rows.ids_of_version(connection, version_id) for version_id in version_ids]
        await self._keywords.remove(collection_id, version_ids)
        if collection is not None:
            await self._vectors.open(collection.index_id, collection.dimension)
            for ids in made:
                await self._vectors.delete(collection.index_id, ids)

    async def _drop_version(self, version_id: str) -> None:
        async with self._database.write() as connection:
            version = await version_rows.find(connection, version_id)
            await version_rows.remove(connection, version_id)
        if version is not None:  # else it went with its document
            await self._drop_file(version.sha256)

    async def _drop_file(self, sha256: str) -> int:
        """Remove stored bytes unless another version has them too; the lock keeps uploads of the same bytes out."""
        async with self._database.write() as connection:
            if await version_rows.uses_of(connection, sha256) or not await self._blobs.exists(sha256):
                return 0
            await self._blobs.delete(sha256)
            return 1
