"""The citation markers of a model's reply: `[1]`, `[1, 2]`, `[1-3]`, `【1】`, `［１］`, `[١]`, `[Source 2]`, ..."""

import re

from app.logic.folding import HAN_KANA

_NAMES = "passages?|sources?|citations?|cite|refs?|docs?|documents?"
_ITEM = rf"(?:(?:{_NAMES})\s?)?[#^:]?\s?(\d{{1,3}})"
_PLAIN_ITEM = _ITEM.replace("(\\d", "(?:\\d")
_SEPARATOR = r"\s?(?:[,;&、，؛،~\-–—]|and|to|\s)\s?"
MARKER = re.compile(
    rf"[\[［【〔]\s?(?P<list>{_PLAIN_ITEM}(?:{_SEPARATOR}{_PLAIN_ITEM})*)\s?(?:†[^\]］】〕\n]{{0,80}})?[\]］】〕]",
    re.IGNORECASE,
)
_RANGE_OR_ITEM = re.compile(rf"{_ITEM}(?:\s?(?:[~\-–—]|to)\s?{_ITEM})?", re.IGNORECASE)
_LONGEST_RANGE = 20
_UNFINISHED = re.compile(
    r"[\[［【〔](?:[\d\s,;&、，؛،~#^:\-–—]|and|to|" + _NAMES + r"|[a-z]{1,9}$|†[^\]］】〕\n]*)*$", re.IGNORECASE
)
_LONGEST = 120
"""Characters after which an opening bracket is text, closed or not."""
_UNSPACED = re.compile(rf"[{HAN_KANA}]")
_NEAR = 8
"""Characters before a marker that tell whether the text is written without spaces; some may be digits."""


def numbers_of(marker: re.Match[str]) -> list[int]:
    """The passages that a marker names, in its order, each once."""
    found: list[int] = []
    for match in _RANGE_OR_ITEM.finditer(marker["list"]):
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        found += range(first, last + 1) if first <= last < first + _LONGEST_RANGE else [first, last]
    return list(dict.fromkeys(found))


def unfinished(text: str, at: int) -> bool:
    """Whether the bracket that opens at `text[at]` may still become a marker when more text comes."""
    return len(text) - at < _LONGEST and _UNFINISHED.match(text, at) is not None


def without_markers(text: str) -> str:
    return MARKER.sub("", text)


def written(numbers: list[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def space_before(text: str) -> str:
    """What parts a marker from the text before it: nothing in scripts that have no spaces."""
    return "" if not text or text[-1].isspace() or _UNSPACED.search(text[-_NEAR:]) else " "
