"""Vector stores of OpenAI's wire: collections by another name, with a term after which their files leave."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.core.errors import (
    CollectionNotAllowed,
    CollectionNotFound,
    JobNotFound,
    VectorStoreExpired,
    VectorStoreNotFound,
)
from app.db import audit as audit_rows
from app.db import collections as collection_rows
from app.db import stores as rows
from app.db.session import Connection, Database, now
from app.logic.storenames import candidates
from app.models.access import Caller
from app.models.audit import Action
from app.models.domain import Passage
from app.models.records import Collection
from app.models.requests import SearchRequest
from app.models.stores import FileCounts, VectorStore, Window
from app.services.collections import CollectionService
from app.services.files import reachable
from app.services.jobs import JobService
from app.services.retriever import RetrieverService
from app.services.standalone import StandaloneService

_DELETION_SECONDS = 30.0
_TOUCH_AFTER = timedelta(minutes=1)
"""`last_active_at` is written at most once in it: a search should not wait for a transaction."""


@dataclass(frozen=True, slots=True)
class Searched:
    queries: tuple[str, ...]
    """As they were searched for."""
    passages: tuple[Passage, ...]


class VectorStoreService:
    def __init__(
        self,
        database: Database,
        collections: CollectionService,
        jobs: JobService,
        retriever: RetrieverService,
        standalone: StandaloneService,
    ) -> None:
        self._database = database
        self._collections = collections
        self._jobs = jobs
        self._retriever = retriever
        self._standalone = standalone

    async def create(
        self, caller: Caller, name: str | None, metadata: Mapping[str, Any], expires_days: int | None
    ) -> VectorStore:
        """A new collection: of that name, or of one like it when it is taken or cannot be a collection's.

        Raises CollectionNotAllowed when the caller's reach has no such name.
        """
        async with self._database.write() as connection:
            taken = set(await collection_rows.names(connection))
            chosen = next(item for item in candidates(name) if item not in taken)
            if not caller.may(chosen):
                raise CollectionNotAllowed
            made = await self._collections.ensure(connection, chosen)
            await collection_rows.change(
                connection,
                made.id,
                metadata=dict(metadata),
                label=name if name not in (None, chosen) else None,
                expires_days=expires_days,
                last_active_at=now(),
            )
            return await self._store(connection, made.id)

    async def get(self, caller: Caller, store_id: str) -> VectorStore:
        """Raises VectorStoreNotFound."""
        async with self._database.read() as connection:
            return await self.visible(connection, caller, store_id)

    async def visible(self, connection: Connection, caller: Caller, store_id: str) -> VectorStore:
        """Raises VectorStoreNotFound, for a collection out of reach as well."""
        found = await self._store(connection, store_id)
        if not caller.may(found.collection.name):
            raise VectorStoreNotFound
        return found

    async def usable(self, caller: Caller, store_id: str) -> VectorStore:
        """The store, which counts as used. Raises VectorStoreNotFound, VectorStoreExpired."""
        found = await self.get(caller, store_id)
        moment = now()
        if found.expires_at is not None and found.expires_at <= moment:
            raise VectorStoreExpired
        if found.active_at < moment - _TOUCH_AFTER:
            async with self._database.write() as connection:
                await rows.touch(connection, found.collection.id, moment)
        return found

    async def list(self, caller: Caller, window: Window) -> tuple[list[VectorStore], bool]:
        async with self._database.read() as connection:
            found, more = await rows.listing(connection, window, await reachable(connection, caller))
            counts = await rows.counts(connection, [item.id for item in found])
        return [VectorStore(item, counts.get(item.id, FileCounts())) for item in found], more

    async def update(self, caller: Caller, store_id: str, changes: Mapping[str, Any]) -> VectorStore:
        """`changes`: of `name`, `metadata` and `expires_days`, those that are given. The collection keeps its name."""
        async with self._database.write() as connection:
            found = await self.visible(connection, caller, store_id)
            values = dict(changes)
            if "name" in values:
                name = values.pop("name")
                values["label"] = None if name == found.collection.name else name
            await collection_rows.change(connection, store_id, **values)
            await rows.touch(connection, store_id, now())
            await audit_rows.note(connection, Action.COLLECTION_CHANGE, collection=found.collection.name)
            return await self._store(connection, store_id)

    async def delete(self, caller: Caller, store_id: str) -> None:
        """Gone on return, its documents with it; files that stand by themselves stay. Raises VectorStoreNotFound."""
        found = await self.get(caller, store_id)
        try:
            job = await self._collections.delete(found.collection.name)
        except CollectionNotFound:
            raise VectorStoreNotFound from None
        with suppress(JobNotFound, TimeoutError):  # it leaves with its collection; what is slow goes on behind
            async with asyncio.timeout(_DELETION_SECONDS):
                async for _ in self._jobs.events(job.id):
                    pass

    async def search(
        self, caller: Caller, store_id: str, queries: Sequence[str], how: SearchRequest, *, rewrite: bool = False
    ) -> "Searched":
        """Passages of all queries, best first, each chunk once. `how`: everything but question and collection.

        `rewrite`: search for what the language model makes of them.
        """
        store = await self.usable(caller, store_id)
        if rewrite:
            queries = await asyncio.gather(*(self._standalone.search_query(query) for query in queries))
        best: dict[str, Passage] = {}
        for query in queries:
            request = SearchRequest(
                query,
                store.collection.name,
                filters=how.filters,
                top_k=how.top_k,
                keyword_weight=how.keyword_weight,
                score_floor=how.score_floor,
            )
            for passage in (await self._retriever.search(request)).passages:
                known = best.get(passage.chunk_id)
                if known is None or passage.score > known.score:
                    best[passage.chunk_id] = passage
        return Searched(tuple(queries), tuple(sorted(best.values(), key=lambda item: -item.score)[: how.top_k]))

    async def expired(self, moment: datetime) -> Sequence[Collection]:
        """Those whose term is over and which still hold documents."""
        async with self._database.read() as connection:
            found = await rows.expiring(connection)
        stores = [VectorStore(item, FileCounts()) for item in found]
        return [store.collection for store in stores if store.expires_at is not None and store.expires_at <= moment]

    async def _store(self, connection: Connection, store_id: str) -> VectorStore:
        found = await collection_rows.by_id(connection, store_id)
        if found is None:
            raise VectorStoreNotFound
        counts = await rows.counts(connection, [store_id])
        return VectorStore(found, counts.get(store_id, FileCounts()))
