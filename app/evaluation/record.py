"""A whole run as one JSON object: what was asked of what, under which settings, and every figure."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.config import Settings
from app.core.version import current_version
from app.evaluation.results import Answered, Change, Results
from app.evaluation.runner import Read
from app.evaluation.runs import FORMAT, digest_of, packed

_SHOWN = (
    "embedding_model",
    "top_k",
    "score_floor",
    "chunk_tokens",
    "pdf_parser",
    "llm_model",
    "llm_max_tokens",
    "llm_context_tokens",
)
"""Settings that answers depend on; none is a secret or an address."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    dataset: str
    mode: str
    settings: Settings
    documents: tuple[Read, ...]
    seconds: float


def settings_of(settings: Settings) -> dict[str, Any]:
    """Those in force that answers depend on."""
    values = settings.model_dump(mode="json", include=set(_SHOWN))
    return {name: values[name] for name in _SHOWN if settings.llm_configured or not name.startswith("llm_")}


def record(
    id_: str, circumstances: Circumstances, answered: Sequence[Answered], found: Results, changed: Sequence[Change] = ()
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": id_,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": current_version(),
        "python": platform.python_version(),
        "mode": circumstances.mode,
        "settings": settings_of(circumstances.settings),
        "seconds": round(circumstances.seconds, 1),
        "dataset": {
            "name": circumstances.dataset,
            "cases": len(answered),
            "sha256": digest_of([case for case, _ in answered]),
        },
        "documents": [asdict(document) for document in circumstances.documents],
        "figures": asdict(found),
        "changes": [
            {
                "measure": change.measure.name,
                "before": change.before,
                "after": change.after,
                **asdict(change.difference),
                "p": change.p,
                "verdict": change.verdict,
            }
            for change in changed
        ],
        "cases": [{"case": packed(case), "outcome": asdict(outcome)} for case, outcome in answered],
    }
