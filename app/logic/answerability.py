"""How likely it is that passages answer a question at all, told from what the question says and they do not.

Three kinds of questions have to be told from those that are answered: of another matter altogether, of a matter that
the documents know without saying this of it, and those that people wrote to sound answerable (Rajpurkar et al. 2018,
"Know what you don't know"). Of the last, words and vectors tell less than half.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from app.logic.answer_features import PRINTED, SHORT, heads_columns, printed
from app.logic.answer_kinds import held
from app.logic.answer_weights import FOREIGN, SAME
from app.logic.asked import Asked
from app.logic.evidence import Evidence, Unit, called, is_code, terms
from app.logic.folding import HAN_KANA, HANGUL, normalize, strip_accents
from app.logic.intent import read
from app.logic.language import detect
from app.logic.lists import is_told, leads
from app.logic.negation import denies
from app.logic.numbers import find_numbers, missing
from app.logic.printed import printed_names, says
from app.logic.question import Question, names
from app.models.domain import Passage

_EPSILON = 1e-6
_COSINES = {"multilingual-e5-small": (0.76, 0.92)}
"""By embedding model: the cosine of a question with text beside the point, and with text that answers it well."""
_UNTOLD = 0.1
"""Nearness where neither vectors nor, across languages, words tell: what was found is shown, as a partial answer."""
_WHOLE, _WORDS = 0.8, 2
"""Nearness, at least, of a sentence that says every one of so many words of the question: of short sentences the models
make too little."""
_PLAIN = frozenset({Asked.FREQUENCY, Asked.DURATION, Asked.TIME, Asked.NUMBER, Asked.REASON})
"""What a sentence that holds it answers, also where the question has one word."""
_OF = re.compile(r"(?<!\w)(?:of|by|for|did|does|has|had|de|del|di|da|do|van|d['’])\s*$", re.I)
_UNSPACED = re.compile(rf"[{HAN_KANA}{HANGUL}]")
_OF_A_STRANGER = 0.5
"""Of the chance, where nothing is told of what or whom the question names: it is refused."""
_NOUNS_IN_CAPITALS = frozenset({"de", "lb"})
"""Languages in which any noun looks like a name."""
_ENDS = re.compile(r"[.!?。！？؟।۔:：;；]\W*$")
_CLOSING = 12
"""Characters within which a sentence's last mark stands."""
_NEAR = 0.5
"""Nearness up to which what is said in pieces only is not taken for an answer."""
_CAPITAL = re.compile(r"\W*[A-ZÀ-ÞА-ЯΑ-Ω\d]")
_MANY = 4
"""Words of the question that the passage lacks, from which on more of them tell nothing more."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What vectors tell of the best sentence: the larger of the cosines of its passage and, if known, its own."""

    model: str | None = None
    """Made the vectors; of None or an unknown one they are left aside."""
    sentence: float | None = None

    def nearness(self, passage: float | None) -> float | None:
        """0..1, `passage` is its cosine; None where it cannot be told."""
        cosine = max((value for value in (passage, self.sentence) if value is not None), default=None)
        if cosine is None or self.model not in _COSINES:
            return None
        beside, answering = _COSINES[self.model]
        return min(1.0, max(0.0, (cosine - beside) / (answering - beside)))


def answerability(evidence: Evidence, question: Question, best: Unit, meaning: Meaning) -> float:
    """0..1: how likely the passage of `best` (the sentence that answers best) answers the question; .5 is where
    answering begins to be better than refusing, as `scripts/tune_answers.py` weighs the two."""
    foreign = _is_foreign(question, evidence.passages[best.passage].language, best)
    weights, values = (FOREIGN, abroad) if foreign else (SAME, features)
    found = values(evidence, question, best, meaning)
    chance = 1 / (1 + math.exp(-weights["bias"] - sum(weights[name] * value for name, value in found.items())))
    strange = _is_strange(evidence, question) if best.is_row else _tells_of_another(evidence, question, best)
    strange = strange or (foreign and _is_counted_nowhere(evidence, question))
    return _OF_A_STRANGER * chance if strange else chance


def _is_strange(evidence: Evidence, question: Question) -> bool:
    """Whether an owner whom the question names stands in no passage, nor in what its document is called: the figures of
    a table are somebody else's then."""
    owners = [name for name in names(question.text) if not name.isupper() and _owns(name, question.text)]
    return _lacks(evidence.passages, evidence.units, question, owners)


def _tells_of_another(evidence: Evidence, question: Question, best: Unit) -> bool:
    """Whether a sentence that need not say whose figure it tells stands where a name of the question does not."""
    passage = evidence.passages[best.passage]
    figure = printed(best, question, passage.language)
    return figure > 0 and _lacks([passage], evidence.by_passage[best.passage], question, names(question.text))


def _is_counted_nowhere(evidence: Evidence, question: Question) -> bool:
    """Whether the passages have no name of what is asked for, of all that the thesaurus knows: figures that stand near
    in meaning are of something else. Of measures in statements the names are too many to know."""
    if question.asked is not Asked.NUMBER or read(question.text).expansion.statements:
        return False
    known = [printed_names(question, passage.language) for passage in evidence.passages]
    return any(known) and not any(
        says(unit, name, evidence.passages[unit.passage].language)
        for unit in evidence.units
        for name in known[unit.passage]
    )


def _lacks(passages: Sequence[Passage], units: Iterable[Unit], question: Question, asked: Iterable[str]) -> bool:
    """Whether one of the names stands nowhere in the passages, nor in what their documents are called."""
    if question.language in _NOUNS_IN_CAPITALS:
        return False
    about = " ".join(map(called, passages))
    joined = _joined(about)
    language = passages[0].language
    told = terms(about, language).union(*(unit.terms for unit in units))
    return any(not (terms(name, language) & told or _joined(name) in joined) for name in asked)


def _owns(name: str, text: str) -> bool:
    """Whether something of this name is asked for, as far as one can see: what else has capitals may be any word."""
    before, _, after = text.partition(name)
    return after[:2] in ("'s", "’s") or _OF.search(before) is not None or _UNSPACED.search(text) is not None


def _joined(text: str) -> str:
    """As file names write it: letters and digits alone."""
    return "".join(filter(str.isalnum, strip_accents(normalize(text))))


def _is_foreign(question: Question, spoken: str | None, best: Unit) -> bool:
    """Whether the answer is in another language than the question; a passage may hold several, or be mistaken."""
    asked = question.language
    if not asked or not spoken or asked == spoken:
        return False
    words = question.terms(asked)
    if len(words) >= _WORDS and words <= terms(best.text, asked):
        return False
    told = detect(best.text)
    return told is None or told[0] != asked


def features(evidence: Evidence, question: Question, best: Unit, meaning: Meaning) -> Mapping[str, float]:
    """Where question and passage share their language; each 0..1.

    sentence and passage: shares of the question's words, weighed by rarity, that stand in the best sentence and in its
    passage (headings, title and file name count). missing: how many do not, since a long question is rarely met whole.
    vector: nearness in meaning, or what stands for it where every word is met. kind: the sentence holds what is asked
    for. numbers: one of the question's stands nowhere in the passage ("Is the fee 50?" is answered by another one).
    denies: the question does; alone: the sentence does not. A row that prints the thing under another name counts as if
    it named it.
    """
    passage = evidence.passages[best.passage]
    units = evidence.by_passage[best.passage]
    about = _about(called(passage), units, best, passage.language)
    whether = question.asked is Asked.YES_NO
    words = (term for term in question.terms(passage.language) if not (whether and term.isdigit()))
    weights = {term: evidence.weight(term) for term in words}
    total = sum(weights.values()) or 1.0
    everywhere = about.union(*(unit.terms for unit in units))
    share = sum(weights[term] for term in weights.keys() & (about | best.terms)) / total
    near = meaning.nearness(passage.scores.get("vector"))
    other = printed(best, question, passage.language)
    known = max(PRINTED * other, sum(weights[term] for term in weights.keys() & everywhere) / total)
    named = best.is_row or other > 0 or any(map(is_code, weights.keys() & best.terms))
    if near is None or named:  # vectors of figures and of codes tell nothing: words stand in, with the table's
        near = max(near or 0.0, known if named else share)
    negative = denies(question.text)
    alone = negative and not denies(best.text)
    kind = held(best, question)
    enough = len(weights) >= _WORDS or (kind == 1.0 and question.asked in _PLAIN)
    whole = enough and share > 1 - _EPSILON and not alone
    if whole and (near > _NEAR or _in_one_breath(best, weights.keys(), about, passage.language)):
        near = max(near, _WHOLE)
    there = (*evidence.numbers[best.passage], *find_numbers(called(passage)))
    return {
        "sentence": max(PRINTED * other, share),
        "passage": known,
        "missing": (1 - other) * min(1.0, len(weights.keys() - everywhere) / _MANY),
        "vector": near,
        "kind": kind,
        "numbers": float(not whether and bool(missing(question.numbers, there))),
        "denies": float(negative and not whole),
        "alone": float(alone),
    }


def _in_one_breath(best: Unit, words: Set[str], about: frozenset[str], language: str | None) -> bool:
    """Entries of a list or a register, taken for one sentence, say together what none of them says."""
    if language in _NOUNS_IN_CAPITALS or _ENDS.search(best.text[-_CLOSING:]):
        return True
    return any(words <= about | terms(entry, language) for entry in _entries(best.text))


def _entries(text: str) -> list[str]:
    """Lines, put together where one goes on in the next: as a rule one of the two words there is in lower case."""
    entries = text.splitlines()[:1]
    for line in text.splitlines()[1:]:
        if _CAPITAL.match(line) and _CAPITAL.match(entries[-1].rpartition(" ")[2]):
            entries.append(line)
        else:
            entries[-1] += f" {line}"
    return entries


def _about(its_names: str, units: Sequence[Unit], best: Unit, language: str | None) -> frozenset[str]:
    """What the best sentence or row is told to be about: by what stands over it, and by what its passage is called."""
    about = terms(its_names, language) | _heading(units[: units.index(best)])
    return about.union(*(unit.terms for unit in units if heads_columns(unit))) if best.is_row else about


def _heading(before: Sequence[Unit]) -> frozenset[str]:
    """Terms of the last heading before a sentence (chunks of short sections hold several) and of what leads on from it
    to a list."""
    found: frozenset[str] = frozenset()
    for unit in reversed(before):
        if len(unit.terms) < SHORT and not unit.is_row and not is_told(unit):
            found |= unit.terms
            if not leads(unit):
                break
    return found


def abroad(evidence: Evidence, question: Question, best: Unit, meaning: Meaning) -> Mapping[str, float]:
    """Where they speak different languages: meaning, and what is written alike in both.

    vector: nearness in meaning, or that a row prints the thing that is asked for. shared: any word of
    the question (a name, as a rule) stands in the passage. numbers: one of the question's does not.
    """
    passage = evidence.passages[best.passage]
    everywhere = frozenset().union(*(unit.terms for unit in evidence.by_passage[best.passage]))
    near = meaning.nearness(passage.scores.get("vector"))
    return {
        "vector": max(_UNTOLD if near is None else near, PRINTED * printed(best, question, passage.language)),
        "shared": float(bool(question.terms(passage.language) & everywhere)),
        "numbers": float(bool(missing(question.numbers, evidence.numbers[best.passage]))),
    }
