"""Text to search tokens, the same way for documents and questions, in every script.

A token is either a *form* (the word as written, folded) or a *stem*, marked by `STEM`, which finds more. Forms keep the
text's order, so that a quoted phrase is a run of forms; stems come after all forms. Pieces between white space are
analyzed one by one and remembered, since most of a text is made of words seen before.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from app.logic.folding import HAN_KANA, HANGUL, MARKS, SOUTH_EAST_ASIAN, WORD, clusters, normalize, strip_accents
from app.logic.stemming import stem
from app.logic.stopwords import EMPTY_CHARACTERS, stopwords, without_question_phrases
from app.logic.stopwords import LANGUAGES as STOPWORD_LANGUAGES
from app.models.domain import KeywordQuery

STEM = "~"
"""Begins a stem; no form can begin with it, so the two never meet."""

_EMPTY_STEMS = frozenset(STEM + character for character in EMPTY_CHARACTERS)
_LONGEST = 64
"""Characters of a token; what is longer (encoded data) is cut, since nobody types it."""
_REMEMBERED = 40
"""Pieces longer than this are rarely seen twice."""

_LEXEME = re.compile(rf"{WORD}(?:[-‐‑–./'’ʼ:&@_,−]{WORD})*(?:\+\+|#)?")
_PART = re.compile(rf"{WORD}(?:\+\+|#)?")
_UNSPACED = re.compile(rf"[{HAN_KANA}]+|[{HANGUL}]+|[{SOUTH_EAST_ASIAN}]+|[^{HAN_KANA}{HANGUL}{SOUTH_EAST_ASIAN}]+")
_HAS_UNSPACED = re.compile(rf"[{HAN_KANA}{HANGUL}{SOUTH_EAST_ASIAN}]")
_IS_SOUTH_EAST_ASIAN = re.compile(rf"[{SOUTH_EAST_ASIAN}]")
_ACRONYM = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_NUMBER = re.compile(r"(\d{1,3}([,.'’])(?:\d{2,3}\2)*\d{3}(?!\d)|\d+)(?:[.,](\d+))?([^\W\d_]{0,3})")
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")
_RUN = re.compile(r"\d+|[^\W\d_]{2,}")
_POSSESSIVES = ("'s", "’s")
_QUOTED = re.compile(r'(?<!\w)"(?=\S)([^"]+)(?<=\S)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』')


def analyze(text: str, language: str | None) -> list[str]:
    """Every token of a document's text: its forms in order, then, if `language` (ISO 639-1) is known, its stems.

    Numbers and codes are found however they are written: "10-K" gives 10, k and 10k; "$1,577" gives 1577; "FY2018"
    also 2018. Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese come in overlapping pairs of characters, and each
    character is a stem.
    """
    forms: list[str] = []
    stems: list[str] = []
    for piece in text.split():
        found = _remembered(piece, language) if len(piece) <= _REMEMBERED else _analyze_piece(piece, language)
        forms += found[0]
        stems += found[1]
    return forms + stems


def analyze_query(question: str, *languages: str | None) -> KeywordQuery:
    """A question's tokens, each once, with the stems that each of these languages (of the documents) has for it.

    Words that only ask are left out, unless nothing else is asked. The words of a phrase in quotation marks are terms
    too. Who types little else wants the phrase itself: it must occur. Within a longer question quotation marks often
    hold a name that the documents spell otherwise: it is preferred.
    """
    asked = telling_words(question, *languages) or question
    tokens = dict.fromkeys(token for language in languages or (None,) for token in analyze(asked, language))
    terms = tuple(token for token in tokens if token not in _EMPTY_STEMS)
    quoted = (tuple(analyze("".join(groups), None)) for groups in _QUOTED.findall(question))
    phrases = tuple(dict.fromkeys(phrase for phrase in quoted if phrase))
    forms = {term for term in terms if not term.startswith(STEM)}
    if 3 * len(forms.difference(*phrases)) <= len(forms):
        return KeywordQuery(terms, phrases=phrases)
    return KeywordQuery(terms, preferred=phrases)


def telling_words(question: str, *languages: str | None) -> str:
    """The question without empty words: those of the language that has most of them in it, since short text tells
    its language by nothing so well. Of equals, the language named first. Nothing is left of "Why is that?"."""
    pieces = {piece: _remembered(piece, None)[0] for piece in without_question_phrases(question).split()}
    candidates = dict.fromkeys((*languages, *STOPWORD_LANGUAGES))
    empty = max((stopwords(language) for language in candidates), key=lambda empty: _covered(pieces.values(), empty))
    return " ".join(piece for piece, forms in pieces.items() if forms and not empty.issuperset(forms))


def _covered(pieces: Iterable[tuple[str, ...]], empty: frozenset[str]) -> int:
    return sum(empty.issuperset(forms) for forms in pieces if forms)


def _analyze_piece(piece: str, language: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    forms: list[str] = []
    stems: list[str] = []
    for lexeme in _LEXEME.findall(normalize(piece)):
        for form, stemmed in _lexeme(lexeme, language):
            if form:
                forms.append(form[:_LONGEST])
            if stemmed:
                stems.append(STEM + stemmed[:_LONGEST])
    return tuple(forms), tuple(stems)


_remembered = lru_cache(maxsize=1 << 16)(_analyze_piece)


def _lexeme(lexeme: str, language: str | None) -> Iterator[tuple[str, str]]:
    """(form, stem), either of which may be empty, of one stretch of word characters and what joins them."""
    if _HAS_UNSPACED.search(lexeme):
        for run in _UNSPACED.findall(lexeme):
            if _HAS_UNSPACED.search(run):
                yield from ((form, unit if language else "") for form, unit in _pairs(run))
            else:
                yield from (pair for part in _LEXEME.findall(run) for pair in _lexeme(part, language))
    elif _WORD.fullmatch(lexeme):
        yield strip_accents(lexeme), stem(lexeme, language)
    elif number := _NUMBER.fullmatch(lexeme):
        yield from ((form, "") for form in _number_forms(lexeme, number))
    elif _ACRONYM.fullmatch(lexeme):
        yield lexeme.replace(".", ""), ""
    else:
        yield from _compound(lexeme, language)


def _pairs(run: str) -> Iterator[tuple[str, str]]:
    """Overlapping pairs as forms, single characters as stems: these find one character alone, and rank better."""
    units = clusters(run) if _IS_SOUTH_EAST_ASIAN.match(run) else list(run)
    yield from ((pair, "") for pair in ([first + second for first, second in pairwise(units)] or units))
    yield from (("", unit) for unit in units)


def _number_forms(text: str, number: re.Match[str]) -> list[str]:
    """A number without its grouping; "1.577" may be either kind, so it is found by both."""
    whole, separator, decimals, unit = number.groups()
    plain = whole.replace(separator, "") if separator else whole
    forms = [f"{plain}.{decimals}" if decimals else plain]
    if separator == "." and not decimals and whole.count(".") == 1:
        forms.append(whole)
    if unit:
        forms += [text, unit] if text.isalnum() else [unit]
    return forms


def _compound(lexeme: str, language: str | None) -> Iterator[tuple[str, str]]:
    """Words joined by hyphens, apostrophes, dots or slashes, and words with digits in them."""
    coded = any(c.isdigit() for c in lexeme)
    owner = lexeme
    while coded and owner.endswith(_POSSESSIVES):
        owner = owner[:-2]
    if owner != lexeme:
        yield from _lexeme(owner, language)
        return
    parts = _PART.findall(lexeme)
    for part in parts:
        if len(part) == 1 and len(parts) > 1 and not coded:
            continue  # the s of "year's", the l of "l'eau"
        yield strip_accents(part), stem(part, language) if _WORD.fullmatch(part) else ""
        if coded and len(runs := _RUN.findall(part)) > 1:
            yield from ((strip_accents(run), "") for run in runs if len(run) > 1)
    if len(parts) > 1 and (coded or "-" in lexeme or len(parts[0]) == 1):
        yield strip_accents("".join(parts)), ""
