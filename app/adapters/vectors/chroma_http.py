"""Chroma as a server of its own (`chroma run`), which several DocuBot processes may share.

Spoken to in its REST interface (version 2; each server shows it at /docs): its own client has no time-outs and, unless
told otherwise, does not check certificates. It knows no users, so it belongs on a private network, or behind a proxy
whose name and password stand in the URL.
"""

from collections.abc import Sequence
from typing import Any

import anyio
import httpx
import numpy as np
import structlog
from numpy.typing import NDArray

from app.adapters.vectors.chroma_layout import (
    CONFIGURATION,
    collection_metadata,
    collection_name,
)
from app.core.errors import VectorIndexUnavailable
from app.models.domain import Hit
from app.ports import Vectors

log = structlog.get_logger(__name__)

_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_PAUSES = (0.05, 0.2)
"""Seconds before each new try of a call that the server failed over: a row deleted under a search, a restart."""
_UPSERT_BATCH = 100
"""Rows a call. More than for the embedded one: here each call costs several fsyncs, and other clients' reads go on."""
_DELETE_BATCH = 500
_IDS_PAGE = 20_000


class ChromaServerIndex:
    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=_TIMEOUT)
        self._collections: dict[str, str] = {}

    async def open(self, index_id: str, dimension: int) -> int:
        collection = await self._create(index_id, dimension)
        if (collection["metadata"] or {}).get("dimension") != dimension:
            await self.drop(index_id)
            collection = await self._create(index_id, dimension)
        self._collections[index_id] = collection["id"]
        return int(await self._call("GET", index_id, "count"))

    async def upsert(self, index_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        for start in range(0, len(chunk_ids), _UPSERT_BATCH):
            batch = slice(start, start + _UPSERT_BATCH)
            rows = vectors[batch].tolist()
            await self._call("POST", index_id, "upsert", {"ids": list(chunk_ids[batch]), "embeddings": rows})

    async def delete(self, index_id: str, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), _DELETE_BATCH):
            batch = list(chunk_ids[start : start + _DELETE_BATCH])
            await self._call("POST", index_id, "delete", {"ids": batch})

    async def search(self, index_id: str, vector: NDArray[np.float32], k: int) -> list[Hit]:
        query = {"query_embeddings": [vector.tolist()], "n_results": k, "include": ["distances"]}
        found = await self._call("POST", index_id, "query", query)
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [Hit(chunk_id, max(-1.0, min(1.0, 1.0 - distance))) for chunk_id, distance in pairs]

    async def ids(self, index_id: str) -> set[str]:
        held: set[str] = set()
        while True:
            page = {"include": [], "limit": _IDS_PAGE, "offset": len(held)}
            found = (await self._call("POST", index_id, "get", page))["ids"]
            held.update(found)
            if len(found) < _IDS_PAGE:
                return held

    async def drop(self, index_id: str) -> None:
        self._collections.pop(index_id, None)
        await self._request("DELETE", f"{_COLLECTIONS}/{collection_name(index_id)}", missing_ok=True)

    async def close(self) -> None:
        await self._http.aclose()

    async def _create(self, index_id: str, dimension: int) -> dict[str, Any]:
        wanted = {
            "name": collection_name(index_id),
            "metadata": collection_metadata(index_id, dimension),
            "configuration": CONFIGURATION,
            "get_or_create": True,
        }
        collection: dict[str, Any] = await self._request("POST", _COLLECTIONS, wanted)
        return collection

    async def _call(self, method: str, index_id: str, verb: str, body: dict[str, Any] | None = None) -> Any:
        if index_id not in self._collections:
            found = await self._request("GET", f"{_COLLECTIONS}/{collection_name(index_id)}")
            self._collections[index_id] = found["id"]
        try:
            return await self._request(method, f"{_COLLECTIONS}/{self._collections[index_id]}/{verb}", body)
        except VectorIndexUnavailable:
            # Another process may have dropped it and made it again, under a new id.
            self._collections.pop(index_id, None)
            raise

    async def _request(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, missing_ok: bool = False
    ) -> Any:
        for pause in (*_PAUSES, None):
            try:
                response = await self._http.request(method, path, json=body)
                if response.status_code < httpx.codes.BAD_REQUEST:
                    return response.json() if response.content else None
                if missing_ok and response.status_code == httpx.codes.NOT_FOUND:
                    return None
                problem = f"{response.status_code}: {response.text[:200]}"
                if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    break
            except httpx.HTTPError as error:
                problem = f"{type(error).__name__}: {error}"
            if pause is not None:
                await anyio.sleep(pause)
        log.warning("vector_index_error", method=method, problem=problem)
        raise VectorIndexUnavailable
