"""How far passages support a claim: the claim's words weighed by rarity, its numbers, and whether it denies.

Word coverage weighed by inverse document frequency is the strongest feature of lexical entailment baselines (Glickman
and Dagan 2005); numbers and negation are checked on their own, since one wrong digit changes few words and all of the
meaning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nlargest

from app.logic.evidence import Evidence, Unit, terms
from app.logic.folding import HAN_KANA, HANGUL
from app.logic.negation import denies, without_negations
from app.logic.numbers import Number, find_numbers, missing, without_numbers

UNKNOWN = 0.5
"""The support of a claim that cannot be told: it has no words of its own, or speaks another language than the text."""
_SHARED_NAMES = 0.3
"""What names and terms that two languages share add to it."""
_WRONG_NUMBER, _WRONG_NUMBERS = 0.5, 0.2
"""What a claim loses when one of its numbers is nowhere in the passage, and further when all are."""
_FAR_NUMBERS = 0.15
"""What it loses when its numbers stand elsewhere in the passage: in a table's heading, most often."""
_OTHER_NEGATION = 0.6
_CONTRIBUTES = 0.3
"""Share of what is covered from which on a sentence's negation counts."""
_FOCUS = 0.05
"""How much a shorter quote is preferred among equals."""
_PAIR_GAIN = 0.15
"""What a second sentence must add to be quoted with the first."""
_PAIR = re.compile(rf"[{HAN_KANA}{HANGUL}]{{1,2}}")
"""A term of scripts without spaces. One that spans two words changes with the word order, so it counts half where both
of its characters stand."""
_ROUNDING = 1e-4
"""What rounding can add to a support."""
_ORNAMENT = re.compile(r"^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+|[*_`]")


@dataclass(frozen=True)
class Claim:
    """A sentence of an answer, without markers; `language` (ISO 639-1) as far as it is known."""

    text: str
    language: str | None = None

    @cached_property
    def plain(self) -> str:
        return _ORNAMENT.sub("", self.text)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        return find_numbers(self.plain)

    @cached_property
    def denies(self) -> bool:
        return denies(self.plain)

    def terms(self, language: str | None) -> frozenset[str]:
        """Its words as a text in `language` spells them; numbers are compared apart."""
        return _words(self.plain, language)


@lru_cache(maxsize=1 << 10)
def _words(text: str, language: str | None) -> frozenset[str]:
    return terms(without_negations(without_numbers(text)), language)


@dataclass(frozen=True, slots=True)
class Match:
    """The stretch of one passage that supports a claim best: `evidence.units` that stand side by side."""

    units: tuple[Unit, ...]
    score: float
    """0..1"""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The claim's words as one language spells them; `pairs`: those of scripts without spaces; `total` weighs all."""

    terms: frozenset[str]
    pairs: tuple[str, ...]
    total: float


class Weighing:
    """One claim against the evidence. What concerns the claim alone is worked out once for all units."""

    def __init__(self, evidence: Evidence, claim: Claim) -> None:
        self._evidence, self._claim = evidence, claim
        self._wanted: dict[str | None, _Wanted] = {}
        self._nowhere: dict[int, list[Number]] = {}
        self._shares: dict[Unit, float] = {}

    def best(self, passage: int) -> Match | None:
        """The sentence or row of `evidence.passages[passage]`, or two neighbours, with the highest support.

        None for a passage without text. Among equals the shorter and the earlier wins.
        """
        units = self._evidence.by_passage[passage]
        if not units:
            return None
        best = self._best_unit(units)
        match = Match((units[best],), self.support((units[best],)))
        for pair in (units[max(0, best - 1) : best + 1], units[best : best + 2]):
            if len(pair) == 2 and pair[0].segment == pair[1].segment:
                score = self.support(pair)
                if score >= match.score + _PAIR_GAIN:
                    match = Match(pair, score)
        return match

    def clearest(self, floor: float = 0.0) -> Match | None:
        """The best match of all passages, the earliest among equals; None where none reaches `floor`."""
        found: Match | None = None
        for passage in range(len(self._evidence.passages)):
            if self._most(passage) + _ROUNDING < (floor if found is None else found.score):
                continue
            match = self.best(passage)
            if match is not None and match.score >= floor and (found is None or match.score > found.score):
                found = match
        return found

    def support(self, units: Sequence[Unit]) -> float:
        """0..1: how far these units together say what the claim says."""
        if not units:
            return 0.0
        known = self._known(units)
        if not known:
            return 0.0
        score = known * self._numbers_factor(units)
        shares = [self._share(unit) for unit in units]
        telling = [unit for unit, share in zip(units, shares, strict=True) if share >= _CONTRIBUTES * max(shares)]
        if self._claim.denies != any(denies(unit.text) for unit in telling):
            score *= 1 - _OTHER_NEGATION
        return round(min(1.0, score), 4)

    def _best_unit(self, units: Sequence[Unit]) -> int:
        """Only those are read for numbers and negations, which both take away, that could still be the best."""
        focus = [self._focus(unit) for unit in units]
        bounds = [self._known((unit,)) + extra + _ROUNDING for unit, extra in zip(units, focus, strict=True)]
        best, highest = 0, -1.0
        for index in sorted(range(len(units)), key=bounds.__getitem__, reverse=True):
            if bounds[index] < highest:
                break
            score = self.support((units[index],)) + focus[index]
            if score > highest or (score == highest and index < best):
                best, highest = index, score
        return best

    def _most(self, passage: int) -> float:
        """What no sentence of the passage, nor two together, can exceed."""
        units = self._evidence.by_passage[passage]
        if not units:
            return 0.0
        wanted = self._in(self._evidence.passages[passage].language)
        if wanted.pairs or not wanted.total:
            return 1.0
        together = sum(nlargest(2, map(self._share, units)))
        return self._comparable(units[:1], min(1.0, together / wanted.total))

    def _known(self, units: Sequence[Unit]) -> float:
        """The share of the claim's words, by weight, that the units hold."""
        total = max(self._in(language).total for language in self._languages(units))
        if not total:
            return self._comparable(units, 1.0 if self._claim.numbers else UNKNOWN)
        return self._comparable(units, self._covered(units) / total)

    def _comparable(self, units: Sequence[Unit], known: float) -> float:
        """Where claim and passages speak different languages their words say little."""
        languages = self._languages(units)
        foreign = self._claim.language is not None and None not in languages and self._claim.language not in languages
        return UNKNOWN + _SHARED_NAMES * known if foreign else known

    def _covered(self, units: Sequence[Unit]) -> float:
        """The weight of the claim's words that the units hold, in the language that tells most."""
        if len(units) == 1:
            return self._share(units[0])
        held: dict[str | None, frozenset[str]] = {}
        for unit in units:
            language = self._evidence.passages[unit.passage].language
            held[language] = held.get(language, frozenset()) | unit.terms
        return max(self._held(self._in(language), words) for language, words in held.items())

    def _share(self, unit: Unit) -> float:
        if unit not in self._shares:
            wanted = self._in(self._evidence.passages[unit.passage].language)
            self._shares[unit] = self._held(wanted, unit.terms)
        return self._shares[unit]

    def _held(self, wanted: _Wanted, words: frozenset[str]) -> float:
        weight = self._evidence.total(wanted.terms & words)
        if wanted.pairs:
            characters = _characters(words)
            halves = (pair for pair in wanted.pairs if pair not in words and characters.issuperset(pair))
            weight += self._evidence.total(halves) / 2
        return weight

    def _numbers_factor(self, units: Sequence[Unit]) -> float:
        claimed = self._claim.numbers
        if not claimed:
            return 1.0
        absent = missing(claimed, [number for unit in units for number in find_numbers(unit.text)])
        if not absent:
            return 1.0
        passages = {unit.passage for unit in units}
        wrong = [number for number in absent if all(number in self._missing_in(passage) for passage in passages)]
        if wrong:
            return 1 - _WRONG_NUMBER - _WRONG_NUMBERS * len(wrong) / len(claimed)
        return 1 - _FAR_NUMBERS * len(absent) / len(claimed)

    def _missing_in(self, passage: int) -> list[Number]:
        if passage not in self._nowhere:
            self._nowhere[passage] = missing(self._claim.numbers, self._evidence.numbers[passage])
        return self._nowhere[passage]

    def _focus(self, unit: Unit) -> float:
        shared = self._in(self._evidence.passages[unit.passage].language).terms & unit.terms
        return _FOCUS * self._evidence.total(shared) / self._evidence.total(unit.terms) if shared else 0.0

    def _in(self, language: str | None) -> _Wanted:
        if language not in self._wanted:
            words = self._claim.terms(language)
            pairs = tuple(term for term in words if _PAIR.fullmatch(term))
            self._wanted[language] = _Wanted(words, pairs, self._evidence.total(words))
        return self._wanted[language]

    def _languages(self, units: Sequence[Unit]) -> set[str | None]:
        return {self._evidence.passages[unit.passage].language for unit in units}


@lru_cache(maxsize=1 << 12)
def _characters(words: frozenset[str]) -> frozenset[str]:
    """Those of scripts without spaces."""
    return frozenset("".join(word for word in words if _PAIR.fullmatch(word)))
