"""The stored text of a page, made from what a PDF library reads, and the way back from its offsets.

`clean` depends on the one page alone, so that it can be run again, much later and in another process, to find where on
the paper a stretch of stored text stands.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from app.logic.hyphens import LINE_END_HYPHEN, Hyphens

Edit = tuple[int, int, str]
"""before[start:end] becomes the string."""

_SAME_LENGTH = {
    **dict.fromkeys(map(ord, "\t\v\f\u00a0\u1680\u202f\u205f\u2028\u2029"), " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    # What word processors map the bullets of Symbol and Wingdings to, in the private use area.
    0xF0B7: "\u2022",
    0xF0A7: "\u25aa",
    0xF0D8: "\u27a2",
    0xF0FC: "\u2713",
    0xF06F: "\u25a1",
    0xF0A8: "\u25a1",
    0xF078: "\u2612",
    0xF0FE: "\u2612",
}
_TRANSLATED = re.compile(f"[{''.join(map(chr, _SAME_LENGTH))}]")
_LONE_BREAK = re.compile(r"(?<!\r)\n|\r(?!\n)")  # some fonts map the space glyph to one of these
_DROPPED = (
    "\u00ad\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\u200b\u200e\u200f\u2060\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\uffff"
)
_FORMS = "\ufb00-\ufb06\ufb13-\ufb17\ufb50-\ufdfb\ufe70-\ufefc"  # ligatures and positional forms of letters
_SPECIAL = re.compile(
    rf"\r\n *|\u00ad *\r\n *|[{LINE_END_HYPHEN}{_DROPPED}{_FORMS}]|  +(?![ \r])"
    r"|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]"
)
_FORM = re.compile(f"[{_FORMS}]")
_CJK = "\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_HAS_CJK = re.compile(f"[{_CJK}]")
_CJK_ENDS = re.compile(f"[{_CJK}] *$")
_SENTENCE_ENDS = tuple("。！？：；.")
_CJK_MIN_LINE = 8
_CJK_FULL_LINE = 0.8


@dataclass(frozen=True, slots=True)
class Pass:
    """Where one pass over a text changed lengths: (before_start, before_end, after_start, after_end), in order."""

    edits: tuple[tuple[int, int, int, int], ...]
    starts: tuple[int, ...]
    """after_start of each."""

    def back(self, offset: int) -> tuple[int, int]:
        """The stretch before the pass that the character at `offset` after it came from."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return offset, offset + 1
        before_start, before_end, _, after_end = self.edits[index]
        if offset < after_end:
            return before_start, before_end
        at = before_end + offset - after_end
        return at, at + 1


@dataclass(frozen=True, slots=True)
class PageText:
    """`text` as stored, and what was done to the raw text to get it."""

    text: str
    passes: tuple[Pass, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of raw text that `text[start:end]` was made from; of a rewritten cluster, all of it."""
        if end <= start:
            return 0, 0
        first, last = start, end - 1
        for one in reversed(self.passes):
            first, last = one.back(first)[0], one.back(last)[1] - 1
        return first, last + 1

    def raw_index(self, offset: int) -> int:
        """Where in the raw text the character at `offset` came from."""
        for one in reversed(self.passes):
            offset = one.back(offset)[0]
        return offset


def clean(raw: str) -> PageText:
    """Turn raw page text (lines end with CRLF) into stored text.

    NFC, LF, one space between words, no control characters, ligatures and presentation forms spelled out. A hyphen
    that only broke a word goes (U+FFFE, as pdfium marks it, or U+00AD). Between CJK lines of one paragraph the break
    goes too, as no space belongs there.
    """
    flat = raw
    if raw.count("\n") != raw.count("\r\n") or raw.count("\r") != raw.count("\r\n"):
        flat = _LONE_BREAK.sub(" ", flat)
    if _TRANSLATED.search(flat):
        flat = flat.translate(_SAME_LENGTH)
    text, first = _apply(flat, _tidying(flat))
    if unicodedata.is_normalized("NFC", text):
        return PageText(text, (first,))
    text, second = _apply(text, _composing(text))
    return PageText(text, (first, second))


def _apply(before: str, edits: Iterable[Edit]) -> tuple[str, Pass]:
    pieces: list[str] = []
    done: list[tuple[int, int, int, int]] = []
    position = length = 0
    for start, end, replacement in edits:
        pieces += (before[position:start], replacement)
        length += start - position
        if len(replacement) != end - start:
            done.append((start, end, length, length + len(replacement)))
        length += len(replacement)
        position = end
    pieces.append(before[position:])
    return "".join(pieces), Pass(tuple(done), tuple(edit[2] for edit in done))


def _tidying(flat: str) -> Iterator[Edit]:
    joined = frozenset(_cjk_joins(flat)) if _HAS_CJK.search(flat) else frozenset()
    hyphens = Hyphens(flat)
    at, end = len(flat) - len(flat.lstrip()), len(flat.rstrip())
    if at:
        yield 0, at, ""
    while at < end and (match := _SPECIAL.search(flat, at, end)):
        left, right = match.span()
        found = match.group()
        if found[0] == "\r":
            left = at + len(flat[at:left].rstrip(" "))
            replacement = "" if left in joined else "\n"
        elif found == LINE_END_HYPHEN:
            replacement = "-" if hyphens.belongs(left) else ""
        else:
            replacement = _spelled(found)
        yield left, right, replacement
        at = right
    if max(at, end) < len(flat):
        yield max(at, end), len(flat), ""


def _spelled(found: str) -> str:
    if found[0] == " ":
        return " "
    if "\ud800" <= found[0] <= "\udfff":
        return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFKC", found) if _FORM.fullmatch(found) else ""


def _cjk_joins(flat: str) -> Iterator[int]:
    """Where breaks stand between full lines of CJK text: after a line about as long as the next, or longer."""
    position = 0
    lines = flat.split("\r\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        length = len(line.strip())
        full = length >= _CJK_MIN_LINE and length >= _CJK_FULL_LINE * len(following.strip())
        ended = line.rstrip().endswith(_SENTENCE_ENDS)  # here a break does no harm, and may be a paragraph's
        if full and not ended and _CJK_ENDS.search(line) and _HAS_CJK.match(following.lstrip(" ")):
            yield position + len(line.rstrip(" "))
        position += len(line) + 2


def _composing(text: str) -> Iterator[Edit]:
    for match in _clusters().finditer(text):
        composed = unicodedata.normalize("NFC", match.group())
        if composed != match.group():
            yield match.start(), match.end(), composed


@cache
def _clusters() -> re.Pattern[str]:
    """A character with the marks that follow it, the unit that composition works on (Unicode, UAX 15)."""
    marks = "".join(
        re.escape(chr(code)) for code in range(0x300, 0x20000) if unicodedata.category(chr(code)).startswith("M")
    )
    return re.compile(f"[^{marks}][{marks}\u1160-\u11ff]*")
