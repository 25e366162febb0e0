"""An embedder without a model, for tests and for trying things out: texts that share words or letters are near.

Feature hashing (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning") of words and of their
character bigrams, so that it works in any script. Deterministic, fast, and far worse than a model.
"""

import math
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from app.ports import EmbeddingKind, Vectors

TEXT_CATEGORIES = "LMN"


class HashingEmbedder:
    """Fills the `Embedder` port."""

    max_tokens = 512

    def __init__(self, dimension: int = 384) -> None:
        self.model = f"hashing-{dimension}"
        self.dimension = dimension

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        rows = [self._vector(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    async def close(self) -> None:
        return None

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        vector[0] = 1e-3  # so that a text without a single word has a direction too
        for feature, count in Counter(_features(text)).items():
            code = zlib.crc32(feature.encode("utf-8", "replace"))
            vector[code % self.dimension] += math.copysign(math.sqrt(count), (code >> 16 & 1) - 0.5)
        return vector / np.linalg.norm(vector)


def _features(text: str) -> Iterator[str]:
    for word in _words(text):
        yield word
        yield from (word[start : start + 2] for start in range(len(word) - 1))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c if unicodedata.category(c)[0] in TEXT_CATEGORIES else " " for c in folded).split()
