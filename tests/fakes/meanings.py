"""Models that know two meanings: what is asked for, and all else."""

from collections.abc import Sequence

import numpy as np

from app.ports import EmbeddingKind, Vectors


class Meanings:
    """The Embedder port. Texts that hold one of `telling` point one way, all others another; their cosine is 0.6."""

    model, dimension, max_tokens = "meanings", 2, 512

    def __init__(self, *telling: str, error: Exception | None = None) -> None:
        self._telling = telling
        self._error = error
        self.embedded: list[str] = []

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if self._error:
            raise self._error
        self.embedded += texts
        rows = [(1.0, 0.0) if any(word in text for word in self._telling) else (0.6, 0.8) for text in texts]
        return np.array(rows, dtype=np.float32)

    async def close(self) -> None:
        """Holds nothing."""


class Encoder:
    """The Embedder port of a second model: texts with `telling` are near to any question, all others are not."""

    model, dimension, max_tokens = "encoder", 2, 512

    def __init__(self, telling: str, error: Exception | None = None) -> None:
        self._telling, self._error = telling, error
        self.encoded: list[str] = []

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if self._error:
            raise self._error
        self.encoded += texts
        near = [n == 0 or self._telling in text for n, text in enumerate(texts)]
        return np.array([(1.0, 0.0) if is_near else (0.0, 1.0) for is_near in near], np.float32)

    async def close(self) -> None:
        """Holds nothing."""
