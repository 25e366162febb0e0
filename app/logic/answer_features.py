"""What tells, of each sentence of the passages, whether it answers the question. Values only; weighing them is apart.

Word overlap weighed by rarity is what answer sentence selection rests on (Yih et al. 2013, "Question answering using
enhanced lexical semantic models"); the kinds of answers follow Li and Roth 2002, "Learning question classifiers".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from app.logic.answer_kinds import held, values
from app.logic.asked import Asked
from app.logic.evidence import Evidence, Unit, called, is_code, terms
from app.logic.folding import normalize, strip_accents
from app.logic.intent import read
from app.logic.layout_figures import trailing_figures
from app.logic.lists import is_bullet
from app.logic.numbers import missing
from app.logic.periods import periods
from app.logic.printed import printed_names, says
from app.logic.question import Question, names
from app.logic.table_rows import TableRow, table_row
from app.logic.thesaurus import contains, words
from app.models.domain import Passage

PRINTED = 0.9
"""What another wording counts beside the question's own."""
_LESS_EXACT = 0.1
"""Words taken off a printed name, so that of two that stand there whole the longer one, with "net", counts more."""
SHORT = 4  # terms; fewer are a heading
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BORDER = re.compile(r"[|\t]")
_OWN_FIGURE = re.compile(r"(?<![A-Za-zÀ-ɏ\d(])\d")
"""Not a footnote's, as in "Human Capital Resources1" and "Average funds employed (1)"."""
_ASKS = re.compile(r"[?？؟]\s*$")
_NO_FIGURE = frozenset({Asked.NAME, Asked.REASON, Asked.DEFINITION})
_FROM_QUESTION, _FROM_HEADING = 0.9, 0.5
_FAR = 0.1
"""Cosine below the nearest passage's at which another is far."""


def features(evidence: Evidence, question: Question) -> list[dict[str, float]]:
    """One mapping for each unit, in their order; every value is 0..1, but for `period`.

    Of the sentence: coverage (the share of the question's words that it holds, weighed by rarity), context (the same
    together with the sentence before it, whose subject it may take up as "it"), pairs (of neighbouring words), kind (it
    holds a time, a number or a name where one is asked for), short, asks (it is a question itself). Of a row of
    figures: period (its table is of a time that the question names: 1, of others only: -1), statement (its table is one
    of the statements in which the measure that is asked for stands), beside (no figure is asked for). Of its passage:
    score, rank, vector (nearness in meaning), passage (coverage by all of it), numbers (of the question).
    """
    best = max((passage.score for passage in evidence.passages), default=0.0) or 1.0
    meaning = _meaning(evidence, to_the_point(evidence, question))
    rows = []
    for number, units in enumerate(evidence.by_passage):
        passage = evidence.passages[number]
        weights = {term: evidence.weight(term) for term in question.terms(passage.language)}
        shared = {
            "score": passage.score / best,
            "rank": 1 / (1 + number),
            "vector": meaning[number],
            "passage": _share(weights, frozenset().union(*(unit.terms for unit in units))),
            "numbers": 1 - len(missing(question.numbers, evidence.numbers[number])) / (len(question.numbers) or 1),
        }
        tables = [table_row(evidence, unit) if unit.is_row else None for unit in units]
        stated = _is_of_a_statement(passage, question)
        own = [
            _of_unit(unit, question, weights, lent, passage.language)
            | _of_row(unit, row, passage, question)
            | {"statement": float(stated and unit.is_row)}
            for unit, row, lent in zip(units, tables, _lent(passage, units, tables), strict=True)
        ]
        before: tuple[Unit, ...] = ()
        for unit, row, lead in zip(units, own, [{}, *own], strict=False):
            around = unit.terms.union(*(other.terms for other in before))
            rows.append(shared | _with_lead(row, lead) | {"context": max(row["coverage"], _share(weights, around))})
            before = (unit,)
    return rows


def to_the_point(evidence: Evidence, question: Question) -> frozenset[int]:
    """The passages whose vectors tell something: those that hold a code of the question, where any does, since vectors
    take one code for another; else all."""
    named = [
        number
        for number, passage in enumerate(evidence.passages)
        if any(map(is_code, question.terms(passage.language) & _everything_in(evidence, number)))
    ]
    return frozenset(named or range(len(evidence.passages)))


def _everything_in(evidence: Evidence, number: int) -> frozenset[str]:
    passage = evidence.passages[number]
    return terms(called(passage), passage.language).union(*(unit.terms for unit in evidence.by_passage[number]))


def _meaning(evidence: Evidence, among: frozenset[int]) -> list[float]:
    """Of each passage 0..1: how near its vector is to the question's, the nearest 1; 1 for all without vectors."""
    cosines = [passage.scores.get("vector") for passage in evidence.passages]
    nearest = max(
        (cosine for number, cosine in enumerate(cosines) if cosine is not None and number in among), default=0
    )
    near = [1.0 if cosine is None else max(0.0, 1 - (nearest - cosine) / _FAR) for cosine in cosines]
    return [value if number in among else 0.0 for number, value in enumerate(near)]


def _with_lead(row: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """What follows a heading or a question speaks of what these say."""
    lent = _FROM_QUESTION * before.get("asks", 0.0) or _FROM_HEADING * before.get("short", 0.0)
    return {**row, **{name: max(row[name], lent * before[name]) for name in ("coverage", "pairs") if lent}}


def _share(weights: Mapping[str, float], held: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0


def _lent(passage: Passage, units: Sequence[Unit], tables: Sequence[TableRow | None]) -> Iterator[frozenset[str]]:
    """What a unit that bears the name of what is asked need not say itself. For a row of a table the terms of what
    heads its columns, and of what the document is called where they are known; the latter for a sentence, too."""
    about = terms(called(passage), passage.language)
    heading: frozenset[str] = frozenset()
    for unit, row in zip(units, tables, strict=True):
        if row is not None:
            yield about | _said(" ".join(row.columns), passage.language)
        elif heads_columns(unit):
            heading = unit.terms
            yield frozenset()
        elif unit.is_row:
            yield heading
        else:
            heading = frozenset()
            yield about


def _tells_figure(unit: Unit, question: Question, language: str | None) -> bool:
    """Whether a sentence says the whole name of a measure that is asked for, of those that stand in no statement, and a
    figure that the question has not, as "The Company employed 92,000 people" does."""
    if unit.is_row or question.asked is not Asked.NUMBER or read(question.text).expansion.statements:
        return False
    if not _OWN_FIGURE.search(unit.text):
        return False
    told = any(says(unit, name, language) for name in printed_names(question, language))
    figures = [number for number in values(unit.text) if number.unit != "%"] if told else []
    return bool(missing(figures, question.numbers))


_said = lru_cache(maxsize=1 << 10)(terms)


def heads_columns(unit: Unit) -> bool:
    """Years or quarters, and no figure beside them."""
    return bool(_YEAR.search(unit.text)) and not values(unit.text)


def _of_row(unit: Unit, row: TableRow | None, passage: Passage, question: Question) -> dict[str, float]:
    if not unit.is_row:
        return {"period": 0.0, "beside": 0.0}
    asked = _periods(question.text)
    told: frozenset[str] = frozenset()
    if row is not None and asked:
        told = _periods(" ; ".join(row.columns)) or _periods(f"{passage.title or ''} ; {passage.filename}")
    return {
        "period": 0.0 if not told else 1.0 if told & asked else -1.0,
        "beside": float(question.asked in _NO_FIGURE and bool(values(unit.text))),
    }


_periods = lru_cache(maxsize=1 << 10)(periods)


def _is_of_a_statement(passage: Passage, question: Question) -> bool:
    """Measures stand in segments' tables and notes, too; asked for without any, the whole company's is meant."""
    intent = read(question.text)
    heading = words(" ".join(passage.headings[-1:]))
    return intent.numeric and any(contains(heading, words(name)) for name in intent.expansion.statements)


def _named(row: Unit, told: frozenset[str], question: Question, language: str | None) -> float:
    """The share of a row's own words that are `told`: "Net income" is less in "Net income attributable to". Beside a
    measure, whose it is names no row: "Boeing Capital" is not what Boeing's capital expenditure is."""
    own = _own_words(row)
    return len(told.intersection(own) - _whose(question, language)) / len(own) if own else 0.0


@lru_cache(maxsize=64)  # asked for each row of the passages
def _whose(question: Question, language: str | None) -> frozenset[str]:
    """The terms of the names beside a measure that is asked for."""
    measures = printed_names(question, language)
    return terms(" ".join(names(question.text)), language).difference(*measures) if measures else frozenset()


def _own_words(row: Unit) -> list[str]:
    return [term for term in row.terms if not any(map(str.isdigit, term))]


def printed(row: Unit, question: Question, language: str | None) -> float:
    """The share of a row's own words that are what reports print for the thing that is asked: capital expenditure is
    "Purchases of property". Of sentences, whether they tell the figure of what stands in no table."""
    if _tells_figure(row, question, language):
        return 1 - _LESS_EXACT
    if not row.is_row or not (trailing_figures(row.text)[0] > 1 or _BORDER.search(row.text)):
        return 0.0
    own = _own_words(row)
    known = (name for name in printed_names(question, language) if says(row, name, language))
    found = max((len(set(name).intersection(own)) for name in known), default=0)
    return (found - _LESS_EXACT) / len(own) if found else 0.0


def _of_unit(
    unit: Unit, question: Question, weights: Mapping[str, float], lent: frozenset[str], language: str | None
) -> dict[str, float]:
    folded = strip_accents(normalize(unit.text))
    pairs = sum(pair in folded for pair in question.pairs) / (len(question.pairs) or 1)
    named = 0.0
    if lent and unit.is_row:
        told = _told(unit, frozenset(), weights, question, language).intersection(weights)
        named = _named(unit, told, question, language)
    known_as = PRINTED * printed(unit, question, language)
    if not (named or known_as):
        lent = frozenset()
    return {
        "coverage": max(known_as, _share(weights, _told(unit, lent, weights, question, language))),
        "pairs": max(pairs, named, known_as),
        "kind": held(unit, question),
        "short": float(len(unit.terms) < SHORT and not values(unit.text) and not is_bullet(unit)),
        "asks": float(_ASKS.search(unit.text) is not None),
    }


def _told(
    unit: Unit, lent: frozenset[str], weights: Mapping[str, float], question: Question, language: str | None
) -> frozenset[str]:
    """What a unit says or is lent. The name that reports have for what is asked is said whole, under any of
    its names, and not by half: "Net sales" in a statement of income are no net income."""
    told = unit.terms | lent
    known = printed_names(question, language)
    is_said = any(says(unit, name, language) for name in known)
    for asked in map(frozenset, known):
        if asked <= weights.keys() and not asked <= lent - unit.terms:
            told = told | asked if is_said else told - asked
    return told
