"""One spelling for every way to write a word: Unicode width, case, accents, Arabic and Indic variants, digits."""

import re
import unicodedata
from functools import cache

_SCANNED = range(0x20000)
"""Every mark and digit that text is written with stands below; scanning all of Unicode would cost 0.1 s a start."""


def _ranges(wanted: str) -> str:
    """The code points whose category begins with `wanted`, as the inside of a regex character class."""
    found: list[tuple[int, int]] = []
    for code in _SCANNED:
        if unicodedata.category(chr(code)).startswith(wanted):
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)


MARKS = _ranges("M")
"""Python's `\\w` leaves these out, which would cut Devanagari, Thai or Tamil words at each vowel sign."""

WORD = rf"[^\W_](?:[^\W_]|[{MARKS}])*"

_INVISIBLE = dict.fromkeys(
    [code for code in _SCANNED if unicodedata.category(chr(code)) == "Cf" and code != 0x200B]  # U+200B parts words
)
_DIGITS = {
    code: str(unicodedata.decimal(chr(code)))
    for code in _SCANNED
    if code > 0x39 and unicodedata.category(chr(code)) == "Nd"
}
# As Lucene's ArabicNormalizer and PersianNormalizer: alef, hamza, yeh, kaf and heh variants; tatweel and vowel signs.
_ARABIC = {
    **dict.fromkeys(map(ord, "آأإٱ"), "ا"),
    **dict.fromkeys(map(ord, "ىیئے"), "ي"),
    **dict.fromkeys(map(ord, "ةۀہە"), "ه"),
    ord("ک"): "ك",
    ord("ؤ"): "و",
    ord("ـ"): None,
    **dict.fromkeys(range(0x610, 0x61B)),
    **dict.fromkeys(range(0x64B, 0x660)),
    0x670: None,
    **dict.fromkeys(range(0x6D6, 0x6ED)),
}
# Lucene's HindiNormalizer: nasal signs to anusvara, nukta away, one short form for vowels that writers mix up.
_DEVANAGARI = {ord("ँ"): "ं", ord("़"): None, ord("ॅ"): "े", ord("ॉ"): "ो", ord("ऍ"): "ए", ord("ऑ"): "ओ"}

_NORMALIZED = _INVISIBLE | _DIGITS | _ARABIC | _DEVANAGARI

_LETTERS_WITHOUT_DECOMPOSITION = dict(
    zip("øłđðħıŋŧɓƙ", ["o", "l", "d", "d", "h", "i", "n", "t", "b", "k"], strict=True)
) | {"æ": "ae", "œ": "oe", "þ": "th"}
_DISTINCT = "йї"
"""Letters of their own right, not accented ones."""


@cache
def _accents() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for code in (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)):
        bare = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))
        if bare != chr(code) and chr(code) not in _DISTINCT:
            table[code] = bare
    return table | {ord(letter): bare for letter, bare in _LETTERS_WITHOUT_DECOMPOSITION.items()}


def normalize(text: str) -> str:
    """NFKC and casefold, one spelling of Arabic and Devanagari letters, ASCII digits; accents stay."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded if folded.isascii() else folded.translate(_NORMALIZED)


def strip_accents(text: str) -> str:
    """Normalized Latin, Greek and Cyrillic text without its accents; other scripts' marks are letters and stay."""
    return text if text.isascii() else text.translate(_accents())


# ------------------------------------------------------- scripts that are written without spaces

HAN_KANA = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
SOUTH_EAST_ASIAN = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17d3"

_CLUSTER = re.compile(rf"[เ-ไເ-ໄ]?.(?:[{MARKS}ะาๅະາ]|(?<=[\u17d2\u1039]).)*", re.DOTALL)


def clusters(text: str) -> list[str]:
    """Thai, Lao, Khmer or Burmese text in units of one written syllable part: a consonant with all that leans on it."""
    return _CLUSTER.findall(text)
