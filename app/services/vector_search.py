"""Nearest chunks of a vector: by the index over all, or by an exact scan over the documents that may be seen.

A filter inside an approximate index costs a hundred times what it saves, so there is none: few documents are scanned
in SQL's own vectors, many are picked out of a deeper unfiltered search.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from anyio import to_thread
from numpy.typing import NDArray

from app.db import search
from app.db.session import Database
from app.models.domain import Hit
from app.ports import VectorIndex

Query = NDArray[np.float32]

_CACHE_BYTES = 64 * 1024 * 1024
_NARROW_CHUNKS = 5000
_NARROW_SHARE = 0.1
_MAX_DEPTH = 2000
_INLINE_ROWS = 500
"""Scans of fewer rows cost less than handing them to a thread."""


@dataclass(frozen=True, slots=True)
class _Vectors:
    ids: tuple[str, ...]
    rows: NDArray[np.float16]


class VectorSearch:
    def __init__(self, database: Database, index: VectorIndex, model: str) -> None:
        self._database = database
        self._index = index
        self._model = model
        self._cache: OrderedDict[str, _Vectors] = OrderedDict()
        self._cached_bytes = 0

    async def nearest(
        self, scope: search.Scope, query: Query, k: int, allowed: Sequence[search.LiveDocument] | None
    ) -> list[Hit]:
        """Best first, cosine. Only chunks of `allowed` when given. Raises VectorIndexUnavailable."""
        if allowed is None:
            return await self._index.search(scope.index_id, query, k)
        visible = sum(document.chunks for document in allowed)
        share = visible / max(1, scope.chunks)
        if visible <= _NARROW_CHUNKS or share < _NARROW_SHARE:
            return await self.scan(allowed, query, k)
        return await self._filtered(scope, query, k, allowed, share)

    async def scan(self, among: Sequence[search.LiveDocument], query: Query, k: int) -> list[Hit]:
        """The k nearest chunks of these documents, exactly. Those whose vectors are still being made have none."""
        sets = [await self._vectors(document) for document in among if document.vectors_ready]
        found = [item for item in sets if item.ids]
        if sum(len(item.ids) for item in found) <= _INLINE_ROWS:
            return _scan(found, query, k)
        return await to_thread.run_sync(_scan, found, query, k)

    async def _filtered(
        self, scope: search.Scope, query: Query, k: int, allowed: Sequence[search.LiveDocument], share: float
    ) -> list[Hit]:
        """Out of a deeper search; deeper still once, then by scan, when the filter lets too little through."""
        depth = min(_MAX_DEPTH, int(2 * k / share) + k)
        kept = await self._visible(scope.index_id, query, depth, allowed)
        if len(kept) < k and depth < min(_MAX_DEPTH, scope.chunks):
            kept = await self._visible(scope.index_id, query, _MAX_DEPTH, allowed)
        if len(kept) < k:
            return await self.scan(allowed, query, k)
        return kept[:k]

    async def _visible(
        self, index_id: str, query: Query, depth: int, allowed: Sequence[search.LiveDocument]
    ) -> list[Hit]:
        hits = await self._index.search(index_id, query, depth)
        async with self._database.read() as connection:
            owners = await search.owners(connection, [hit.chunk_id for hit in hits])
        versions: Collection[str] = {document.version_id for document in allowed}
        return [hit for hit in hits if owners.get(hit.chunk_id) in versions]

    async def _vectors(self, document: search.LiveDocument) -> _Vectors:
        """A version's vectors never change, so they are kept once read."""
        if (known := self._cache.get(document.version_id)) is not None:
            self._cache.move_to_end(document.version_id)
            return known
        async with self._database.read() as connection:
            read = _Vectors(*await search.load_vectors(connection, document.version_id, self._model))
        if document.version_id not in self._cache:
            self._cache[document.version_id] = read
            self._cached_bytes += read.rows.nbytes
        while self._cached_bytes > _CACHE_BYTES and len(self._cache) > 1:
            self._cached_bytes -= self._cache.popitem(last=False)[1].rows.nbytes
        return read


def _scan(sets: Sequence[_Vectors], query: Query, k: int) -> list[Hit]:
    hits: list[Hit] = []
    for item in sets:
        scores = item.rows.astype(np.float32) @ query
        count = min(k, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        hits += [Hit(item.ids[i], float(scores[i])) for i in best]
    return sorted(hits, key=lambda hit: -hit.score)[:k]
