"""A question as extracting reads it: its words, the pairs they form, its numbers, and the kind of answer it wants."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from app.logic.asked import Asked, asked
from app.logic.evidence import terms
from app.logic.folding import WORD, normalize, strip_accents
from app.logic.numbers import Number, find_numbers
from app.logic.stopwords import stopwords, without_question_phrases

_WORDS = re.compile(WORD)
_NAME = re.compile(
    r"(?<!^)(?<![¿¡])(?<![.!?]\s)(?<![^\W_])[A-ZÀ-ÞА-Я][\w&.-]*(?:\s+(?:of\s+|de\s+)?[A-ZÀ-ÞА-Я][\w&.-]*)*"
)


@dataclass(frozen=True)
class Question:
    text: str
    language: str | None = None

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        return find_numbers(self.text)

    @cached_property
    def asked(self) -> Asked:
        return asked(self.text)

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """Neighbouring words, folded, of which one at least says something."""
        words = _WORDS.findall(strip_accents(normalize(without_question_phrases(self.text))))
        empty = stopwords(self.language)
        return tuple(f"{a} {b}" for a, b in pairwise(words) if a not in empty or b not in empty)

    def terms(self, language: str | None) -> frozenset[str]:
        """Its words as a text in `language` spells them, without those that ask."""
        return terms(without_question_phrases(self.text), language or self.language)


def names(text: str) -> list[str]:
    """Runs of capitalized words that do not open a sentence, each once."""
    return list(dict.fromkeys(match.group().rstrip(".") for match in _NAME.finditer(text)))
