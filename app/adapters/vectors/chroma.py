"""Chroma embedded, in a process of its own.

Chroma holds Python's GIL for the whole of an upsert (40 to 200 ms for a hundred vectors), and a damaged file of its
own can bring its process down or hang it. In a process of its own neither reaches those who ask: the event loop goes
on, and what brought it down is removed and filled again from SQL.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from anyio import to_thread
from numpy.typing import NDArray

from app.adapters.vectors.chroma_child import ChromaChild
from app.models.domain import Hit
from app.ports import Vectors

_UPSERT_BATCH = 20
"""Rows a call. Chroma searches only between calls, and a row takes it .5 to 1 ms."""
_DELETE_BATCH = 200
"""Ids a call, for the same reason: 80 microseconds each."""
_SLICE = 10_000


class ChromaIndex:
    """`folder` belongs to one process at a time. Searching an index that was not opened raises
    VectorIndexUnavailable, and so does one that broke while it was open: open it again, and fill what it lacks."""

    def __init__(self, folder: Path, *, longest_call: float = 120.0) -> None:
        """`longest_call` in seconds: one that takes longer hangs, and the process with it; it is killed."""
        self._child = ChromaChild(folder, longest_call)

    async def open(self, index_id: str, dimension: int) -> int:
        return int((await self._child.call("open", index_id, dimension)).head["result"])

    async def upsert(self, index_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        for start in range(0, len(chunk_ids), _UPSERT_BATCH):
            batch = slice(start, start + _UPSERT_BATCH)
            rows = np.ascontiguousarray(vectors[batch], dtype=np.float32)
            await self._child.call("upsert", index_id, list(chunk_ids[batch]), body=rows.tobytes())

    async def delete(self, index_id: str, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), _DELETE_BATCH):
            await self._child.call("delete", index_id, list(chunk_ids[start : start + _DELETE_BATCH]))

    async def search(self, index_id: str, vector: NDArray[np.float32], k: int) -> list[Hit]:
        query = np.ascontiguousarray(vector, dtype=np.float32)
        # Keyword search answers meanwhile: better a poorer answer now than this one after the start.
        reply = await self._child.call("search", index_id, k, body=query.tobytes(), patient=False)
        scores = np.frombuffer(reply.body, dtype=np.float32).tolist()
        return [Hit(chunk_id, score) for chunk_id, score in zip(reply.head["result"], scores, strict=True)]

    async def ids(self, index_id: str) -> set[str]:
        reply = await self._child.call("ids", index_id)
        return await to_thread.run_sync(_lines, reply.body)

    async def drop(self, index_id: str) -> None:
        await self._child.call("drop", index_id)

    async def close(self) -> None:
        await self._child.close()


def _lines(text: bytes) -> set[str]:
    """In slices: one call over half a million ids would hold the GIL too long."""
    lines = text.decode().split("\n") if text else []
    found: set[str] = set()
    for start in range(0, len(lines), _SLICE):
        found.update(lines[start : start + _SLICE])
    return found
