"""What people ask for under one name and reports print under others: statements, measures, abbreviations.

A question about the quick ratio is answered by a balance sheet that never says "quick ratio", and one about
"Investitionsausgaben" by "Purchases of property". Each row of the tables names such a thing in every wording that is
known, and what a text that answers it prints instead.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain

from app.logic.language import detect
from app.logic.tokens import STEM, analyze

_NAMES = "financial_names.toml"
_ENGLISH = "en"
_ANYTHING = "…"
"""In a wording: other words may stand there."""
_PLURAL = re.compile(r"(?<=\w\w[^\W_s])s(?= |$)")
_ELISION = re.compile(r"(?<!\w)(?:[cdjlmnst]|qu|un|all|dall|dell|nell|sull|quest|quell)['’](?=\w)", re.I)

Wording = tuple[tuple[str, ...], ...]
"""The words of what stands between "…"."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a question's wording adds to it."""

    phrases: tuple[str, ...] = ()
    """As texts that answer may print them."""
    statements: tuple[str, ...] = ()
    """Wordings of the names of the statements that the answer stands in."""
    wordings: tuple[str, ...] = ()
    """As the question has them, in the forms that are compared; not those of abbreviations."""


@lru_cache(maxsize=1024)
def expand(question: str) -> Expansion:
    """The rows whose wording occurs in a question: as words in sequence, or as an abbreviation. Of wordings within a
    longer one ("inventory" in "inventory turnover") only the longer counts."""
    spoken = detect(question)
    asked = _Asked(unicodedata.normalize("NFKC", question), words(question), _unfolded(question))
    found = [row for row in _rows() if _speaks(row, spoken and spoken[0]) and row.stands_in(asked)]
    whole = [row for row in found if not any(_is_part(row, other) for other in found)]
    phrases = dict.fromkeys(phrase for row in whole for phrase in row.printed)
    statements = dict.fromkeys(name for row in whole for name in row.statements)
    wordings = [" ".join(chain(*row.wording)) for row in whole if not isinstance(row.wording, re.Pattern)]
    return Expansion(tuple(phrases), tuple(statements), tuple(wordings))


def contains(text: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of a phrase stand in a text, in sequence."""
    return _end_of(phrase, text) is not None


def _end_of(phrase: Sequence[str], text: Sequence[str], start: int = 0) -> int | None:
    """Where a phrase ends that stands in a text from `start` on."""
    size = len(phrase)
    if not size or phrase[0] not in text:
        return None
    wanted = tuple(phrase)
    places = (i for i in range(start, len(text) - size + 1) if text[i] == wanted[0])
    return next((i + size for i in places if tuple(text[i : i + size]) == wanted), None)


def _follow(parts: Sequence[Sequence[str]], text: Sequence[str]) -> bool:
    """Whether all parts stand in a text, one after another."""
    start = 0
    for part in parts:
        end = _end_of(part, text, start)
        if end is None:
            return False
        start = end
    return True


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """A text's forms in order, as `contains` compares them."""
    return tuple(fold(" ".join(_forms(text))).split())


def fold(forms: str) -> str:
    """Forms with spaces between, English plurals folded, which alone tell most wordings of one name apart."""
    return _PLURAL.sub("", forms)


def _unfolded(text: str) -> tuple[str, ...]:
    """Forms of a text in another language than English, without the articles that it writes together with a word."""
    return tuple(_forms(_ELISION.sub(" ", text)))


def _forms(text: str) -> Iterator[str]:
    return (form for form in analyze(text, None) if not form.startswith(STEM))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in the ways that wordings are looked for in it."""

    spelled: str
    folded: tuple[str, ...]
    unfolded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One wording."""

    language: str | None
    """None for a name that is looked for in every language."""
    wording: Wording | re.Pattern[str]
    printed: tuple[str, ...]
    statements: tuple[str, ...]

    def stands_in(self, asked: _Asked) -> bool:
        if isinstance(self.wording, re.Pattern):
            return self.wording.search(asked.spelled) is not None
        return _follow(self.wording, asked.folded if self.language in (None, _ENGLISH) else asked.unfolded)


def _speaks(row: _Row, spoken: str | None) -> bool:
    """English names are used in every language; others in their own, or where it cannot be told."""
    return row.language in (None, _ENGLISH) or spoken is None or row.language == spoken


def _is_part(row: _Row, other: _Row) -> bool:
    if isinstance(row.wording, re.Pattern) or isinstance(other.wording, re.Pattern):
        return False
    whole = tuple(chain(*other.wording))
    return sum(map(len, row.wording)) < len(whole) and _follow(row.wording, whole)


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    return tuple(_all_rows())


def _all_rows() -> Iterator[_Row]:
    table = tomllib.loads((files("app.logic") / _NAMES).read_text(encoding="utf-8"))
    names = {key: _split(wordings) for key, wordings in table["statements"].items()}
    for wordings in names.values():
        for wording in wordings:
            yield _Row(None, _abbreviation(wording) or _parts(wording, words), (), wordings)
    for measure in table["measures"]:
        printed = _split(measure.pop("printed"))
        statements = tuple(name for key in measure.pop("statements") for name in names[key])
        for language, cell in measure.items():
            for wording in _split(cell):
                parts = _parts(wording, words if language == _ENGLISH else _unfolded)
                yield _Row(language, _abbreviation(wording) or parts, printed, statements)


def _parts(wording: str, read: Callable[[str], tuple[str, ...]]) -> Wording:
    return tuple(read(part) for part in wording.split(_ANYTHING))


def _abbreviation(wording: str) -> re.Pattern[str] | None:
    """What finds a wording in capitals, or with "&", as it is spelled; None for others."""
    if "&" in wording:
        spelled = r"\s?&\s?".join(map(re.escape, wording.split("&")))
        return re.compile(rf"(?<![^\W_]){spelled}(?![^\W_])", re.I)
    if wording.isascii() and wording.isupper():
        return re.compile(rf"(?<![^\W_]){wording}(?![^\W_])")
    return None


def _split(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(";"))
