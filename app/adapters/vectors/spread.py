"""Indexes spread over several Chroma servers by a map that every process computes alike.

Each index goes to the server whose hash together with its name is highest (rendezvous hashing, Thaler and Ravishankar
1996): a server that is added takes its share from all others, and nothing moves between those. What has moved is found
missing by the comparison with SQL, and filled in from there.
"""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.models.domain import Hit
from app.ports import VectorIndex, Vectors


class SpreadIndex:
    """The VectorIndex port over servers by name. The names decide where an index lies: keep them."""

    def __init__(self, servers: Mapping[str, VectorIndex]) -> None:
        self._servers = dict(servers)

    def server_of(self, index_id: str) -> str:
        def rank(name: str) -> bytes:
            return hashlib.sha256(f"{name}\n{index_id}".encode()).digest()

        return max(self._servers, key=rank)

    async def open(self, index_id: str, dimension: int) -> int:
        return await self._of(index_id).open(index_id, dimension)

    async def upsert(self, index_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        await self._of(index_id).upsert(index_id, chunk_ids, vectors)

    async def delete(self, index_id: str, chunk_ids: Sequence[str]) -> None:
        await self._of(index_id).delete(index_id, chunk_ids)

    async def search(self, index_id: str, vector: NDArray[np.float32], k: int) -> list[Hit]:
        return await self._of(index_id).search(index_id, vector, k)

    async def ids(self, index_id: str) -> set[str]:
        return await self._of(index_id).ids(index_id)

    async def drop(self, index_id: str) -> None:
        """From every server: with fewer of them it lay elsewhere."""
        for server in self._servers.values():
            await server.drop(index_id)

    async def close(self) -> None:
        for server in self._servers.values():
            await server.close()

    def _of(self, index_id: str) -> VectorIndex:
        return self._servers[self.server_of(index_id)]
