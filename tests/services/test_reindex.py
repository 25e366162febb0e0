"""Another embedding model: the vectors are made anew while the old index serves, and a break costs nothing twice."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.adapters.embeddings.hashing import HashingEmbedder
from app.adapters.keywords.memory import MemoryKeywordIndex
from app.adapters.vectors.exact import ExactIndex
from app.models.jobs import JobStatus
from app.models.requests import SearchRequest
from app.ports import EmbeddingKind, Vectors
from tests.services.kit import Kit, open_kit

pytestmark = pytest.mark.anyio
LIGHTS = ("The first lighthouse burns oil.", "The second lighthouse burns gas.", "The third lighthouse is dark.")


class Gated(HashingEmbedder):
    """Another model, which embeds as many passages as it is let."""

    def __init__(self, passages: int) -> None:
        super().__init__(dimension=64)
        self.free = asyncio.Semaphore(passages)
        self.embedded: list[str] = []

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if kind == "passage":
            await self.free.acquire()
            self.embedded += texts
        return await super().embed(texts, kind)


class Watched(ExactIndex):
    """Knows which indexes there are."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    async def open(self, index_id: str, dimension: int) -> int:
        self.names.add(index_id)
        return await super().open(index_id, dimension)

    async def drop(self, index_id: str) -> None:
        self.names.discard(index_id)
        await super().drop(index_id)


async def until_embedded(embedder: Gated, count: int) -> None:
    async with asyncio.timeout(20):
        while len(embedder.embedded) < count:
            await asyncio.sleep(0.01)


async def found(kit: Kit) -> int:
    return len((await kit.retriever.search(SearchRequest("lighthouse burns"))).passages)


async def held(vectors: ExactIndex, index_id: str, dimension: int) -> int:
    return await vectors.open(index_id, dimension)


async def test_interrupted_it_goes_on_with_what_it_had_and_leaves_one_index(tmp_path: Path) -> None:
    keywords, vectors = MemoryKeywordIndex(), Watched()
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        for number, text in enumerate(LIGHTS):
            await kit.ingested(text.encode(), f"{number}.txt")
        old = (await kit.collections.get("default")).index_id
    first = Gated(passages=1)
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors, embedder=first) as kit:
        job = await kit.collections.reindex("default")
        await until_embedded(first, 1)
        assert (await kit.collections.get("default")).index_id == old
        assert await held(vectors, old, 384) == 3
    second = Gated(passages=100)
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors, embedder=second) as kit:
        assert (await kit.ended(job.id)).status is JobStatus.SUCCEEDED
        assert len(second.embedded) == 2
        collection = await kit.collections.get("default")
        assert (collection.embedding_model, collection.dimension) == ("hashing-64", 64)
        assert vectors.names == {collection.index_id}
        assert await held(vectors, collection.index_id, 64) == 3
        assert await found(kit) == 3


async def test_cancelled_it_leaves_the_old_index_alone(tmp_path: Path) -> None:
    keywords, vectors = MemoryKeywordIndex(), Watched()
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        for number, text in enumerate(LIGHTS):
            await kit.ingested(text.encode(), f"{number}.txt")
        before = await kit.collections.get("default")
    embedder = Gated(passages=1)
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors, embedder=embedder) as kit:
        job = await kit.collections.reindex("default")
        await until_embedded(embedder, 1)
        assert (await kit.jobs.cancel(job.id)).status is JobStatus.CANCELLED
        after = await kit.collections.get("default")
        assert (after.index_id, after.embedding_model) == (before.index_id, before.embedding_model)
        assert await held(vectors, before.index_id, 384) == 3
        assert vectors.names == {before.index_id}


async def test_made_anew_with_the_same_model_the_old_index_serves_until_the_new_one_is_whole(tmp_path: Path) -> None:
    vectors = Watched()
    async with open_kit(tmp_path, vectors=vectors) as kit:
        for number, text in enumerate(LIGHTS):
            await kit.ingested(text.encode(), f"{number}.txt")
        before = await kit.collections.get("default")
        job = await kit.collections.reindex("default")
        while not (await kit.jobs.get(job.id)).status.final:
            assert await found(kit) == 3
        after = await kit.collections.get("default")
        assert after.index_id != before.index_id
        assert vectors.names == {after.index_id}
        assert await found(kit) == 3
