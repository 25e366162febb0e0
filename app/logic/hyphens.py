"""Hyphens at line ends: "exam-|ple" is one word, "long-|term" keeps its hyphen."""

import re

LINE_END_HYPHEN = "\ufffe"
"""pdfium's mark for a hyphen that ended a line; the line break itself is already gone."""

_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_FORMER = re.compile(r"[^\s\ufffe]*\Z")
_LATTER = re.compile(r"[^\W\d_]*")
_HYPHENATED_SHARE = 0.03
_COMPOUND_HEADS = re.compile(
    "all|anti|co|cross|ex|half|high|inter|long|low|mid|multi|non|off|on|one|post|pre|pro|re|self|semi|short|sub|third"
    "|two|well"
)  # English alone: other languages' prefixes are rarely set apart


class Hyphens:
    """Tells, from the words of one page, which of its line-end hyphens belong to the spelling."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        marks = raw.count(LINE_END_HYPHEN)
        self._words = frozenset(_WORDS.findall(raw.lower())) if marks else frozenset()
        # Typesetters that hyphenate do so on every page; elsewhere a line ends in a hyphen only by chance.
        self._typeset = marks > 1 and marks >= _HYPHENATED_SHARE * (raw.count("\r\n") + marks)

    def belongs(self, at: int) -> bool:
        """Whether the hyphen at `raw[at]` is to be kept."""
        start = max(0, at - 60)
        former = _FORMER.search(self._raw[start:at])
        latter = _LATTER.match(self._raw, at + 1)
        head, tail = (former.group() if former else ""), (latter.group() if latter else "")
        head_word = re.sub(r"\A\W+", "", head).lower()
        if not tail[:1].islower() or not head_word.isalpha() or _COMPOUND_HEADS.fullmatch(head_word):
            return True
        if head_word + tail in self._words:
            return False
        if f"{head_word}-{tail}" in self._words:
            return True
        return not self._typeset
