from collections.abc import Sequence

import numpy as np
import pytest

from app.adapters.embeddings.hashing import HashingEmbedder
from app.adapters.embeddings.remembering import RememberingEmbedder
from app.ports import EmbeddingKind, Vectors

pytestmark = pytest.mark.anyio


class Counting(HashingEmbedder):
    def __init__(self) -> None:
        super().__init__(64)
        self.asked: list[list[str]] = []
        self.closed = False

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        self.asked.append(list(texts))
        return await super().embed(texts, kind)

    async def close(self) -> None:
        self.closed = True


async def test_only_new_questions_reach_the_model() -> None:
    inner = Counting()
    embedder = RememberingEmbedder(inner)
    await embedder.embed(["量子", "b", "b"], "query")
    rows = await embedder.embed(["b", "c", "量子"], "query")
    await embedder.embed(["量子"], "query")
    assert inner.asked == [["量子", "b"], ["c"]]
    assert np.array_equal(rows, await HashingEmbedder(64).embed(["b", "c", "量子"], "query"))


async def test_the_least_recently_asked_is_forgotten() -> None:
    inner = Counting()
    embedder = RememberingEmbedder(inner, size=2)
    for text in ["a", "b", "a", "c", "a", "b"]:
        await embedder.embed([text], "query")
    assert inner.asked == [["a"], ["b"], ["c"], ["b"]]


async def test_passages_pass_through() -> None:
    inner = Counting()
    embedder = RememberingEmbedder(inner)
    await embedder.embed(["a"], "passage")
    await embedder.embed(["a"], "passage")
    assert inner.asked == [["a"], ["a"]]
    assert (await embedder.embed([], "query")).shape == (0, 64)


async def test_sentences_are_remembered_by_one_that_is_told_to() -> None:
    inner = Counting()
    embedder = RememberingEmbedder(RememberingEmbedder(inner), kind="passage")
    for kind in ("passage", "passage", "query", "query"):
        await embedder.embed(["वाक्य"], kind)  # type: ignore[arg-type]
    assert inner.asked == [["वाक्य"], ["वाक्य"]]


async def test_it_looks_like_what_it_wraps() -> None:
    inner = Counting()
    embedder = RememberingEmbedder(inner)
    assert (embedder.model, embedder.dimension, embedder.max_tokens) == (inner.model, 64, inner.max_tokens)
    await embedder.close()
    assert inner.closed
