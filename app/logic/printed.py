"""What documents print for what a question asks: who asks for capital expenditure means "Purchases of property"."""

from functools import lru_cache

from app.logic.evidence import Unit, terms
from app.logic.intent import read
from app.logic.question import Question
from app.logic.tokens import STEM

Name = tuple[str, ...]
"""The terms of a wording, in its order."""

_NET = frozenset({"net", f"{STEM}net"})


@lru_cache(maxsize=64)  # asked for each row of the passages
def printed_names(question: Question, language: str | None) -> tuple[Name, ...]:
    """Each wording as a text in `language` spells it; none for what has one name only."""
    spelled = (_in_order(phrase, language or question.language) for phrase in read(question.text).expansion.phrases)
    return tuple(tuple(dict.fromkeys(name)) for name in spelled if name)


def says(unit: Unit, name: Name, language: str | None) -> bool:
    """Whether a sentence or a row has every word of a name, and a row "net" before what is net: "Other expense
    (income), net" is no net income."""
    if not unit.terms.issuperset(name):
        return False
    if not (unit.is_row and name[0] in _NET):
        return True
    said = iter(_in_order(unit.text, language))
    return all(term in said for term in name)


def _in_order(text: str, language: str | None) -> list[str]:
    return [term for word in text.split() for term in sorted(terms(word, language))]
