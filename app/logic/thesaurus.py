"""What people ask for under one name and reports print under others: statements, measures, abbreviations.

A question about the quick ratio is answered by a balance sheet that never says "quick ratio", and one about
"Investitionsausgaben" by "Purchases of property". Each row of the tables names such a thing in every wording that is
known, and what a text that answers it prints instead.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.logic.financial_names import MEASURES, STATEMENTS
from app.logic.tokens import STEM, analyze

_PLURAL = re.compile(r"(?<=\w\w[^\W_s])s(?= |$)")


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a question's wording adds to it."""

    phrases: tuple[str, ...] = ()
    """As texts that answer may print them."""
    statements: tuple[str, ...] = ()
    """Wordings of the names of the statements that the answer stands in."""


@lru_cache(maxsize=1024)
def expand(question: str) -> Expansion:
    """The rows whose wording occurs in a question, as words in sequence, singular or plural, or as an abbreviation."""
    asked, spelled = words(question), unicodedata.normalize("NFKC", question)
    phrases: dict[str, None] = {}
    statements: dict[str, None] = {}
    for row in _rows():
        if row.abbreviation.search(spelled) if row.abbreviation else contains(asked, row.wording):
            phrases |= dict.fromkeys(row.printed)
            statements |= dict.fromkeys(row.statements)
    return Expansion(tuple(phrases), tuple(statements))


def contains(text: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of a phrase stand in a text, in sequence."""
    size = len(phrase)
    if not size or phrase[0] not in text:
        return False
    wanted = tuple(phrase)
    return any(tuple(text[i : i + size]) == wanted for i in range(len(text) - size + 1) if text[i] == wanted[0])


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """A text's forms in order, as `contains` compares them."""
    return tuple(fold(" ".join(form for form in analyze(text, None) if not form.startswith(STEM))).split())


def fold(forms: str) -> str:
    """Forms with spaces between, English plurals folded, which alone tell most wordings of one name apart."""
    return _PLURAL.sub("", forms)


@dataclass(frozen=True, slots=True)
class _Row:
    wording: tuple[str, ...]
    abbreviation: re.Pattern[str] | None
    printed: tuple[str, ...]
    statements: tuple[str, ...]


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    """One for each wording."""
    return tuple(_all_rows())


def _all_rows() -> Iterator[_Row]:
    names = {key: _split(wordings) for key, wordings in STATEMENTS.items()}
    for wordings in names.values():
        for wording in wordings:
            yield _Row(words(wording), _abbreviation(wording), (), wordings)
    for measure in MEASURES:
        statements = tuple(name for key in measure.statements for name in names[key])
        for wording in (*_split(measure.asked), *_split(measure.abroad)):
            yield _Row(words(wording), _abbreviation(wording), _split(measure.printed), statements)


def _abbreviation(wording: str) -> re.Pattern[str] | None:
    """What finds a wording in capitals, or with "&", as it is spelled; None for others."""
    if "&" in wording:
        return re.compile(rf"(?<![^\W_]){re.escape(wording)}(?![^\W_])", re.I)
    if wording.isascii() and wording.isupper():
        return re.compile(rf"(?<![^\W_]){wording}(?![^\W_])")
    return None


def _split(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";") if item.strip())
