"""Keyword search on tantivy, embedded: one folder for each collection.

A commit is durable when it returns and a kill leaves the last one; a folder that was damaged or removed is opened
empty, which `counts` shows, so that the caller fills it again from SQL. tantivy releases the GIL while it works, so its
calls run in threads; writes to one collection come one after the other, also where who asked for one was cancelled.
"""

import asyncio
import shutil
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import anyio
from anyio import to_thread

from app.adapters.keywords.tantivy_folder import TantivyFolder
from app.core.errors import StorageUnavailable
from app.models.domain import Hit, KeywordEntry, KeywordQuery

Result = TypeVar("Result")

_WRITERS = 4
"""Collections that keep a writer (15 MB and some threads) ready; the one written to longest ago gives up its own."""


async def _to_its_end(work: Callable[..., Result], *args: object) -> Result:
    """Run `work` in a thread. A thread cannot be stopped: a cancelled caller keeps its lock until it has ended."""
    thread = asyncio.ensure_future(to_thread.run_sync(work, *args))
    cancelled: asyncio.CancelledError | None = None
    while not thread.done():
        try:
            with anyio.CancelScope(shield=True):
                await asyncio.wait([thread])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled from thread.exception()
    return thread.result()


class TantivyKeywordIndex:
    """The KeywordIndex port over `folder/<collection_id>`. One process at a time may write to a folder."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._folders: dict[str, TantivyFolder] = {}
        self._locks: dict[str, anyio.Lock] = {}
        self._writing: OrderedDict[str, None] = OrderedDict()

    async def replace(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        async with self._lock(collection_id):
            folder = await self._open_locked(collection_id)
            await _to_its_end(folder.replace, version_id, entries)
        await self._rest_others(collection_id)

    async def add(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        async with self._lock(collection_id):
            folder = await self._open_locked(collection_id)
            await _to_its_end(folder.add, entries)
        await self._rest_others(collection_id)

    async def remove(self, collection_id: str, version_ids: Sequence[str]) -> None:
        async with self._lock(collection_id):
            folder = await self._open_locked(collection_id)
            await _to_its_end(folder.remove, version_ids)
        await self._rest_others(collection_id)

    async def search(
        self, collection_id: str, query: KeywordQuery, k: int, document_ids: frozenset[str] | None = None
    ) -> list[Hit]:
        if k < 1 or not (query.terms or query.phrases) or (document_ids is not None and not document_ids):
            return []
        folder = await self._open(collection_id)
        return await to_thread.run_sync(folder.search, query, k, document_ids)

    async def counts(self, collection_id: str) -> dict[str, int]:
        folder = await self._open(collection_id)
        return await to_thread.run_sync(folder.counts)

    async def drop(self, collection_id: str) -> None:
        async with self._lock(collection_id):
            if folder := self._folders.pop(collection_id, None):
                await _to_its_end(folder.rest)
            self._writing.pop(collection_id, None)
            await _to_its_end(lambda: shutil.rmtree(self._root / collection_id, ignore_errors=True))

    async def close(self) -> None:
        for collection_id, folder in list(self._folders.items()):
            async with self._lock(collection_id):
                await _to_its_end(folder.rest)
        self._folders.clear()
        self._writing.clear()

    def _lock(self, collection_id: str) -> anyio.Lock:
        return self._locks.setdefault(collection_id, anyio.Lock())

    async def _open(self, collection_id: str) -> TantivyFolder:
        if folder := self._folders.get(collection_id):
            return folder
        async with self._lock(collection_id):
            return await self._open_locked(collection_id)

    async def _open_locked(self, collection_id: str) -> TantivyFolder:
        if collection_id not in self._folders:
            try:
                self._folders[collection_id] = await _to_its_end(TantivyFolder, self._root / collection_id)
            except OSError as error:
                raise StorageUnavailable from error
        return self._folders[collection_id]

    async def _rest_others(self, collection_id: str) -> None:
        self._writing[collection_id] = None
        self._writing.move_to_end(collection_id)
        while len(self._writing) > _WRITERS:
            idle, _ = self._writing.popitem(last=False)
            async with self._lock(idle):
                if folder := self._folders.get(idle):
                    await _to_its_end(folder.rest)
