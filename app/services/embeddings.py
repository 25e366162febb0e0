"""Embeddings for clients: the model that collections are searched with, one batch a call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.errors import Unprocessable
from app.ports import Embedder, Vectors

MAX_TEXTS = 2048


@dataclass(frozen=True, slots=True)
class Embedded:
    vectors: Vectors
    tokens: int


class EmbeddingService:
    def __init__(self, embedder: Embedder, count_tokens: Callable[[str], int]) -> None:
        self._embedder = embedder
        self._count_tokens = count_tokens

    @property
    def model(self) -> str:
        return self._embedder.model

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> Embedded:
        """Vectors, shape (len(texts), dimension), rows of unit length. A text is never cut: one that is too long raises
        Unprocessable, as do empty ones and more than 2,048. Raises EmbeddingsUnavailable."""
        if not 1 <= len(texts) <= MAX_TEXTS:
            raise _wrong(("input",), f"1 to {MAX_TEXTS} texts")
        counts = [self._count_tokens(text) for text in texts]
        for index, (text, count) in enumerate(zip(texts, counts, strict=True)):
            if not text.strip():
                raise _wrong(("input", index), "must not be blank")
            if count > self._embedder.max_tokens:
                raise _wrong(("input", index), f"has {count} tokens; the model reads {self._embedder.max_tokens}")
        return Embedded(await self._embedder.embed(texts, kind), sum(counts))


def _wrong(location: tuple[str | int, ...], message: str) -> Unprocessable:
    return Unprocessable(errors=[{"loc": ["body", *location], "msg": message, "type": "value_error"}])
