"""How our vectors lie in Chroma, embedded or served: names, and parameters of HNSW."""

import hashlib
from typing import Any

CONFIGURATION: dict[str, Any] = {
    "hnsw": {
        "space": "cosine",
        # Recall@10 is .956 at half a million vectors with the default of 100, and 1.0 here, for twice the time (4 ms).
        # It counts from creation only: a later change is not read before the next start.
        "ef_search": 400,
        # The defaults, written down: an index built with others would have to be built again.
        "ef_construction": 100,
        "max_neighbors": 16,
        # Vectors between two writes of the whole index to disk. Fewer: each write (1.7 kB a vector) stops searches
        # more often. More: those since the last one are put in again, .5 to 1 ms each, at the next start.
        "sync_threshold": 1000,
    }
}


def collection_name(index_id: str) -> str:
    """A name that Chroma allows and that no other user of a shared server has."""
    return f"docubot-{hashlib.sha256(index_id.encode()).hexdigest()[:32]}"


def collection_metadata(index_id: str, dimension: int) -> dict[str, str | int]:
    return {"index_id": index_id, "dimension": dimension}
