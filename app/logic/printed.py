"""What documents print for what a question asks: who asks for capital expenditure means "Purchases of property"."""

from functools import lru_cache

from app.logic.evidence import Unit, terms
from app.logic.intent import read
from app.logic.question import Question

Name = tuple[str, ...]
"""The terms of a wording, in its order."""


@lru_cache(maxsize=64)  # asked for each row of the passages
def printed_names(question: Question, language: str | None) -> tuple[Name, ...]:
    """Each wording as a text in `language` spells it; none for what has one name only."""
    spelled = (_in_order(phrase, language or question.language) for phrase in read(question.text).expansion.phrases)
    return tuple(name for name in spelled if name)


def says(unit: Unit, name: Name, language: str | None) -> bool:
    """Whether a sentence has every word of a name, and a row has them in its order: "Other expense (income), net" is no
    net income."""
    if not unit.terms.issuperset(name):
        return False
    return not unit.is_row or tuple(term for term in _in_order(unit.text, language) if term in name) == name


def _in_order(text: str, language: str | None) -> Name:
    """The terms of a text, each where it first stands."""
    return tuple(dict.fromkeys(term for word in text.split() for term in sorted(terms(word, language))))
