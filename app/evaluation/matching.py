"""Whether an answer says what the expected one says, in any language.

SQuAD's measures (Rajpurkar et al. 2016, "SQuAD") with MLQA's care for languages (Lewis et al. 2020): case, punctuation
and articles do not count, characters are the words of scripts without spaces. Beyond them, numbers count by value:
"$1,577" is "1577.00".
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.logic.folding import HAN_KANA, MARKS, SOUTH_EAST_ASIAN, clusters, normalize

_LETTER = rf"(?![{HAN_KANA}{SOUTH_EAST_ASIAN}])[^\W_]"
_TOKEN = re.compile(
    rf"(?P<number>\d+(?:[.,'’]\d+)*)|[{HAN_KANA}]|(?P<unspaced>[{SOUTH_EAST_ASIAN}]+)"
    rf"|{_LETTER}(?:{_LETTER}|[{MARKS}])*"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,'’])\d{3})(?:\1\d{3})*")
_MARKER = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")
_ARTICLES = {
    "en": "a an the",
    "es": "un una unos unas el la los las",
    "de": "ein eine einen einem eines einer der die das den dem des",
    "fr": "un une des le la les l",
    "it": "un uno una il lo la i gli le l",
    "pt": "um uma uns umas o a os as",
    "nl": "een de het",
}
_ARABIC_ARTICLE = "ال"


@lru_cache(maxsize=1 << 12)
def answer_tokens(text: str, language: str | None) -> tuple[str, ...]:
    """What counts of an answer: words without articles, numbers by value, single characters of Chinese and the like."""
    folded = normalize(_MARKER.sub(" ", text))
    articles = frozenset(_ARTICLES.get(language or "", "").split())
    tokens: list[str] = []
    for match in _TOKEN.finditer(folded):
        if match["number"]:
            tokens.append(_value(match["number"]))
        elif match["unspaced"]:
            tokens += clusters(match["unspaced"])
        elif match.group() not in articles:
            tokens.append(_without_article(match.group()) if language == "ar" else match.group())
    return tuple(tokens)


def f1(answer: str, expected: Iterable[str], language: str | None) -> float:
    """0..1: the harmonic mean of token precision and recall, against the expected answer that fits best."""
    said = answer_tokens(answer, language)
    return max((_f1(said, answer_tokens(item, language)) for item in expected), default=0.0)


def exact(answer: str, expected: Iterable[str], language: str | None) -> bool:
    said = answer_tokens(answer, language)
    return any(said == answer_tokens(item, language) for item in expected)


def contains(answer: str, expected: Iterable[str], language: str | None) -> bool:
    """Whether one of the expected answers stands in the answer as it is, whole words and whole numbers."""
    said = answer_tokens(answer, language)
    return any(_runs_in(answer_tokens(item, language), said) for item in expected)


def _f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    common = (Counter(said) & Counter(wanted)).total()
    return 2 * common / (len(said) + len(wanted)) if common else float(said == wanted)


def _runs_in(wanted: Sequence[str], said: Sequence[str]) -> bool:
    size = len(wanted)
    return size > 0 and any(said[at : at + size] == wanted for at in range(len(said) - size + 1))


def _value(written: str) -> str:
    """A number's digits: without grouping, and without zeros after the decimal point."""
    if _GROUPED.fullmatch(written):
        return re.sub(r"\D", "", written)
    separators = re.sub(r"\d", "", written)
    if not separators:
        return written
    whole, _, decimals = written.rpartition(separators[-1])
    return f"{re.sub(r'[^0-9]', '', whole)}.{decimals}".rstrip("0").rstrip(".")


def _without_article(word: str) -> str:
    return word.removeprefix(_ARABIC_ARTICLE) if len(word) > len(_ARABIC_ARTICLE) + 1 else word
