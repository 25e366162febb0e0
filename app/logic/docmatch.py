"""Which documents of a collection a question means, told by what their names share with it.

A word counts by how few of the collection's documents bear it in their names or on their first pages (inverse document
frequency, Spärck Jones 1972), so nothing has to be known of companies, products or kinds of paper. The result is a
preference: it never hides a document.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.logic.periods import periods, years
from app.logic.stopwords import stopwords
from app.logic.tokens import analyze

_CAMEL = re.compile(r"(?<=[^\W\d_])(?<![A-ZÀ-Þ])(?=[A-ZÀ-Þ])")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_JOINED_WORDS = 3
"""File names write names of up to so many words as one."""
_OPENING_WEIGHT = 0.35
"""Of a word that stands on the first page only, against one in the name."""
_OLDER_YEAR = 0.3
"""Of a year beside a later one: who asks for 2021 to 2023 finds all three in the document of 2023."""
_NEXT_YEAR = 0.4
"""Of the year before or after the one that is asked for: reports compare with the year before and look ahead."""
_NEWEST = 0.1
"""For the newest document, when no time is asked for."""
_OTHER_PART = 0.1
"""Off for a document of a quarter or a half, when a year is asked for."""
_NOTHING: frozenset[str] = frozenset()
_SHORT_NUMBER = re.compile(r"\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PART = re.compile(r"[qh][1-4]")


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What tells one document of a collection from the others."""

    id: str
    version_id: str
    filename: str
    title: str | None
    language: str | None
    metadata: Mapping[str, Any]
    opening: str
    """The beginning of its first page."""


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """The features of one document: tokens and periods of its names, tokens of its opening."""

    names: frozenset[str]
    opening: frozenset[str]
    years: frozenset[int] = frozenset()
    partial: bool = False
    """Whether its names tell a quarter or a half."""
    language: str | None = None


def card(facts: DocumentFacts) -> DocumentCard:
    """The features by which a question can mean this document."""
    stem = _EXTENSION.sub("", facts.filename).replace("_", " ")
    values = [str(value) for value in facts.metadata.values() if not isinstance(value, bool)]
    names: set[str] = set()
    for text in (_CAMEL.sub(" ", stem), stem, facts.title or "", *values):
        names |= _features(text)
    return DocumentCard(
        names=frozenset(names),
        opening=frozenset(_features(facts.opening) - names),
        years=frozenset(int(name) for name in names if _YEAR.fullmatch(name)),
        partial=any(_PART.fullmatch(name) for name in names),
        language=facts.language,
    )


@dataclass(slots=True)
class DocumentIndex:
    """The cards of a collection, looked up by feature. Changed in place as documents come and go."""

    cards: dict[str, DocumentCard] = field(default_factory=dict)
    _names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _openings: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def put(self, document_id: str, made: DocumentCard) -> None:
        self.remove(document_id)
        self.cards[document_id] = made
        for table, features in ((self._names, made.names), (self._openings, made.opening)):
            for feature in features:
                table[feature].add(document_id)

    def remove(self, document_id: str) -> None:
        if old := self.cards.pop(document_id, None):
            for table, features in ((self._names, old.names), (self._openings, old.opening)):
                for feature in features:
                    table[feature].discard(document_id)
                    if not table[feature]:
                        del table[feature]

    def preferences(self, question: str) -> dict[str, float]:
        """Documents to how well the question's words and times name them, above 0 to 1; absent where nothing does.

        1 is a document that bears every word of the question that any document bears. Little evidence stays little: the
        measure is at least what one name that a single document bears would say.
        """
        scores: dict[str, float] = defaultdict(float)
        total = 0.0
        empty = frozenset(word for language in self.languages() for word in stopwords(language))
        for feature in _features(question, empty):
            named = self._names.get(feature, _NOTHING)
            opened = self._openings.get(feature, _NOTHING)
            if _YEAR.fullmatch(feature) or not (named or opened):
                continue
            weight = self._weight(len(named), len(opened))
            total += weight if named else weight * _OPENING_WEIGHT
            _add(scores, named, weight)
            _add(scores, opened, weight * _OPENING_WEIGHT)
        total = max(total + self._add_years(scores, question), 1 + math.log(max(1, len(self.cards))))
        best = max(scores.values(), default=0.0)
        return {key: min(1.0, score / total) * score / best for key, score in scores.items() if score > 0}

    def _add_years(self, scores: dict[str, float], question: str) -> float:
        """Add what the years that a question names say for each document; returns the most that they can say."""
        asked = years(question)
        known = {year for made in self.cards.values() for year in made.years}
        if not known:
            return 0.0
        if not asked:
            return self._prefer_newest(scores, max(known))
        whole = not any(_PART.fullmatch(period) for period in periods(question))
        weight = 0.0 if len(known) == 1 else 1 + math.log(len(known))
        for document, made in self.cards.items():
            near = _nearness(asked, made.years)
            if near:
                scores[document] += weight * max(0.0, near - _OTHER_PART * (whole and made.partial))
        return weight

    def _prefer_newest(self, scores: dict[str, float], newest: int) -> float:
        for document in list(scores):
            if made := self.cards[document].years:
                scores[document] *= 1 - _NEWEST * min(1.0, (newest - max(made)) / 5)
        return 0.0

    def names_in(self, question: str) -> frozenset[str]:
        """The question's forms that some document's name bears, alone or joined with their neighbours; none where there
        is nothing to tell apart."""
        if len(self.cards) < 2:
            return frozenset()
        forms = analyze(question, None)
        runs = (run for count in range(1, _JOINED_WORDS + 1) for run in _runs(forms, count))
        return frozenset(form for run in runs if "".join(run) in self._names for form in run)

    def languages(self, limit: int = 3) -> tuple[str, ...]:
        """Of the documents, the most frequent first."""
        counted = Counter(made.language for made in self.cards.values() if made.language)
        return tuple(language for language, _ in counted.most_common(limit))

    def _weight(self, named: int, opened: int) -> float:
        """0 for what every document bears; names count more than what stands on first pages only."""
        if named == len(self.cards):
            return 0.0
        bearers = named + opened
        return math.log(len(self.cards) / bearers) + named / bearers


def _add(scores: dict[str, float], documents: Iterable[str], weight: float) -> None:
    for document in documents:
        scores[document] += weight


def _features(text: str, empty: frozenset[str] = _NOTHING) -> set[str]:
    words = analyze(text, None)
    found = {*words, *_joined(words, empty), *periods(text)} - empty
    return {feature for feature in found if not _SHORT_NUMBER.fullmatch(feature)}


def _nearness(asked: Sequence[int], borne: Iterable[int]) -> float:
    """How well a document's years meet those asked for, 0 to 1. `asked` begins with the latest."""
    best = 0.0
    for year in borne:
        distance = abs(year - asked[0])
        near = 1.0 if distance == 0 else _NEXT_YEAR if distance == 1 else _OLDER_YEAR if year in asked else 0.0
        best = max(best, near)
    return best


def _joined(words: Sequence[str], empty: frozenset[str]) -> Iterable[str]:
    """Neighbours written as one word: "best buy" is bestbuy in many file names."""
    for count in range(2, _JOINED_WORDS + 1):
        for run in _runs(words, count):
            if run[0] not in empty and run[-1] not in empty:
                yield "".join(run)


def _runs(words: Sequence[str], count: int) -> Iterable[Sequence[str]]:
    return (words[i : i + count] for i in range(len(words) - count + 1))
