"""Every vector compared, in memory: the double in tests, and the truth that approximate indexes are measured by."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from anyio import to_thread
from numpy.typing import NDArray

from app.core.errors import VectorIndexUnavailable
from app.logic.similarity import top_k
from app.models.domain import Hit
from app.ports import Vectors


@dataclass(slots=True)
class _Index:
    dimension: int
    rows: dict[str, NDArray[np.float16]] = field(default_factory=dict)


class ExactIndex:
    def __init__(self) -> None:
        self._indexes: dict[str, _Index] = {}

    async def open(self, index_id: str, dimension: int) -> int:
        index = self._indexes.get(index_id)
        if index is None or index.dimension != dimension:
            index = self._indexes[index_id] = _Index(dimension)
        return len(index.rows)

    async def upsert(self, index_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        self._get(index_id).rows.update(zip(chunk_ids, vectors.astype(np.float16), strict=True))

    async def delete(self, index_id: str, chunk_ids: Sequence[str]) -> None:
        rows = self._get(index_id).rows
        for chunk_id in chunk_ids:
            rows.pop(chunk_id, None)

    async def search(self, index_id: str, vector: NDArray[np.float32], k: int) -> list[Hit]:
        rows = dict(self._get(index_id).rows)
        return await to_thread.run_sync(_search, rows, vector, k) if rows else []

    async def ids(self, index_id: str) -> set[str]:
        return set(self._get(index_id).rows)

    async def drop(self, index_id: str) -> None:
        self._indexes.pop(index_id, None)

    async def close(self) -> None:
        self._indexes.clear()

    def _get(self, index_id: str) -> _Index:
        if index_id not in self._indexes:
            raise VectorIndexUnavailable
        return self._indexes[index_id]


def _search(rows: dict[str, NDArray[np.float16]], vector: NDArray[np.float32], k: int) -> list[Hit]:
    ids = list(rows)
    best, scores = top_k(vector, np.stack(list(rows.values())), k)
    return [Hit(ids[row], score) for row, score in zip(best.tolist(), scores.tolist(), strict=True)]
