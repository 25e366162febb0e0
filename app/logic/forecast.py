"""How long a document will take and what its embedding costs, from what was measured and what is configured."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.models.estimates import Estimate

ASSUMED_RATE = 5.0
"""Chunks embedded a second where nothing has been measured yet: the default model on one core."""
_SCAN_SECONDS = 3.0
"""OCR of one page at 200 dpi, on one core: 1.7 to 4 were measured."""
_SCAN_TOKENS = 500
"""Of a page that OCR has yet to read: a page of prose."""
_INDEX_SECONDS = 0.006
"""Of one chunk: cutting it out, and both indexes."""


@dataclass(frozen=True, slots=True)
class Rates:
    """`chunks_a_second` that are embedded; `price` of a million tokens; `chunk_tokens` of the largest chunk."""

    chunks_a_second: float = ASSUMED_RATE
    price: float = 0.0
    chunk_tokens: int = 256


@dataclass(frozen=True, slots=True)
class Embedded:
    """How a finished job embedded: so many chunks between these moments."""

    chunks: int
    began: datetime
    ended: datetime


def measured_rate(jobs: Iterable[Embedded]) -> float:
    """Chunks a second over all these jobs together, so that long ones count most; ASSUMED_RATE without any."""
    chunks = seconds = 0.0
    for job in jobs:
        chunks += job.chunks
        seconds += max(0.0, (job.ended - job.began).total_seconds())
    return chunks / seconds if chunks and seconds > 0 else ASSUMED_RATE


def forecast(read: Estimate, rates: Rates) -> Estimate:
    """`read` is what was counted, with the seconds that reading took; adds what OCR will find, price and time."""
    scanned = read.ocr_pages * _SCAN_TOKENS
    tokens = read.tokens + scanned
    chunks = read.chunks + -(-scanned // rates.chunk_tokens)
    seconds = read.seconds + read.ocr_pages * _SCAN_SECONDS
    seconds += chunks * (1 / rates.chunks_a_second + _INDEX_SECONDS)
    return Estimate(
        pages=read.pages,
        characters=read.characters,
        tokens=tokens,
        chunks=chunks,
        ocr_pages=read.ocr_pages,
        price=round(tokens * rates.price / 1_000_000, 6),
        seconds=round(seconds, 1),
    )
