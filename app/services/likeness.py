"""How near in meaning sentences are to a question: of one in another language words tell nothing, else too little."""

from itertools import islice

import numpy as np

from app.core.errors import EmbeddingsUnavailable
from app.logic.evidence import Evidence, Unit
from app.logic.question import Question
from app.ports import Embedder

_PASSAGES, _SENTENCES = 3, 24
"""Of the best ones: each sentence costs some milliseconds, and further down the answer hardly stands."""


async def likeness_of(embedder: Embedder | None, evidence: Evidence, question: Question) -> list[float] | None:
    """For each unit of the evidence 0..1, the nearest 1; 0 for those not looked at.

    None where words can tell (question and passages share their language, or one is unknown), and without embeddings.
    """
    languages = {passage.language for passage in evidence.passages[:_PASSAGES]}
    if embedder is None or None in {question.language, *languages} or languages <= {question.language}:
        return None
    near = list(islice((n for n, unit in enumerate(evidence.units) if unit.passage < _PASSAGES), _SENTENCES))
    if not near:
        return None
    try:
        asked = await embedder.embed([question.text], "query")
        said = await embedder.embed([evidence.units[n].text for n in near], "sentence")
    except EmbeddingsUnavailable:
        return None
    cosines = said @ asked[0]
    spread = float(np.ptp(cosines))
    likeness = [0.0] * len(evidence.units)
    for n, cosine in zip(near, cosines, strict=True):
        likeness[n] = float(cosine - cosines.min()) / spread if spread else 0.0
    return likeness


async def cosine_of(embedder: Embedder | None, question: Question, unit: Unit) -> float | None:
    """Of the question and one sentence; None without embeddings. Costs what embedding a sentence costs: 5 ms."""
    if embedder is None:
        return None
    try:
        asked = await embedder.embed([question.text], "query")
        said = await embedder.embed([unit.text], "sentence")
    except EmbeddingsUnavailable:
        return None
    return float(said[0] @ asked[0])
