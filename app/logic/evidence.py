"""Passages as what can be quoted from them: sentences and table rows, with their terms, numbers and rarities.

Read once for a question; quoting, grounding and extracting all weigh against the same reading.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.logic.layout_figures import trailing_figures
from app.logic.numbers import Number, find_numbers
from app.logic.quotes import segments
from app.logic.sentences import sentences
from app.logic.stopwords import stopwords
from app.logic.tokens import STEM, analyze
from app.models.domain import Passage

_REMEMBERED = 40
"""Pieces longer than this are rarely seen twice."""
_ROW_CELL = re.compile(r"(?:^|\s)[^\w\s]*\(?\d[\d.,'’]*\)?[^\w\s]*(?=\s|$)|\t|\|")
_CELLS_OF_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """`passages[passage].text[start:end]`: a sentence, or a row of a table; it stands on one page."""

    passage: int
    segment: int
    start: int
    end: int
    text: str
    terms: frozenset[str]
    is_row: bool


@dataclass(frozen=True)
class Evidence:
    passages: tuple[Passage, ...]
    units: tuple[Unit, ...]
    """By passage, in reading order."""

    @cached_property
    def _weights(self) -> dict[str, float]:
        frequencies = Counter(term for unit in self.units for term in unit.terms)
        return {term: math.log1p(len(self.units) / (count + 1)) for term, count in frequencies.items()}

    @cached_property
    def _unknown(self) -> float:
        return math.log1p(len(self.units))

    @cached_property
    def by_passage(self) -> tuple[tuple[Unit, ...], ...]:
        groups: list[list[Unit]] = [[] for _ in self.passages]
        for unit in self.units:
            groups[unit.passage].append(unit)
        return tuple(map(tuple, groups))

    @cached_property
    def numbers(self) -> tuple[tuple[Number, ...], ...]:
        """Those of each passage."""
        return tuple(find_numbers(passage.text) for passage in self.passages)

    def weight(self, term: str) -> float:
        """How rare a term is among the units (inverse document frequency); highest for one that none of them has."""
        return self._weights.get(term, self._unknown)

    def total(self, terms: Iterable[str]) -> float:
        weights, unknown = self._weights, self._unknown
        return sum([weights.get(term, unknown) for term in terms])


def read_evidence(passages: Sequence[Passage]) -> Evidence:
    """Every quotable unit of the passages. About 2 ms for each thousand words."""
    units: list[Unit] = []
    for number, passage in enumerate(passages):
        for index, segment in enumerate(segments(passage)):
            for first, last in sentences(passage.text[segment.start : segment.end]):
                start, end = segment.start + first, segment.start + last
                text = passage.text[start:end]
                units.append(Unit(number, index, start, end, text, terms(text, passage.language), is_row(text)))
    return Evidence(tuple(passages), tuple(units))


def is_row(text: str) -> bool:
    """Whether a unit is a row of a table: it ends with figures, or cell borders and figures make up a third of it."""
    cells = len(_ROW_CELL.findall(text))
    if cells < _CELLS_OF_A_ROW:
        return False
    return cells * 3 >= len(text.split()) or trailing_figures(text)[0] >= _CELLS_OF_A_ROW


def called(passage: Passage) -> str:
    """What says of a passage what it is about: its headings, and the title and file name of its document, with the
    words apart that `_` joins."""
    return " ".join([*passage.headings, passage.title or "", passage.filename]).replace("_", " ")


def terms(text: str, language: str | None) -> frozenset[str]:
    """What a text says, each word once: its stem where the language has a stemmer, else its form; no empty words."""
    found: set[str] = set()
    for piece in text.split():
        found.update(_remembered(piece, language) if len(piece) <= _REMEMBERED else _piece_terms(piece, language))
    return frozenset(found)


def _piece_terms(piece: str, language: str | None) -> tuple[str, ...]:
    tokens = analyze(piece, language)
    stems = [token for token in tokens if token.startswith(STEM)]
    forms = tokens[: len(tokens) - len(stems)]
    if stopwords(language).issuperset(forms):
        return ()
    return tuple(dict.fromkeys(stems if len(stems) == len(forms) else tokens))


_remembered = lru_cache(maxsize=1 << 16)(_piece_terms)


def is_code(term: str) -> bool:
    """As "e31" is."""
    return not term.isdigit() and any(character.isdigit() for character in term)
