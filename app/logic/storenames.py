"""Names of collections for vector stores, whose names may be anything, and the same twice."""

import unicodedata
from collections.abc import Iterator

LONGEST = 100
"""Characters of a collection's name."""
_UNNAMED = "vector store"


def candidates(name: str | None) -> Iterator[str]:
    """Names to try in turn, the likest first: without slashes and control characters, then numbered from 2."""
    text = "".join(" " if c in "/\\" or unicodedata.category(c) == "Cc" else c for c in name or "")
    base = " ".join(text.split())[:LONGEST].strip()
    if base in ("", ".", ".."):
        base = _UNNAMED
    yield base
    number = 2
    while True:
        ending = f" {number}"
        yield base[: LONGEST - len(ending)].rstrip() + ending
        number += 1
