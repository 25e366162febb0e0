"""Hand back what was running at start, and compare the indexes with SQL, then and while DocuBot serves."""

import asyncio

import structlog

from app.core.clock import WallClock
from app.core.errors import CollectionNotFound, Unavailable, VectorIndexUnavailable
from app.db import collections as collection_rows
from app.db import deliveries
from app.db import jobs as job_rows
from app.db import versions as version_rows
from app.db.session import Database
from app.models.jobs import JobKind, Lane
from app.models.records import Collection
from app.ports import BlobStore, JobQueue, KeywordIndex, VectorIndex

log = structlog.get_logger(__name__)

_LOOK_AGAIN = 30.0  # seconds
_SMALL_JUMP = 5.0
"""Seconds that may be the clock's usual correction."""
_LONGEST_UPLOAD = 3600.0
"""Seconds: of a request with many files the first are stored long before the last have come."""


class RecoveryService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        keywords: KeywordIndex,
        vectors: VectorIndex,
        queue: JobQueue,
        *,
        clock: WallClock | None = None,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock or WallClock()
        self._keywords = keywords
        self._vectors = vectors
        self._queue = queue

    async def recover(self) -> None:
        """Requeue interrupted jobs and compare the indexes once. For the process that owns the data folder: it knows
        that nobody else is running jobs."""
        async with self._database.write() as connection:
            returned = await job_rows.release_leases(connection)
            await deliveries.release(connection)
        if returned:
            log.info("jobs_resumed", jobs=returned)
        await self._drop_unkept(0.0)
        await self.compare()

    async def watch(self) -> None:
        """Go on comparing until cancelled: an index may break, or come back, while DocuBot serves."""
        while True:
            await asyncio.sleep(_LOOK_AGAIN)
            await self.watch_once()

    async def watch_once(self) -> None:
        try:
            await self._follow_clock()
            await self._drop_unkept(_LONGEST_UPLOAD)
            await self.compare()
        except Unavailable as error:  # a full disk, a database that restarts: it is asked again
            log.warning("comparison_put_off", code=error.code)

    async def _follow_clock(self) -> None:
        """When the clock was set back, set back with it what jobs wait for."""
        jump = self._clock.jump()
        if jump > -_SMALL_JUMP:
            return
        async with self._database.write() as connection:
            waiting = await job_rows.set_back(connection, -jump)
        log.warning("clock_set_back", seconds=round(-jump), jobs=waiting)

    async def _drop_unkept(self, age: float) -> None:
        """Remove bytes whose upload ended between being stored and being promised."""
        for sha256 in await self._blobs.unkept(age):
            async with self._database.write() as connection:  # keeps uploads of the same bytes out meanwhile
                if not await version_rows.uses_of(connection, sha256):
                    await self._blobs.delete(sha256)
                await self._blobs.keep(sha256)

    async def compare(self) -> None:
        """Queue a refill for each collection whose indexes do not hold what SQL says, unless one is under way."""
        async with self._database.read() as connection:
            names = await collection_rows.names(connection)
        for name in names:
            try:
                await self._compare(name)
            except CollectionNotFound:  # deleted meanwhile
                continue
            except VectorIndexUnavailable:
                log.warning("vector_index_unavailable", action="keyword search answers; it is asked again")
                return

    async def _compare(self, name: str) -> None:
        async with self._database.read() as connection:
            collection = await collection_rows.by_name(connection, name)
            if await job_rows.under_way(connection, collection.id, JobKind.REINDEX) is not None:
                return
        if await self._whole(collection):
            return
        log.warning("index_incomplete", collection_id=collection.id, action="refill from SQL")
        async with self._database.write() as connection:
            await job_rows.add(
                connection, JobKind.REINDEX, collection_id=collection.id, payload={"what": "refill"}, priority=-5
            )
        await self._queue.notify(Lane.READ)

    async def _whole(self, collection: Collection) -> bool:
        # SQL is asked first: what it calls ready by then is in the indexes by the time that they are asked.
        async with self._database.read() as connection:
            versions = await version_rows.of_collection(connection, collection.id, live_only=False)
        held_vectors = await self._vectors.open(collection.index_id, collection.dimension)
        held_keywords = await self._keywords.counts(collection.id)
        wanted_vectors = sum(version.chunk_count for version in versions if version.vectors_ready)
        wanted_keywords = {v.id: v.chunk_count for v in versions if v.keyword_ready and v.chunk_count}
        # More vectors than wanted are those of an ingestion under way, or of an interrupted one that will resume.
        return held_vectors >= wanted_vectors and wanted_keywords.items() <= held_keywords.items()
