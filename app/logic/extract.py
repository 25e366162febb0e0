"""An answer without a language model: the sentences that answer best, verbatim, and cells with their headings."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from app.logic.answer_features import features, printed, to_the_point
from app.logic.answer_weights import SENTENCES
from app.logic.citations import Cited
from app.logic.composed import composed
from app.logic.evidence import Evidence, Unit
from app.logic.excerpts import excerpt
from app.logic.lists import whole_list
from app.logic.markers import space_before, written
from app.logic.question import Question
from app.logic.quotes import Quote, cut, folded_spaces
from app.logic.reply import ReplySentence
from app.logic.table_rows import heads_columns, table_row

WEIGHTS = {
    **SENTENCES,
    # Set by hand, for the paragraphs that the others were fitted on hold neither headings, questions nor tables:
    "short": -1.0,
    "asks": -8.0,
    "period": 1.0,
    "statement": 1.5,
    "beside": -3.0,
}
"""Of a softmax over the sentences of a question's passages."""

MOST = 4
"""Sentences of an answer: more is a page to read, not an answer."""
_SECOND, _FURTHER = 0.05, 0.2
"""How likely the second and each further sentence have to be, against the first."""
_LIKELY = 0.1
"""How likely a further one has to be at all: where none stands out, more of them are no better answer."""
_FROM_HEADING = 0.8
_BEST = 3
"""Passages whose rows are looked at for what is printed instead of the question's words."""
_TITLE = re.compile(r"#{1,6} ")
_ENDS = re.compile(r"[.!?。！？؟।۔]\W*$")
_REPEATS = 0.7
"""Share of a sentence's terms that another has said, from which on it says nothing new."""


@dataclass(frozen=True, slots=True)
class Pick:
    unit: Unit
    score: float
    """The probability, among all sentences of the passages, that this one answers."""


def extract(evidence: Evidence, question: Question, likeness: Sequence[float] | None = None) -> list[Pick]:
    """At most four sentences or rows: the one that answers first, then what supports it. Empty without any text.

    `likeness`: for each unit 0..1 how near in meaning it is to the question, where words cannot tell.
    """
    picks: list[Pick] = []
    for pick in _telling(evidence, rank(evidence, question, likeness)):
        if picks and (len(picks) == MOST or pick.score < _least(picks)):
            break
        if not any(_repeats(pick.unit, other.unit) for other in picks):
            picks.append(pick)
    return picks


def _telling(evidence: Evidence, ranked: Sequence[Pick]) -> Iterator[Pick]:
    """All but headings and the lines that head columns; those too where there is nothing else."""
    told = (pick for pick in ranked if not _TITLE.match(pick.unit.text) and not heads_columns(evidence, pick.unit))
    rest = list(islice(told, 2 * MOST))
    return iter(rest or ranked)


def _least(picks: Sequence[Pick]) -> float:
    first = picks[0].score
    return _SECOND * first if len(picks) == 1 else max(_LIKELY, _FURTHER * first)


def rank(evidence: Evidence, question: Question, likeness: Sequence[float] | None = None) -> list[Pick]:
    """Every unit with its probability, best first."""
    rows = features(evidence, question)
    if likeness is not None:
        near, untold = to_the_point(evidence, question), _untold(evidence, question)
        told = [
            untold * like if unit.passage in near else 0.0 for like, unit in zip(likeness, evidence.units, strict=True)
        ]
        rows = [
            {**row, **{name: max(row[name], like) for name in ("coverage", "pairs")}}
            for row, like in zip(rows, _lent(told, evidence.units, rows), strict=True)
        ]
    scores = [sum(WEIGHTS[name] * value for name, value in row.items()) for row in rows]
    highest = max(scores, default=0.0)
    odds = [math.exp(score - highest) for score in scores]
    total = sum(odds)
    picks = [Pick(unit, share / total) for unit, share in zip(evidence.units, odds, strict=True)]
    return sorted(picks, key=lambda pick: -pick.score)


def _untold(evidence: Evidence, question: Question) -> float:
    """1, or less where one of the best passages has a row printed for what is asked, which tells more than meaning."""
    best = [unit for unit in evidence.units if unit.passage < _BEST]
    return 1 - max((printed(unit, question, evidence.passages[unit.passage].language) for unit in best), default=0.0)


def _lent(likeness: Sequence[float], units: Sequence[Unit], rows: Sequence[Mapping[str, float]]) -> list[float]:
    """A heading is as near to a question as anything, and answers none: what follows it takes over most of that."""
    lent: list[float] = []
    before = 0.0
    for like, unit, row in zip(likeness, units, rows, strict=True):
        heading = row["short"] and not _ENDS.search(unit.text)
        lent.append(0.0 if heading else max(like, _FROM_HEADING * before))
        before = like if heading else 0.0
    return lent


def _repeats(unit: Unit, other: Unit) -> bool:
    return len(unit.terms & other.terms) >= _REPEATS * max(1, min(len(unit.terms), len(other.terms)))


@dataclass(frozen=True, slots=True)
class Extracted:
    text: str
    sentences: tuple[ReplySentence, ...]
    cited: tuple[Cited, ...]


def written_out(evidence: Evidence, question: Question, picks: Sequence[Pick]) -> Extracted:
    """The picks as an answer, rows on lines of their own, each with its number: sentences verbatim but for their line
    breaks, and rows of tables composed where what heads their columns is known."""
    writing = _Writing(evidence, question)
    for pick in picks:
        writing.take(pick)
    return Extracted(writing.text, tuple(writing.said), tuple(writing.cited))


class _Writing:
    def __init__(self, evidence: Evidence, question: Question) -> None:
        self.text = ""
        self.said: list[ReplySentence] = []
        self.cited: list[Cited] = []
        self._evidence, self._question = evidence, question
        self._told: frozenset[str] | None = None
        self._listed: set[Unit] = set()
        self._apart = False

    def take(self, pick: Pick) -> None:
        """Write it down, unless a row that was composed, or a list, has said as much."""
        unit = pick.unit
        if unit in self._listed:
            return
        passage = self._evidence.passages[unit.passage]
        wanted = self._question.terms(passage.language)
        row = table_row(self._evidence, unit)
        made = row and composed(row, self._question, passage.language)
        if self._told is not None and (unit.is_row or row) and not wanted & unit.terms - self._told:
            return
        if row and made:
            quotes = [cut(passage, *span) for span in (row.row, row.heads) if span]
            self._told = (self._told or frozenset()) | made.terms | unit.terms
            self._say(pick, made.text, quotes, is_row=True, is_composed=True)
        elif items := whole_list(self._evidence, unit, self._question):
            self._listed.update(items)
            quote = cut(passage, items[0].start, items[-1].end)
            self._say(pick, "\n".join(folded_spaces(item.text) for item in items), [quote], is_row=True)
        else:
            quote = cut(passage, *excerpt((unit,), wanted, passage.language))
            self._say(pick, folded_spaces(quote.text) if quote else "", [quote], is_row=unit.is_row or row is not None)

    def _say(
        self, pick: Pick, claim: str, quotes: Sequence[Quote | None], *, is_row: bool, is_composed: bool = False
    ) -> None:
        numbers = tuple(self._number(pick, quote) for quote in quotes if quote)
        if not numbers:
            return
        apart = is_row or self._apart
        self._apart = is_row
        self.text += ("\n" if apart else space_before(self.text)) if self.text else ""
        start = len(self.text)
        self.text += claim
        self.text += space_before(self.text) + written(list(numbers))
        self.said.append(ReplySentence(start, len(self.text), claim, numbers, is_composed))

    def _number(self, pick: Pick, quote: Quote) -> int:
        """Of the quote; what heads two rows is cited once."""
        for known in self.cited:
            if (known.passage, known.quote) == (pick.unit.passage, quote):
                return known.number
        self.cited.append(Cited(len(self.cited) + 1, pick.unit.passage, quote, round(pick.score, 4)))
        return len(self.cited)
