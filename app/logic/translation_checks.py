"""Whether what a model gave back for a segment is its translation, as far as that can be told without reading it.

Each finding is a stable word; `ADVICE` tells the model what to mend when it is asked again.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from app.logic import translation_languages as languages
from app.logic.folding import MARKS
from app.logic.language import detect, letters
from app.logic.translation_masks import MARK, without_marks
from app.models.translation import Pair, Segment, Term

ADVICE = {
    "missing": "There was no item with this id, or the reply broke off. Translate this segment.",
    "empty": "The translation was empty. Translate this segment.",
    "marks_changed": "The marks like <x1/> and <g2>…</g2> were not those of the segment. Keep each exactly once, and "
    "every pair properly nested.",
    "numbers_changed": "A number was lost, added or changed. Keep every number, in digits, with the same value.",
    "echoed": "The segment came back untranslated. Translate it.",
    "wrong_script": "The translation is not written in the target language.",
    "too_short": "The translation is far too short: something was left out. Translate all of it.",
    "too_long": "The translation is far too long. Translate the segment and add nothing.",
    "cut_off": "The translation breaks off before its end. Translate all of it.",
}

_ECHO_WORDS = 4
"""Fewer words may be a name that stays as it is."""
_FEW_LETTERS = 4
_SHARE = 0.5
"""Of the letters that are new in a translation: in a script of its language."""
_LONG = 60
"""Letters (weighed) from which lengths are compared."""
_SHRUNK, _GROWN = 0.25, 4.0
_WEIGHTS = {"han": 3.0, "kana": 2.0, "hangul": 2.0}
"""Letters of an alphabet that one character stands for, roughly, in translations."""
_NUMBER = re.compile(r"\d+(?:[.,'’٬٫\u00a0\u202f]\d+)*")
_SPACED_NUMBER = re.compile(r"\d+(?:[.,'’٬٫ \u00a0\u202f]\d+)*")
_ENDS = re.compile(r"[.!?…。！？｡؟۔।॥։።;:](?:[\"'”’»」』）)\]\s]|<[^<>]*>)*\Z")
_UNENDED = frozenset({"th", "lo", "km", "my"})
"""Languages that do not mark where a sentence ends."""
_SENTENCE_WORDS = 6
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")


def fault(piece: Segment, reply: str, pair: Pair, terms: Sequence[Term] = ()) -> str | None:
    """What is wrong with `reply` as the translation of `piece`; None if nothing can be seen.

    `terms` are those of the glossary that occur: their translations may have other numbers than they have.
    """
    if not without_marks(reply).strip():
        return "empty"
    if not _same_marks(piece.text, reply):
        return "marks_changed"
    source, target = without_marks(piece.text), without_marks(reply)
    if not (_same_numbers(source, target) or _same_numbers(_with_terms(source, terms), target)):
        return "numbers_changed"
    return _fault_of_words(source, target, pair)


def _fault_of_words(source: str, target: str, pair: Pair) -> str | None:
    if _folded(source) == _folded(target):
        return "echoed" if _needs_change(source, pair) else None
    if not _in_script(source, target, pair.target):
        return "wrong_script"
    before, after = _weight(source), _weight(target)
    if before >= _LONG and after < before * _SHRUNK:
        return "too_short"
    if after > max(before, _LONG) * _GROWN:
        return "too_long"
    return "cut_off" if _broken_off(source, target, pair.target) else None


def well_nested(text: str) -> bool:
    """Whether every <g…> closes in turn, and nothing closes that was not opened."""
    opened: list[str] = []
    for match in MARK.finditer(text):
        if match["kind"] == "x":
            continue
        if not match["closing"]:
            opened.append(match["number"])
        elif not opened or opened.pop() != match["number"]:
            return False
    return not opened


def _same_marks(source: str, reply: str) -> bool:
    return _marks(source) == _marks(reply) and well_nested(reply)


def _marks(text: str) -> Counter[tuple[str, str, str]]:
    return Counter((match["kind"], match["number"], match["closing"]) for match in MARK.finditer(text))


def _same_numbers(source: str, reply: str) -> bool:
    """Digits are compared, not separators: 1,234.5 is 1.234,5 elsewhere. A space may group digits or part numbers."""
    return any(_numbers(source, pattern) == _numbers(reply, pattern) for pattern in (_NUMBER, _SPACED_NUMBER))


def _with_terms(source: str, terms: Sequence[Term]) -> str:
    said = {term.source.casefold(): term.target or term.source for term in terms}
    pattern = "|".join(re.escape(term.source) for term in terms)
    return (
        re.sub(pattern, lambda found: said.get(found[0].casefold(), found[0]), source, flags=re.I) if said else source
    )


def _numbers(text: str, pattern: re.Pattern[str]) -> Counter[str]:
    return Counter(
        "".join(str(unicodedata.digit(c)) for c in found if c.isdecimal()) for found in pattern.findall(text)
    )


def _needs_change(source: str, pair: Pair) -> bool:
    """Whether a text that came back as it was should have been translated: names stay, and so does what is in the
    target language already."""
    words = _WORD.findall(source)
    found = detect(source)
    if found is not None and languages.wire(found[0], source) == pair.target and pair.source != pair.target:
        return False
    foreign = not _in_script("", source, pair.target) and sum(map(len, words)) > _FEW_LETTERS
    name = all(word[0].isupper() for word in words) and len(words) < _ECHO_WORDS
    return (foreign and not name) or len(words) >= _ECHO_WORDS


def _in_script(source: str, target: str, language: str) -> bool:
    """Whether the letters of `target`, save in words that stand in `source` too, are mostly those of the language."""
    kept = {word.casefold() for word in _WORD.findall(source)}
    found = letters(" ".join(word for word in _WORD.findall(target) if word.casefold() not in kept))
    total = sum(found.values())
    own = sum(found[script] for script in languages.scripts(language))
    return total <= _FEW_LETTERS or own >= _SHARE * total


def _weight(text: str) -> float:
    return sum(_WEIGHTS.get(script, 1.0) * count for script, count in letters(text).items())


def _broken_off(source: str, target: str, language: str) -> bool:
    if language in _UNENDED or len(_WORD.findall(source)) < _SENTENCE_WORDS:
        return False
    return _ENDS.search(source) is not None and _ENDS.search(target) is None


def _folded(text: str) -> Sequence[str]:
    return unicodedata.normalize("NFKC", text).casefold().split()
