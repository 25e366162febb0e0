"""Finding a quote in a passage: where it stands on its page, and how exactly it stands there."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.logic.folding import HAN_KANA, MARKS
from app.models.domain import Passage

_CLUSTER = re.compile(rf".[{MARKS}]*", re.DOTALL)
_SPACED = re.compile(rf"(?<=[{HAN_KANA}])\s+(?=[{HAN_KANA}])")
_LINE_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u2011]+(?:\s*\n\s*)?(?=[^\W\d_])|\u00ad")
_STRAIGHT = str.maketrans("‘’‚‛′‹›“”„‟″«»‐‑‒–—―−", "'''''''" + '"' * 7 + "-------")
_ELLIPSIS = re.compile(r"\s*(?:\.{3,}|…|\[(?:\.{3}|…)\])\s*")
_AROUND = " \t\n\"'“”‘’„«»「」『』.,;:*_"
_SHORTEST_PART = 12
"""Characters of a part of an abbreviated quote that still tell where it stands."""


@dataclass(frozen=True, slots=True)
class Segment:
    """`passage.text[start:end]` is the text of page `page` from its offset `page_start` on."""

    page: int
    page_start: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """`text` is page `page`'s stored text from `start` to `end`; in the passage's text it begins at `at`."""

    page: int
    start: int
    end: int
    text: str
    at: int
    verified: Literal["exact", "normalized", "none"]


def segments(passage: Passage) -> tuple[Segment, ...]:
    """The passage's text by page span, in order; the newlines that join the spans belong to none."""
    found, at = [], 0
    for span in passage.spans:
        end = min(at + span.end - span.start, len(passage.text))
        if at < end:
            found.append(Segment(span.page, span.start, at, end))
        at = end + 1
    return tuple(found)


def cut(
    passage: Passage, start: int, end: int, verified: Literal["exact", "normalized", "none"] = "exact"
) -> Quote | None:
    """`passage.text[start:end]` as a quote; of a stretch over several pages, the longest part that stands on one."""
    parts = [
        (min(end, segment.end) - max(start, segment.start), max(start, segment.start), segment)
        for segment in segments(passage)
    ]
    length, begin, segment = max(parts, key=lambda part: part[0], default=(0, 0, None))
    if segment is None or length <= 0:
        return None
    text = passage.text[begin : begin + length]
    begin += len(text) - len(text.lstrip())
    text = text.strip()
    page_start = segment.page_start + begin - segment.start
    return Quote(segment.page, page_start, page_start + len(text), text, begin, verified) if text else None


def find_quote(passage: Passage, wanted: str) -> Quote | None:
    """Where `wanted` stands in the passage: character for character ("exact"), or after folding ("normalized").

    Folded are compatibility forms (NFKC), case, quotation marks and dashes, white space, and hyphens within words, at
    line ends too. An abbreviated quote ("a ... b") is found by its longest part. What is returned is always the page's
    own text; None when it does not stand there.
    """
    wanted = wanted.strip()
    if not wanted:
        return None
    for start in _occurrences(passage.text, wanted):
        return cut(passage, start, start + len(wanted))
    folded, sources = fold(passage.text)
    for part in _readings(wanted):
        needle = fold(part)[0].strip()
        for start in _occurrences(folded, needle) if needle else ():
            first, last = sources[start], sources[start + len(needle) - 1]
            return cut(passage, first[0], last[1], "normalized")
    return None


def _readings(wanted: str) -> Iterator[str]:
    yield wanted
    yield wanted.strip(_AROUND)
    parts = sorted((part.strip(_AROUND) for part in _ELLIPSIS.split(wanted)), key=len, reverse=True)
    if len(parts) > 1 and len(parts[0]) >= _SHORTEST_PART:
        yield parts[0]


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    """Where `wanted` begins in `text` without cutting a number or a word in two."""
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not (_joined(text[at - 1 : at], wanted[0]) or _joined(wanted[-1], text[end : end + 1])):
            yield at
        at = text.find(wanted, at + 1)


_SPACED_LETTER = re.compile(rf"[^\W{HAN_KANA}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def _joined(before: str, after: str) -> bool:
    return bool(_SPACED_LETTER.match(before) and _SPACED_LETTER.match(after))


def folded_spaces(text: str) -> str:
    """Text on one line: white space runs as one space, none between characters of scripts without spaces."""
    return " ".join(_SPACED.sub("", text).split())


def fold(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Text for matching, and for each of its characters the stretch of `text` (start, end) that it stands for."""
    dropped = {
        at for pattern in (_SPACED, _LINE_HYPHEN) for match in pattern.finditer(text) for at in range(*match.span())
    }
    out: list[str] = []
    sources: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        start, end = match.span()
        if start in dropped:
            continue
        for char in _fold_cluster(match.group()):
            if char == " " and out and out[-1] == " ":
                sources[-1] = (sources[-1][0], end)
                continue
            out.append(char)
            sources.append((start, end))
    return "".join(out), sources


def _fold_cluster(cluster: str) -> str:
    if cluster.isspace():
        return " "
    return unicodedata.normalize("NFKC", cluster).casefold().translate(_STRAIGHT)
