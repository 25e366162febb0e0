"""What documents print for what a question asks: who asks for capital expenditure means "Purchases of property"."""

from app.logic.evidence import terms
from app.logic.intent import read
from app.logic.question import Question


def printed_names(question: Question, language: str | None) -> list[frozenset[str]]:
    """Each wording as its terms, as a text in `language` spells them; none for what has one name only."""
    found = (terms(phrase, language or question.language) for phrase in read(question.text).expansion.phrases)
    return [phrase for phrase in found if phrase]
