"""How far passages support a claim: the claim's words weighed by rarity, its numbers, and whether it denies.

Word coverage weighed by inverse document frequency is the strongest feature of lexical entailment baselines (Glickman
and Dagan 2005); numbers and negation are checked on their own, since one wrong digit changes few words and all of the
meaning.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

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


def best_match(evidence: Evidence, claim: Claim, passage: int) -> Match | None:
    """The sentence or row of `evidence.passages[passage]`, or two that follow one another, with the highest support.

    None for a passage without text. Among equals the shorter and the earlier wins.
    """
    units = evidence.by_passage[passage]
    wanted = claim.terms(evidence.passages[passage].language)
    scored = [(support(evidence, claim, (unit,)) + _focus(evidence, wanted, unit), unit) for unit in units]
    if not scored:
        return None
    best = max(range(len(scored)), key=lambda index: scored[index][0])
    match = Match((units[best],), support(evidence, claim, (units[best],)))
    for pair in (units[max(0, best - 1) : best + 1], units[best : best + 2]):
        if len(pair) == 2 and pair[0].segment == pair[1].segment:
            score = support(evidence, claim, pair)
            if score >= match.score + _PAIR_GAIN:
                match = Match(pair, score)
    return match


def support(evidence: Evidence, claim: Claim, units: Sequence[Unit]) -> float:
    """0..1: how far these units together say what the claim says."""
    if not units:
        return 0.0
    shares = [_covered(evidence, claim, (unit,)) for unit in units]
    known = _coverage(evidence, claim, units)
    if foreign(evidence, claim, units):
        known = UNKNOWN + _SHARED_NAMES * known
    score = known * _numbers_factor(evidence, claim, units)
    telling = [unit for unit, share in zip(units, shares, strict=True) if share >= _CONTRIBUTES * max(shares)]
    if claim.denies != any(denies(unit.text) for unit in telling):
        score *= 1 - _OTHER_NEGATION
    return round(min(1.0, score), 4)


def foreign(evidence: Evidence, claim: Claim, units: Iterable[Unit]) -> bool:
    """Whether the claim and the passages speak different languages, so that their words cannot be compared."""
    languages = {evidence.passages[unit.passage].language for unit in units}
    return claim.language is not None and None not in languages and claim.language not in languages


def _coverage(evidence: Evidence, claim: Claim, units: Sequence[Unit]) -> float:
    """The share of the claim's words, by weight, that the units hold."""
    languages = {evidence.passages[unit.passage].language for unit in units}
    total = max(evidence.total(claim.terms(language)) for language in languages)
    if not total:
        return 1.0 if claim.numbers else UNKNOWN
    return _covered(evidence, claim, units) / total


def _covered(evidence: Evidence, claim: Claim, units: Sequence[Unit]) -> float:
    best = 0.0
    for language in {evidence.passages[unit.passage].language for unit in units}:
        held = frozenset().union(*(u.terms for u in units if evidence.passages[u.passage].language == language))
        wanted = claim.terms(language)
        characters = {character for term in held if _PAIR.fullmatch(term) for character in term}
        halves = [term for term in wanted - held if _PAIR.fullmatch(term) and characters.issuperset(term)]
        best = max(best, evidence.total(wanted & held) + evidence.total(halves) / 2)
    return best


def _numbers_factor(evidence: Evidence, claim: Claim, units: Sequence[Unit]) -> float:
    if not claim.numbers:
        return 1.0
    here = [number for unit in units for number in find_numbers(unit.text)]
    absent = missing(claim.numbers, here)
    if not absent:
        return 1.0
    anywhere = [number for passage in {unit.passage for unit in units} for number in evidence.numbers[passage]]
    wrong = missing(absent, anywhere)
    if wrong:
        return 1 - _WRONG_NUMBER - _WRONG_NUMBERS * len(wrong) / len(claim.numbers)
    return 1 - _FAR_NUMBERS * len(absent) / len(claim.numbers)


def _focus(evidence: Evidence, wanted: frozenset[str], unit: Unit) -> float:
    whole = evidence.total(unit.terms)
    return _FOCUS * evidence.total(wanted & unit.terms) / whole if whole else 0.0
