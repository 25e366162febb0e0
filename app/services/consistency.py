"""Whether files, rows and both indexes agree: `docubot check`. Only looks, unless it is asked to repair."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from app.db import chunks as chunk_rows
from app.db import collections as collection_rows
from app.db import jobs as job_rows
from app.db import versions as version_rows
from app.db.session import Database
from app.models.jobs import JobKind
from app.models.records import Collection
from app.ports import BlobStore, KeywordIndex, VectorIndex
from app.services.worker import Worker


@dataclass(frozen=True, slots=True)
class CollectionFindings:
    """What one collection's indexes lack, and what they hold that SQL does not know."""

    name: str
    versions_missing_keywords: int
    versions_orphaned_in_keywords: int
    vectors_missing: int
    vectors_orphaned: int

    @property
    def clean(self) -> bool:
        return not any(value for value in asdict(self).values() if isinstance(value, int))


@dataclass(frozen=True, slots=True)
class Findings:
    files_missing: int
    """Versions' bytes that are not stored: upload those documents again."""
    files_orphaned: int
    collections: tuple[CollectionFindings, ...] = field(default=())

    @property
    def clean(self) -> bool:
        return not self.files_missing and not self.files_orphaned and all(found.clean for found in self.collections)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"clean": self.clean}

    def lines(self) -> Iterator[str]:
        """For people: one line a thing that is compared."""
        yield f"files: {self.files_missing} missing, {self.files_orphaned} orphaned"
        for found in self.collections:
            yield (
                f"collection {found.name}: keywords {found.versions_missing_keywords} missing, "
                f"{found.versions_orphaned_in_keywords} orphaned; vectors {found.vectors_missing} missing, "
                f"{found.vectors_orphaned} orphaned"
            )


class ConsistencyService:
    def __init__(
        self, database: Database, blobs: BlobStore, keywords: KeywordIndex, vectors: VectorIndex, worker: Worker
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._keywords = keywords
        self._vectors = vectors
        self._worker = worker

    async def check(self) -> Findings:
        """Compare everything. Exact while nothing is being ingested; what is under way may look like an orphan."""
        stored = await self._blobs.hashes()
        async with self._database.read() as connection:
            wanted = await version_rows.hashes(connection)
            names = await collection_rows.names(connection)
        found = [await self._check_collection(name) for name in names]
        return Findings(len(wanted - stored), len(stored - wanted), tuple(found))

    async def repair(self) -> Findings:
        """Remove orphaned files, mend both indexes from SQL; returns what a second look finds."""
        stored = await self._blobs.hashes()
        async with self._database.write() as connection:  # keeps uploads of the same bytes out meanwhile
            for sha256 in stored - await version_rows.hashes(connection):
                await self._blobs.delete(sha256)
            names = await collection_rows.names(connection)
        for name in names:
            await self._reindex(name, "refill")
        return await self.check()

    async def rebuild(self, model: str, *, everything: bool = False) -> list[str]:
        """Compute the vectors of collections of another embedding model anew, or of all; returns their names."""
        rebuilt = []
        async with self._database.read() as connection:
            collections = [
                await collection_rows.by_name(connection, name) for name in await collection_rows.names(connection)
            ]
        for collection in collections:
            if everything or collection.embedding_model != model:
                await self._reindex(collection.name, "rebuild")
                rebuilt.append(collection.name)
        return rebuilt

    async def _reindex(self, name: str, what: str) -> None:
        async with self._database.write() as connection:
            collection = await collection_rows.by_name(connection, name)
            job_id = await job_rows.add(
                connection, JobKind.REINDEX, collection_id=collection.id, payload={"what": what}, running=True
            )
        await self._worker.run_now(job_id)

    async def _check_collection(self, name: str) -> CollectionFindings:
        async with self._database.read() as connection:
            collection = await collection_rows.by_name(connection, name)
            versions = await version_rows.of_collection(connection, collection.id, live_only=False)
            wanted: set[str] = set()
            for version in versions:
                if version.vectors_ready:
                    wanted.update(await chunk_rows.ids_of_version(connection, version.id))
        held = await self._held_vectors(collection)
        keywords = await self._keywords.counts(collection.id)
        ready = {
            version.id: version.chunk_count for version in versions if version.keyword_ready and version.chunk_count
        }
        return CollectionFindings(
            name=name,
            versions_missing_keywords=sum(keywords.get(version, 0) != count for version, count in ready.items()),
            versions_orphaned_in_keywords=len(keywords.keys() - {version.id for version in versions}),
            vectors_missing=len(wanted - held),
            vectors_orphaned=len(held - wanted),
        )

    async def _held_vectors(self, collection: Collection) -> set[str]:
        await self._vectors.open(collection.index_id, collection.dimension)
        return await self._vectors.ids(collection.index_id)
