"""Collections: made by name, stamped with the embedding model, deleted and rebuilt by jobs."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import CollectionExists, CollectionNotFound, EmbeddingMismatch
from app.db import audit as audit_rows
from app.db import collections as rows
from app.db import documents as document_rows
from app.db import jobs as job_rows
from app.db.session import Connection, Database
from app.models.access import Reach
from app.models.audit import Action, Outcome
from app.models.jobs import DocumentStatus, JobKind, Lane
from app.models.records import Collection, JobRecord, Listing
from app.ports import Embedder, JobQueue

DEFAULT = "default"


class CollectionService:
    def __init__(self, database: Database, embedder: Embedder, queue: JobQueue) -> None:
        self._database = database
        self._embedder = embedder
        self._queue = queue

    async def list(self, cursor: str | None, limit: int, reach: Reach = None) -> Listing[Collection]:
        """By name; the cursor is the last name seen."""
        async with self._database.read() as connection:
            return await rows.listing(connection, cursor, limit, reach)

    async def get(self, name: str) -> Collection:
        """Raises CollectionNotFound."""
        async with self._database.read() as connection:
            return await rows.by_name(connection, name)

    async def create(self, name: str, description: str, metadata: Mapping[str, Any]) -> Collection:
        """Raises CollectionExists."""
        async with self._database.write() as connection:
            try:
                await rows.by_name(connection, name)
            except CollectionNotFound:
                return await self._add(connection, name, description, metadata)
            raise CollectionExists

    async def update(self, name: str, description: str | None, metadata: Mapping[str, Any] | None) -> Collection:
        """Change what is given. Raises CollectionNotFound."""
        async with self._database.write() as connection:
            found = await rows.by_name(connection, name)
            values: dict[str, Any] = {}
            if description is not None:
                values["description"] = description
            if metadata is not None:
                values["metadata"] = dict(metadata)
            await rows.change(connection, found.id, **values)
            await audit_rows.note(connection, Action.COLLECTION_CHANGE, collection=name)
            return await rows.by_name(connection, name)

    async def delete(self, name: str) -> JobRecord:
        """Its documents vanish at once, what they left is removed by the returned job. Raises CollectionNotFound."""
        async with self._database.write() as connection:
            found = await rows.by_name(connection, name)
            for document_id in await document_rows.ids_of_collection(connection, found.id):
                await document_rows.change(
                    connection, document_id, status=DocumentStatus.DELETING, live_version_id=None
                )
            job_id = await job_rows.add(
                connection,
                JobKind.DELETE,
                collection_id=found.id,
                payload={"what": "collection", "index_id": found.index_id},
            )
            await audit_rows.note(connection, Action.COLLECTION_DELETE, Outcome.QUEUED, collection=name, item=job_id)
            record = await job_rows.record(connection, job_id)
        await self._queue.notify(Lane.READ)
        return record

    async def reindex(self, name: str) -> JobRecord:
        """Rebuild its vectors with the configured embedding model. Raises CollectionNotFound."""
        async with self._database.write() as connection:
            found = await rows.by_name(connection, name)
            running = await job_rows.under_way(connection, found.id, JobKind.REINDEX)
            if running is not None and running.payload["what"] == "rebuild":
                await audit_rows.note(
                    connection, Action.COLLECTION_REINDEX, Outcome.UNCHANGED, collection=name, item=running.id
                )
                return await job_rows.record(connection, running.id)
            job_id = await job_rows.add(
                connection, JobKind.REINDEX, collection_id=found.id, payload={"what": "rebuild"}, lane=Lane.EMBED
            )
            await audit_rows.note(connection, Action.COLLECTION_REINDEX, Outcome.QUEUED, collection=name, item=job_id)
            record = await job_rows.record(connection, job_id)
        await self._queue.notify(Lane.EMBED)
        return record

    async def ensure(self, connection: Connection, name: str) -> Collection:
        """The collection of this name, made when it is new. Raises EmbeddingMismatch when it takes no new documents."""
        try:
            found = await rows.by_name(connection, name)
        except CollectionNotFound:
            return await self._add(connection, name, "", {})
        if found.embedding_model != self._embedder.model:
            raise EmbeddingMismatch
        return found

    async def _add(
        self, connection: Connection, name: str, description: str, metadata: Mapping[str, Any]
    ) -> Collection:
        await audit_rows.note(connection, Action.COLLECTION_CREATE, collection=name)
        return await rows.add(
            connection,
            name,
            embedding_model=self._embedder.model,
            dimension=self._embedder.dimension,
            description=description,
            metadata=metadata,
        )
