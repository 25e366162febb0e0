"""What a question is after, as far as its wording tells: which part of it asks, and what kind of text answers.

"Assume that you are an analyst. What was the gross margin in 2022? Answer in percent." asks in its second sentence;
the others only say how to answer, and their words must not steer the search.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.logic.asked import Asked
from app.logic.folding import normalize, strip_accents
from app.logic.question import Question
from app.logic.sentences import sentences
from app.logic.thesaurus import Expansion, expand
from app.logic.tokens import analyze_query, telling_words
from app.models.domain import KeywordQuery

_MARKS = ("?", "？", "؟", "⁇", "՞")
_LED_IN = re.compile(r"^(?P<before>[^?？؟⁇՞]*?(?::(?=\s)|：))\s*(?P<asks>.*[?？؟⁇՞].*)$", re.S)
_EXPLAINS = re.compile(
    r"^\W*(?:why|how come|who|whom|whose|describe|explain|"
    r"what (?:drove|drives|caused|causes|led|(?:are|were|is|was) (?:the )?(?:\w+ )?(?:reason|driver|cause)s?)|"
    r"warum|wieso|weshalb|wer|pourquoi|qui|por que|quien|perche|chi|waarom|почему|зачем|кто|لماذا|من|क्यों|कौन)(?!\w)|"
    r"^\W*(?:为什么|為什麼|为何|為何|なぜ|どうして|谁|誰|왜|누가|ทำไม|ใคร)"
)
_FRAME_WEIGHT = 0.3
"""Of words beside the question proper: they may hold its subject, but mostly say how to answer."""
_NAME_WEIGHT = 0.3
"""Of words that name the document that is meant: inside it they tell nothing apart."""
_PRINTED_WEIGHT = 0.4
"""Of words that are not the question's own: what answers print instead."""


@dataclass(frozen=True, slots=True)
class Intent:
    text: str
    core: str
    """The sentences that ask; all of them where none ends with a question mark, or what asks is but "Why?"."""
    frame: str
    """The rest."""
    expansion: Expansion
    numeric: bool
    """A figure answers it, likely out of a table."""
    explains: bool
    """Prose answers it: reasons, persons."""


@lru_cache(maxsize=256)
def read(question: str) -> Intent:
    """The intent of a question in any language; what its wording does not tell is left at its plainest."""
    parts = [question[start:end] for start, end in sentences(" ".join(question.split()))]
    asking = [part for part in parts if part.rstrip("\"'”’»)").endswith(_MARKS)]
    core, frame = " ".join(asking), " ".join(part for part in parts if part not in asking)
    if led := _LED_IN.match(core):
        core, frame = led["asks"], f"{frame} {led['before']}".strip()
    explains = bool(_EXPLAINS.match(strip_accents(normalize(core or question))))
    if not telling_words(core):
        core, frame = question, ""
    expansion = expand(question)
    numeric = not explains and (bool(expansion.statements) or Question(core).asked is Asked.NUMBER)
    return Intent(question, core, frame, expansion, numeric, explains)


def keyword_query(question: str, languages: tuple[str, ...], names: frozenset[str]) -> KeywordQuery:
    """The question as the keyword index takes it: each term weighs by the part that it plays.

    `languages`: of the documents, for stems; `names`: forms that name the documents which the question means.
    """
    intent = read(question)
    asked = analyze_query(intent.core, *languages)
    weights = dict.fromkeys(asked.terms, 1.0)
    for term in analyze_query(intent.frame, *languages).terms if intent.frame else ():
        weights.setdefault(term, _FRAME_WEIGHT)
    for term in weights:
        if term.lstrip("~") in names:
            weights[term] *= _NAME_WEIGHT
    for phrase in (*intent.expansion.phrases, *intent.expansion.statements):
        for term in _terms(phrase, languages):
            weights[term] = max(weights.get(term, 0.0), _PRINTED_WEIGHT)
    return KeywordQuery(
        tuple(weights), phrases=asked.phrases, preferred=asked.preferred, weights=tuple(weights.values())
    )


@lru_cache(maxsize=4096)
def _terms(phrase: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    return analyze_query(phrase, *languages).terms
