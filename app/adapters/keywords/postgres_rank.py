"""BM25 of the candidates that PostgreSQL found: Robertson and Zaragoza 2009, k1 and b as tantivy has them."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.db.keyword_index import Candidate
from app.models.domain import Hit

_K1, _B = 1.2, 0.75
_BYTES = 5
"""Of a word: four of its hash and one of its count."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word, or a phrase, with its weight and the number (from 0) of its field."""

    word: str
    weight: float
    field: int


def packed(counts: Mapping[str, int]) -> bytes:
    """All hashes, then all counts."""
    hashes = np.array([_hash(word) for word in counts], np.dtype("<u4"))
    return hashes.tobytes() + bytes(min(count, 255) for count in counts.values())


def ranked(
    found: Sequence[Candidate], words: Sequence[Weighed], phrases: Sequence[Weighed], means: Sequence[float], k: int
) -> list[Hit]:
    """The k best, best first; `phrases` as each candidate tells whether it has them."""
    if not found:
        return []
    sizes = [len(candidate.counts) // _BYTES for candidate in found]
    hashes = np.concatenate(
        [np.frombuffer(candidate.counts, "<u4", size) for candidate, size in zip(found, sizes, strict=True)]
    )
    counts = np.frombuffer(
        b"".join(candidate.counts[4 * size :] for candidate, size in zip(found, sizes, strict=True)), np.uint8
    )
    owners = np.repeat(np.arange(len(found)), sizes)
    lengths = np.array([candidate.lengths for candidate in found], np.float64)
    norms = _K1 * (1 - _B + _B * lengths / np.maximum(np.array(means), 0.01))
    scores = np.zeros(len(found))
    for part in words:
        where = np.flatnonzero(hashes == _hash(part.word))
        who, often = owners[where], counts[where].astype(np.float64)
        scores[who] += part.weight * often * (_K1 + 1) / (often + norms[who, part.field])
    if phrases:
        having = np.array([candidate.phrases for candidate in found], np.float64)
        for number, part in enumerate(phrases):
            scores += part.weight * having[:, number] * (_K1 + 1) / (1 + norms[:, part.field])
    best = np.lexsort((np.array([candidate.chunk_id for candidate in found]), -scores))[:k]
    return [Hit(found[i].chunk_id, float(scores[i])) for i in best if scores[i] > 0]


def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
