"""What we ask of embedded Chroma, in plain calls; runs in the Chroma process only.

Chroma gets ids and vectors, nothing else: documents and metadata in it cost 70% more and are SQL's matter, and `where`
in a query costs hundreds of times the query. No embedding function is ever set, so nothing is downloaded.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings
from chromadb.errors import InternalError, NotFoundError
from numpy.typing import NDArray

from app.adapters.vectors.chroma_layout import CONFIGURATION, collection_metadata, collection_name

_PAUSES = (0.02, 0.1)
"""Seconds before each new try of a call that met one of Chroma's races, such as a row deleted under a search."""
_SAMPLE, _NEAR = 16, 8
_SAME = 1e-3
"""Cosine distance up to which a vector found is the vector sought."""
T = TypeVar("T")


class ChromaStore:
    def __init__(self, folder: Path) -> None:
        self._client = Client(
            settings=Settings(persist_directory=str(folder), is_persistent=True, anonymized_telemetry=False)
        )
        self._collections: dict[str, Collection] = {}

    def close(self) -> None:
        self._client.close()

    # ------------------------------------------------------------ whole collections

    def open(self, index_id: str, dimension: int) -> int:
        name = collection_name(index_id)
        metadata = collection_metadata(index_id, dimension)
        collection = self._create(name, metadata)
        if (collection.metadata or {}).get("dimension") != dimension:
            self.remove(name)
            collection = self._create(name, metadata)
        self._collections[index_id] = collection
        return _retried(collection.count)

    def drop(self, index_id: str) -> None:
        self._collections.pop(index_id, None)
        self.remove(collection_name(index_id))

    def names(self) -> list[str]:
        return sorted(collection.name for collection in self._client.list_collections())

    def remove(self, name: str) -> None:
        try:
            self._client.delete_collection(name)
        except NotFoundError:
            return

    def check(self, name: str) -> None:
        """Raises when the collection cannot be read, or does not find its own vectors; may bring the process down."""
        collection = self._client.get_collection(name, embedding_function=None)
        if not collection.count():
            return
        rows = collection.get(limit=_SAMPLE, include=["embeddings"])
        found = collection.query(query_embeddings=rows["embeddings"], n_results=_NEAR, include=["distances"])
        distances = [min(row, default=1.0) for row in found["distances"] or []]
        # The search is approximate: among many vectors that are much alike, a sound index too misses one now and then.
        if sum(distance <= _SAME for distance in distances) <= len(distances) / 2:
            raise LookupError("it does not find its own vectors")

    def _create(self, name: str, metadata: dict[str, str | int]) -> Collection:
        return self._client.get_or_create_collection(
            name,
            configuration=cast(CreateCollectionConfiguration, CONFIGURATION),
            metadata=metadata,
            embedding_function=None,
        )

    # ------------------------------------------------------------ vectors

    def upsert(self, index_id: str, ids: list[str], vectors: NDArray[np.float32]) -> None:
        collection = self._collection(index_id)
        new = self._changed(collection, ids, vectors)
        if new:
            collection.upsert(ids=[ids[row] for row in new], embeddings=vectors[new])

    def delete(self, index_id: str, ids: list[str]) -> None:
        self._collection(index_id).delete(ids=ids)

    def search(self, index_id: str, vector: NDArray[np.float32], k: int) -> tuple[list[str], NDArray[np.float32]]:
        """Ids, best first, and their cosine similarities."""
        collection = self._collection(index_id)
        found = _retried(lambda: collection.query(query_embeddings=vector[None], n_results=k, include=["distances"]))
        distances = (found["distances"] or [[]])[0]
        return found["ids"][0], np.clip(1.0 - np.asarray(distances, dtype=np.float32), -1.0, 1.0)

    def ids(self, index_id: str) -> list[str]:
        collection = self._collection(index_id)
        return _retried(lambda: collection.get(include=[]))["ids"]

    def _collection(self, index_id: str) -> Collection:
        if index_id not in self._collections:
            self._collections[index_id] = self._client.get_collection(
                collection_name(index_id), embedding_function=None
            )
        return self._collections[index_id]

    def _changed(self, collection: Collection, ids: Sequence[str], vectors: NDArray[np.float32]) -> list[int]:
        """Rows that the collection does not hold yet: writing one again takes ten times as long as a new one, and
        a job that is resumed repeats many."""
        held = _retried(lambda: collection.get(ids=list(ids), include=["embeddings"]))
        if not held["ids"]:
            return list(range(len(ids)))
        known = dict(zip(held["ids"], np.asarray(held["embeddings"]), strict=True))
        return [
            row
            for row, chunk_id in enumerate(ids)
            if chunk_id not in known or 1.0 - float(known[chunk_id] @ vectors[row]) > _SAME
        ]


def _retried(call: Callable[[], T]) -> T:
    for pause in _PAUSES:
        try:
            return call()
        except InternalError:
            time.sleep(pause)
    return call()
