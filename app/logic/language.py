"""Which language a text is in: its script first, which often settles it, then py3langid among that script's languages.

The method of py3langid is Lui and Baldwin 2012, "langid.py: an off-the-shelf language identification tool". Its model
knows 140 languages; those below are the ones that documents come in, since each rare relative (Bikol, Guianese Creole)
takes short texts from a common one.
"""

import re
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from app.logic.alphabets import foreign

_SAMPLE = 800
"""Characters that are looked at; more did not change an answer."""
_LEAST_CONFIDENCE = 0.5
_IDEOGRAPH = 6
"""Letters of an alphabet that one Chinese character or kana stands for, when scripts are weighed in mixed text."""
_PRIOR = 2.0
"""How much likelier than the others the first language of a script is before anything is read."""
_FOREIGN, _FOREIGN_AT_MOST = 0.05, 4
"""How likely a language is for each letter that it does not write: names and quotations have some."""
_ENOUGH = 30
"""Letters from which the model's word is taken at its value."""
_WORTH_TELLING = 0.02
_KANA_SHARE = 0.1
"""Of Chinese characters and kana together: above it the text is Japanese."""

_LATIN = (
    "en af az ca cs cy da de es et eu fi fr ga gl hr hu id is it lt lv ms mt nl no pl pt ro sk sl sq sv sw tl tr uz vi"
)
_SCRIPTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "latin": (
        "A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ",
        tuple(_LATIN.split()),
    ),
    "cyrillic": ("\u0400-\u052f", ("ru", "be", "bg", "kk", "ky", "mk", "mn", "sr", "tg", "uk")),
    "arabic": ("\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc", ("ar", "fa", "ps", "ug", "ur")),
    "devanagari": ("\u0900-\u0963\u0971-\u097f", ("hi", "mr", "ne", "sa")),
    "bengali": ("\u0980-\u09e3", ("bn", "as")),
    "han": ("\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af", ("zh",)),
    "kana": ("\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f", ("ja",)),
    "hangul": ("\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", ("ko",)),
    "thai": ("\u0e01-\u0e4e", ("th",)),
    "lao": ("\u0e81-\u0ecd\u0edc-\u0edf", ("lo",)),
    "khmer": ("\u1780-\u17d3", ("km",)),
    "burmese": ("\u1000-\u103f\u1050-\u108f", ("my",)),
    "greek": ("\u0370-\u03ff\u1f00-\u1fff", ("el",)),
    "hebrew": ("\u05d0-\u05ea\ufb1d-\ufb4f", ("he",)),
    "armenian": ("\u0531-\u0587", ("hy",)),
    "georgian": ("\u10a0-\u10ff\u1c90-\u1cbf", ("ka",)),
    "ethiopic": ("\u1200-\u137f", ("am",)),
    "gurmukhi": ("\u0a00-\u0a7f", ("pa",)),
    "gujarati": ("\u0a80-\u0aff", ("gu",)),
    "oriya": ("\u0b00-\u0b7f", ("or",)),
    "tamil": ("\u0b80-\u0bff", ("ta",)),
    "telugu": ("\u0c00-\u0c7f", ("te",)),
    "kannada": ("\u0c80-\u0cff", ("kn",)),
    "malayalam": ("\u0d00-\u0d7f", ("ml",)),
    "sinhala": ("\u0d80-\u0dff", ("si",)),
}
_LETTERS = {script: re.compile(f"[{letters}]") for script, (letters, _) in _SCRIPTS.items()}
_NOISE = re.compile(r"\S*(?:://|www\.|@)\S*")


def detect(text: str) -> tuple[str, float] | None:
    """ISO 639-1 code and confidence (0..1) of the language that most of `text` is in; None where that cannot be told.

    Too few letters, or a short text that several languages could have, give None rather than a guess.
    """
    return _detected(text[:_SAMPLE])


@lru_cache(256)  # one question is asked about at every step of its answer
def _detected(text: str) -> tuple[str, float] | None:
    sample = _NOISE.sub(" ", text)
    weights = _script_weights(sample)
    script = max(weights, key=lambda name: weights[name])
    if weights[script] < 2:
        return None
    share = weights[script] / sum(weights.values())
    languages = _SCRIPTS[script][1]
    if len(languages) == 1:
        return languages[0], round(share, 3)
    code, confidence = _among(languages, sample)
    return (code, round(share * confidence, 3)) if confidence >= _LEAST_CONFIDENCE else None


def candidates(text: str) -> list[tuple[str, float]]:
    """Languages that `text` may be in, at most five, best first, each with its confidence (0..1), however low.

    The confidence of few letters is low whatever the model says of them. Empty when there are no letters.
    """
    sample = _NOISE.sub(" ", text[:_SAMPLE])
    weights = _script_weights(sample)
    total = sum(weights.values())
    found: dict[str, float] = {}
    for script, weight in weights.items():
        languages = _SCRIPTS[script][1]
        if weight and len(languages) == 1:
            found[languages[0]] = weight / total
        elif weight:
            enough = min(1.0, weight / _ENOUGH)
            for code, share in _shares(languages, sample).items():
                found[code] = weight / total * share * enough
    ranked = sorted(found.items(), key=lambda item: -item[1])[:5]
    return [(code, round(confidence, 3)) for code, confidence in ranked if confidence >= _WORTH_TELLING][:5] or [
        (code, round(confidence, 3)) for code, confidence in ranked[:1]
    ]


def letters(text: str) -> dict[str, int]:
    """How many letters of each script there are, by the names that `_SCRIPTS` gives them."""
    return {script: len(pattern.findall(text)) for script, pattern in _LETTERS.items()}


def _script_weights(text: str) -> dict[str, int]:
    weights = letters(text)
    han, kana = weights["han"], weights["kana"]
    japanese = kana > _KANA_SHARE * (han + kana)
    weights["han"] = 0 if japanese else _IDEOGRAPH * (han + kana)
    weights["kana"] = _IDEOGRAPH * (han + kana) if japanese else 0
    weights["hangul"] *= _IDEOGRAPH // 3
    return weights


def _among(languages: tuple[str, ...], text: str) -> tuple[str, float]:
    scores = _shares(languages, text)
    best = max(scores, key=lambda code: scores[code])
    return best, scores[best]


def _shares(languages: tuple[str, ...], text: str) -> dict[str, float]:
    """How likely each of the languages of one script is, together 1."""
    scores = {code: score for code, score in _identifier().rank(text) if code in languages}
    scores[languages[0]] *= _PRIOR
    for code in scores:
        scores[code] *= _FOREIGN ** min(foreign(text, code), _FOREIGN_AT_MOST)
    total = sum(scores.values()) or 1.0
    return {code: score / total for code, score in scores.items()}


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded when first needed, once a process: half a second and 80 MB."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
