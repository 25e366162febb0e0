"""Whether the text that a PDF page carries is worth storing, or is missing or rubbish. Pure; no dictionary.

A page may show one thing and say another: scans without text, fonts without a map to Unicode, maps that are shifted,
Indic text in the order of its glyphs, Arabic in visual order. Each leaves its marks in the text itself.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from app.models.domain import ParseWarning

Quality = Literal["good", "empty", "bad"]

SAMPLE = 2000
"""Characters of a page that are looked at."""

_SURE = 0.7
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_UNREADABLE = re.compile(r"[\ufffd\u25cc\ue000-\uf8ff\U000f0000-\U0010fffd]|\(cid:\d+\)")
_MOST_UNREADABLE = 0.05
_MOJIBAKE = re.compile(
    "[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf™œžŸ“”¢¦˜]|[ÐÑ][\u0080-\u00bf‘’“”°±²³´µ¶·¸¹º»¼½¾]"
)
_FEWEST_MOJIBAKE = 3
_FEWEST_LETTERS, _FEWEST_WORDS = 200, 20
_FEWEST_VOWELS = 0.22  # of Latin letters; Czech and Polish have .37, a font's codes taken for letters .14
_MOST_SINGLE_LETTERS = 0.6
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NEAR_ALPHABETS = re.compile(r"[\u0370-\u06ff]")  # Greek to Arabic
_MIXED = re.compile(r"[A-Za-zÀ-ɏ][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-zÀ-ɏ]")
_MOST_MIXED = 0.2
_MARKED_SCRIPTS = re.compile(
    r"[\u0591-\u05bd\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ebc\u0f00-\u109f\u1780-\u17d3]"
)
_MOST_ORPHANS = 0.05
_MARKS_KEPT = 0.95
_SOUTHERN = re.compile(r"[\u0900-\u0eff\u0f00-\u109f\u1780-\u17ff]")
_MOSTLY = 0.5
_ARABIC = re.compile(r"[\u0620-\u06ff]")
_ARABIC_WORD = re.compile(r"[\u0620-\u06ff]{3,}")
_ONLY_LAST = "ةى"  # letters of Arabic that only end a word


def judge(text: str) -> Quality:
    """`empty` where a page has no letters or digits at all, `bad` where what it has cannot be what it shows."""
    sample = text[:SAMPLE]
    unreadable = len(_UNREADABLE.findall(sample))
    if unreadable:
        solid = sum(map(str.isalnum, _UNREADABLE.sub("", sample)))
        if unreadable > _MOST_UNREADABLE * (solid + unreadable):
            return "bad"
    elif not _LETTER_OR_DIGIT.search(sample):
        return "empty"
    return "bad" if any(test(sample) for test in _TESTS) else "good"


def loses_marks(one: str, other: str) -> bool:
    """Whether `other` lacks vowel signs that `one` has: some extractors leave out every glyph of a syllable but one."""
    if one.isascii() or not _MARKED_SCRIPTS.search(one):
        return False
    marks, left = (sum(unicodedata.category(character)[0] == "M" for character in text) for text in (one, other))
    return left < _MARKS_KEPT * marks


def is_in_another_script(text: str, reading: str) -> bool:
    """Whether a page holds Indic or South-East Asian letters, bad as they are, and OCR that knew other scripts read
    something else in their place."""
    letters = len(_SOUTHERN.findall(text))
    return letters >= _FEWEST_WORDS and len(_SOUTHERN.findall(reading)) < _MOSTLY * letters


def warnings(quality: Quality, page: int, advice: str = "") -> Iterator[ParseWarning]:
    """What to tell of a page of that quality, and what to do about it."""
    if quality == "empty":
        said = "The page shows something but holds no text; it may be a scan."
        yield ParseWarning("no_text_layer", " ".join(filter(None, (said, advice))), page)
    elif quality == "bad":
        said = "The text that the page holds is not what it shows."
        yield ParseWarning("bad_text_layer", " ".join(filter(None, (said, advice))), page)


def ocr_warnings(confidence: float, page: int) -> Iterator[ParseWarning]:
    """What to tell of a page that was read by OCR."""
    if confidence < _SURE:
        said = f"The page was read by OCR, with a confidence of only {confidence:.0%}; compare what is quoted of it."
        yield ParseWarning("ocr_uncertain", said, page)


def _is_shifted(sample: str) -> bool:
    """Latin letters with few vowels among them: codes of a font that were taken for letters."""
    plain = unicodedata.normalize("NFD", sample.lower()).encode("ascii", "ignore")
    letters = sum(map(plain.count, b"abcdefghijklmnopqrstuvwxyz"))
    return letters >= _FEWEST_LETTERS and sum(map(plain.count, b"aeiouy")) < _FEWEST_VOWELS * letters


def _is_mojibake(sample: str) -> bool:
    """UTF-8 that was read as Latin-1 or Windows-1252: "cafÃ©"."""
    found = len(_MOJIBAKE.findall(sample))
    return found >= _FEWEST_MOJIBAKE and found > _MOST_UNREADABLE * len(sample.split())


def _is_spaced_out(sample: str) -> bool:
    """Letters set one by one, so that no word can be found."""
    if 3 * sample.count(" ") < len(sample) or _SPACELESS.search(sample):
        return False
    words = [word for word in sample.split() if word.isalpha()]
    return len(words) >= _FEWEST_WORDS and sum(len(word) == 1 for word in words) > _MOST_SINGLE_LETTERS * len(words)


def _is_mixed(sample: str) -> bool:
    """Letters of several alphabets inside many words."""
    if not _NEAR_ALPHABETS.search(sample):
        return False
    mixed = len(_MIXED.findall(sample))
    return mixed >= _FEWEST_WORDS and mixed > _MOST_MIXED * len(sample.split())


def _has_orphan_marks(sample: str) -> bool:
    """Vowel signs that follow no letter: text in the order of its glyphs."""
    if sample.isascii() or not _MARKED_SCRIPTS.search(sample):
        return False
    marks = orphans = 0
    before = " "
    for character in sample:
        if unicodedata.category(character) in ("Mn", "Mc"):
            marks += 1
            orphans += not (before.isalpha() or before in "\u200c\u200d" or unicodedata.category(before)[0] == "M")
        before = character
    return marks >= _FEWEST_WORDS and orphans > _MOST_ORPHANS * marks


def _is_reversed(sample: str) -> bool:
    """Arabic in visual order: words begin with letters that only end words."""
    if not _ARABIC.search(sample):
        return False
    words = _ARABIC_WORD.findall(sample)
    begun = sum(word[0] in _ONLY_LAST for word in words)
    return begun > 2 and begun > sum(word[-1] in _ONLY_LAST for word in words)


_TESTS = (_is_shifted, _is_mojibake, _is_spaced_out, _is_mixed, _has_orphan_marks, _is_reversed)
