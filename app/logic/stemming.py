"""Stems: what the forms of one word have in common, by language.

The Snowball algorithms (Porter 2001) come from tantivy, which the keyword index is built on: its analyzers are pure
functions of a string and cost about a microsecond a word, so no second stemming library is needed.
"""

from collections.abc import Callable
from functools import cache, lru_cache

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from app.logic.folding import strip_accents

_SNOWBALL = {
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}

# Inflecting languages without a Snowball algorithm here: the first letters are a good stem
# (McNamee, Nicholas and Mayfield 2009, "Addressing morphological variation in alphabetic languages").
_TRUNCATED = {
    **dict.fromkeys(("be", "bg", "bs", "cs", "hr", "lt", "lv", "mk", "pl", "sk", "sl", "sr", "uk"), 6),
    **dict.fromkeys(("et", "eu", "hy", "ka", "kk", "ky", "mn", "sq", "uz", "az"), 6),
    **dict.fromkeys(("bn", "gu", "kn", "ml", "mr", "ne", "or", "pa", "si", "te"), 5),
}

# Larkey, Ballesteros and Connell 2002, "Improving stemming for Arabic information retrieval": light10.
_ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال", "و")
_ARABIC_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")

# Ramanathan and Rao 2003, "A lightweight stemmer for Hindi", longest first.
_HINDI = (
    "ाएंगी ाएंगे ाऊंगी ाऊंगा ाइयाँ ाइयों ाइयां ाएगी ाएगा ाओगी ाओगे एंगी ेंगी एंगे "
    "ेंगे ूंगी ूंगा ातीं नाओं नाएं ताओं ताएं ियाँ ियों ियां ाकर ाइए ाईं ाया ेगी ेगा "
    "ोगी ोगे ाने ाना ाते ाती ाता तीं ाओं ाएं ुओं ुएं ुआं कर ाओ िए ाई ाए ने नी ना ते "
    "ीं ती ता ाँ ां ों ें ो े ू ु ी ि ा"
)
_HINDI_SUFFIXES = tuple(_HINDI.split())


def _arabic(word: str) -> str:
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + (3 if prefix == "و" else 2):
            word = word[len(prefix) :]
            break
    for suffix in _ARABIC_SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            word = word[: -len(suffix)]
    return word


def _hindi(word: str) -> str:
    for suffix in _HINDI_SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            return word[: -len(suffix)]
    return word


_OWN: dict[str, Callable[[str], str]] = {"ar": _arabic, "fa": _arabic, "hi": _hindi, "vi": str}


@cache
def _snowball(algorithm: str) -> Callable[[str], str]:
    analyzer = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer(algorithm)).build()
    return lambda word: strip_accents(analyzer.analyze(word)[0])


@cache
def _stemmer(language: str | None) -> Callable[[str], str] | None:
    if language in _SNOWBALL:
        return _snowball(_SNOWBALL[language])
    if language in _TRUNCATED:
        length = _TRUNCATED[language]
        return lambda word: strip_accents(word)[:length]
    return _OWN.get(language) if language else None


@lru_cache(maxsize=1 << 16)
def stem(word: str, language: str | None) -> str:
    """The stem of a word as `folding.normalize` spells it; "" for a language (ISO 639-1) that has no stemmer here.

    Vietnamese words have no forms, but their tones tell them apart: there the stem is the word with its accents on.
    """
    stemmer = _stemmer(language)
    return stemmer(word) if stemmer else ""
