"""An `Embedder` around another that remembers the vectors of recent texts of one kind: questions, as a rule."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.ports import Embedder, EmbeddingKind, Vectors

REMEMBERED = 2048


class RememberingEmbedder:
    """Keeps at most `size` vectors (1.5 KB each at 384 numbers); the least recently asked goes first."""

    def __init__(
        self,
        embedder: Embedder,
        size: int = REMEMBERED,
        kind: EmbeddingKind = "query",
        observe: Callable[[int, int], None] = lambda hits, misses: None,
    ) -> None:
        """`observe` is told of each call's hits and misses."""
        self._observe = observe
        self._embedder = embedder
        self._size = size
        self._kind = kind
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @property
    def model(self) -> str:
        return self._embedder.model

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if kind != self._kind or not texts:
            return await self._embedder.embed(texts, kind)
        found = {text: self._known[text] for text in texts if text in self._known}
        unknown = [text for text in dict.fromkeys(texts) if text not in found]
        self._observe(len(found), len(unknown))
        if unknown:
            found.update(zip(unknown, await self._embedder.embed(unknown, kind), strict=True))
        for text, vector in found.items():
            self._known[text] = vector
            self._known.move_to_end(text)
        while len(self._known) > self._size:
            self._known.popitem(last=False)
        return np.stack([found[text] for text in texts])

    async def close(self) -> None:
        await self._embedder.close()
