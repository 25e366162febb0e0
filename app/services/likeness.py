"""How near in meaning sentences are to a question: of one in another language words tell nothing, else too little."""

from collections.abc import Iterator
from itertools import zip_longest

import numpy as np

from app.core.errors import EmbeddingsUnavailable
from app.logic.answer_kinds import held
from app.logic.evidence import Evidence, Unit
from app.logic.question import Question
from app.ports import Embedder
from app.services.neutral_questions import NeutralQuestions
from app.services.second_opinion import NONE, SECOND, SecondOpinion

_PASSAGES = 3
"""The best ones: further down the answer hardly stands."""
_CHARACTERS = 3000
"""Of what is compared: a sentence costs some milliseconds, a table's row but one or two."""
_SHORTEST, _LONGEST = 20, 1000
"""Characters that a text costs at least and at most, since of a longer one the beginning is embedded."""


class Likeness:
    """Without an embedder, or while it does not answer, nothing is known of any sentence."""

    def __init__(self, embedder: Embedder | None, second: SecondOpinion = NONE) -> None:
        self._questions = NeutralQuestions(embedder) if embedder else None
        self._second = second

    @property
    def model(self) -> str | None:
        """Of the embeddings."""
        return self._questions.embedder.model if self._questions else None

    async def of(self, evidence: Evidence, question: Question) -> list[float] | None:
        """For each unit of the evidence 0..1, the nearest 1; 0 for those not looked at.

        None where words can tell: question and passages share their language, or one is unknown.
        """
        languages = {passage.language for passage in evidence.passages[:_PASSAGES]}
        if self._questions is None or None in {question.language, *languages} or languages <= {question.language}:
            return None
        looked_at = list(_affordable(evidence, question))
        if not looked_at:
            return None
        texts = [evidence.units[n].text for n in looked_at]
        try:
            asked = await self._questions.embed(question.text)
            cosines = await self._questions.embedder.embed(texts, "sentence") @ asked
        except EmbeddingsUnavailable:
            return None
        second = await self._second.cosines(question.text, languages, texts)
        if second is not None:
            cosines = cosines + SECOND * second
        spread = float(np.ptp(cosines))
        likeness = [0.0] * len(evidence.units)
        for n, cosine in zip(looked_at, cosines, strict=True):
            likeness[n] = float(cosine - cosines.min()) / spread if spread > 0 else 1.0
        return likeness

    async def cosine(self, question: Question, unit: Unit) -> float | None:
        """Of the question and one sentence. Costs what embedding a sentence costs: 5 ms."""
        if self._questions is None:
            return None
        try:
            asked = await self._questions.embedder.embed([question.text], "query")
            said = await self._questions.embedder.embed([unit.text], "sentence")
        except EmbeddingsUnavailable:
            return None
        return float(said[0] @ asked[0])


def _affordable(evidence: Evidence, question: Question) -> Iterator[int]:
    """Places of units: of each of the best passages in turn, those first that hold what the question asks for."""
    places: list[list[int]] = [[] for _ in range(_PASSAGES)]
    for place, unit in enumerate(evidence.units):
        if unit.passage < _PASSAGES:
            places[unit.passage].append(place)
    for own in places:
        own.sort(key=lambda place: -held(evidence.units[place], question))
    left = _CHARACTERS
    for place in (place for nth in zip_longest(*places) for place in nth if place is not None):
        cost = max(_SHORTEST, min(_LONGEST, len(evidence.units[place].text)))
        if cost <= left:
            left -= cost
            yield place
