"""Which quotes stand behind an answer: the server picks and checks them, whatever the model says of its sources."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.logic.evidence import Evidence, Unit
from app.logic.excerpts import excerpt
from app.logic.grounding import Claim, Match, Weighing
from app.logic.quotes import Quote, cut, find_quote
from app.models.citations import Citation
from app.models.domain import Box, Passage

_QUOTED = re.compile(r"[\"“„«「『]([^\"“”„«»「」『』]{8,})[\"”“»」』]")
CLEAR = 0.6
"""Support from which on a sentence without a marker is given the passage that says it."""
WEAK = 0.25
"""Support below which a model's own marker is doubted."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One numbered quote of an answer. `verified` is "none" when the quote stands on its page, but nothing in the
    passage that the model named says what the sentence says."""

    number: int
    passage: int
    quote: Quote
    score: float


class Citer:
    """Numbers the quotes of one answer in the order in which they are first needed."""

    def __init__(self, evidence: Evidence, language: str | None = None) -> None:
        self.evidence = evidence
        self.cited: list[Cited] = []
        self._language = language
        self._units: dict[int, tuple[Unit, ...]] = {}

    def cite(self, sentence: str, passages: Iterable[int]) -> list[int]:
        """Numbers for a sentence whose model named these passages (1-based). Those that do not exist are passed over.

        A passage that does not say it gives way to one that clearly does.
        """
        claim = Claim(sentence, self._language)
        weighing = Weighing(self.evidence, claim)
        numbers = []
        for passage in passages:
            if 1 <= passage <= len(self.evidence.passages):
                match = weighing.best(passage - 1)
                if match is not None and match.score < WEAK:
                    match = weighing.clearest(CLEAR) or match
                numbers += self._numbered(claim, match)
        return list(dict.fromkeys(numbers))

    def attribute(self, sentence: str) -> list[int]:
        """Numbers for a sentence whose model named nothing: one passage's, if it clearly says it."""
        claim = Claim(sentence, self._language)
        if not claim.terms(None) and not claim.numbers:
            return []
        match = Weighing(self.evidence, claim).clearest(CLEAR)
        return [] if match is None else self._numbered(claim, match)

    def support(self, sentence: str, numbers: Iterable[int]) -> float:
        """0..1: how far the quotes of these numbers together say what the sentence says; without any, how far any
        passage does."""
        weighing = Weighing(self.evidence, Claim(sentence, self._language))
        units = [unit for number in numbers for unit in self._units[number]]
        if units:
            return weighing.support(units)
        match = weighing.clearest()
        return match.score if match is not None else 0.0

    def _numbered(self, claim: Claim, match: Match | None) -> list[int]:
        quote = None if match is None else quote_of(self.evidence, claim, match)
        if match is None or quote is None:
            return []
        passage = match.units[0].passage
        for known in self.cited:
            if (known.passage, known.quote.start, known.quote.end) == (passage, quote.start, quote.end):
                return [known.number]
        self.cited.append(Cited(len(self.cited) + 1, passage, quote, match.score))
        self._units[len(self.cited)] = match.units
        return [len(self.cited)]


def quote_of(evidence: Evidence, claim: Claim, match: Match) -> Quote | None:
    """The verbatim stretch to show for a match: what the sentence itself puts in quotation marks, if it stands there,
    else the matching sentence or row."""
    passage = evidence.passages[match.units[0].passage]
    for quoted in _QUOTED.findall(claim.text):
        found = find_quote(passage, quoted)
        if found is not None:
            return found
    start, end = excerpt(match.units, claim.terms(passage.language), passage.language)
    return cut(passage, start, end, "exact" if match.score >= WEAK else "none")


def citation(cited: Cited, passage: Passage, boxes: Sequence[Box], answer: tuple[int, int]) -> Citation:
    """The value that goes to clients; `answer` is where the sentence that it supports stands in the answer's text."""
    quote = cited.quote
    locator = passage.locators.get(quote.page, passage.locator)
    paged = locator is None or locator.kind == "page"
    return Citation(
        number=cited.number,
        document_id=passage.document_id,
        version=passage.version,
        filename=passage.filename,
        page=quote.page if paged else None,
        page_label=passage.page_labels.get(quote.page) if paged else None,
        locator=locator,
        section=" > ".join(passage.headings) or None,
        quote=quote.text,
        quote_start=quote.start,
        quote_end=quote.end,
        boxes=tuple(boxes),
        answer_start=answer[0],
        answer_end=answer[1],
        verified=quote.verified,
        score=cited.score,
        chunk_id=passage.chunk_id,
    )
