"""What documents print for what a question asks: who asks for capital expenditure means "Purchases of property"."""

from functools import lru_cache

from app.logic.evidence import terms
from app.logic.intent import read
from app.logic.question import Question


@lru_cache(maxsize=64)  # asked for each row of the passages
def printed_names(question: Question, language: str | None) -> tuple[frozenset[str], ...]:
    """Each wording as its terms, as a text in `language` spells them; none for what has one name only."""
    found = (terms(phrase, language or question.language) for phrase in read(question.text).expansion.phrases)
    return tuple(phrase for phrase in found if phrase)
