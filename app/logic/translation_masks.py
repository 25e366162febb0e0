"""What a translation must not touch, put out of the model's reach, and put back afterwards.

The marks are those of XLIFF's inline elements, which models have seen often: <x1/> for a thing, <g2>words</g2> for
formatting around words.
"""

import html
import re
from collections.abc import Callable

from app.logic.folding import HAN_KANA, HANGUL, SOUTH_EAST_ASIAN
from app.models.translation import Segment

_SPACED = rf"(?![{HAN_KANA}{HANGUL}{SOUTH_EAST_ASIAN}])"
"""Before a character: of a script that puts spaces around words, so that an address ends where the sentence goes on."""
_ADDRESS = rf"(?:{_SPACED}[\w\-.~:/?#\[\]@!$&'()*+,;=%])"
_NAME = rf"(?:{_SPACED}[\w.%+-])"
_UNITS = (
    # Not those that are words somewhere: 5 in, 2020 ha, 10 l'eau. Of single letters these alone may stand apart.
    r"[ \u00a0\u202f]?(?:%|‰|°\s?[CFK]?|[kMGTP]i?B(?:/s)?|[kMG]bit/s|[kMGT]Hz|Hz|[kMGmµμn](?:Wh?|V|A|J|Pa|F|Ω)|kWh|"
    r"km/h|[MGk]?eV|m?mol|lm|lx|[kcdmµμn]?m[²³]?(?:/s[²2]?)?|mph|ft|yd|[kmµμn]?g(?:/[mdc]?[lLm][³3]?)?|lb|oz|"
    r"[mcdhµμ][lL]|[mµμn]s|min|rpm|dB|ppm|px|dpi|mmHg|kcal|USD|EUR|GBP|CHF|JPY|CNY|INR|V|W|Ω)|[shAJFLlt]"
)
_NUMBER = r"\d(?:[\d.,’'٬٫\u00a0\u202f]*\d)?"
_KEPT = (
    r"```.+?```|`[^`\n]+`",  # code
    rf"(?:https?|ftp|file)://{_ADDRESS}+(?<![.,;:!?'\])])|www\.{_ADDRESS}+(?<![.,;:!?'\])])",
    rf"(?<!{_NAME}){_NAME}{{1,64}}@(?:{_SPACED}[\w-])+(?:\.(?:{_SPACED}[\w-])+)+",  # mail
    r"</?[A-Za-z][\w:-]*(?:\s+[\w:-]+=(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>",  # tags, our own marks too
    r"\{\{[^{}\n]{1,100}\}\}|[$#]?\{[\w.:-]{1,60}\}|%\(\w{1,60}\)[a-z]|%[sd](?!\w)",  # variables of templates
    r"\$\$[^$]{1,500}\$\$|\\\([^\n]{1,300}?\\\)|\\\[[^\n]{1,300}?\\\]",  # formulas
    r"\$(?=[^$\s])(?=[^$\n]{0,200}[\\^_={}])[^$\n]{1,200}(?<=[^\s$])\$(?!\d)",
    # Paths and identifiers are ASCII by convention: in other scripts a slash stands between words.
    r"(?<![\w/.])(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:[A-Za-z0-9_.-]+[/\\])+[A-Za-z0-9_.-]*(?<!\.)",
    r"(?<!\w)[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?:\(\))?(?!\w)|(?<!\w)[A-Za-z][\w.]*\(\)",
    r"(?<!\w)\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?(?!\w)",  # ISO 8601
    r"(?<!\w)v\d+(?:\.\d+)+(?:-\w+)?(?!\w)",
    rf"[-+±−]?(?<![\w.,]){_NUMBER}(?:{_UNITS})(?![^\W_])",
    rf"[$€£¥₹₽₩₺₫฿][ \u00a0]?{_NUMBER}|(?<![\w.,]){_NUMBER}[ \u00a0\u202f]?[€£¥₹₽₩₺₫฿]",
)
_MASKED = re.compile("|".join(f"(?:{pattern})" for pattern in _KEPT), re.DOTALL)
MARK = re.compile(r"<(?P<closing>/?)(?P<kind>[gx])(?P<number>\d{1,4})\s*(?P<empty>/?)>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")


def mask(text: str, kept: list[tuple[str, ...]], spell: Callable[[str], str] = str) -> str:
    """`text` with a mark for each thing that must stay; what it stands for is appended to `kept`.

    `spell` turns such a thing into what the document has there (escaped, in HTML).
    """

    def stand_in(match: re.Match[str]) -> str:
        kept.append((spell(match.group()),))
        return f"<x{len(kept)}/>"

    return _MASKED.sub(stand_in, text)


def segment(raw: str) -> Segment:
    """A segment of plain text."""
    kept: list[tuple[str, ...]] = []
    return Segment(raw, mask(raw, kept), tuple(kept))


def without_marks(text: str) -> str:
    return MARK.sub(" ", text)


def is_worded(text: str) -> bool:
    """Whether there is anything in it to translate: a letter outside of the marks."""
    return any(character.isalpha() for character in without_marks(text))


def restore(piece: Segment, reply: str) -> str:
    """`reply` with what the marks stand for. The marks have been checked before: see `translation_checks`."""
    if _ENTITY.search(reply) and not _ENTITY.search(piece.text):
        reply = html.unescape(reply)  # models answer &amp; where they read &
    put: list[str] = []
    position = 0
    for match in MARK.finditer(reply):
        put += [_escaped(piece, reply[position : match.start()]), _stood(piece, match)]
        position = match.end()
    put.append(_escaped(piece, reply[position:]))
    return "".join(put)


def _stood(piece: Segment, match: re.Match[str]) -> str:
    return piece.kept[int(match["number"]) - 1][-1 if match["closing"] else 0]


def _escaped(piece: Segment, text: str) -> str:
    return html.escape(text, quote=False) if piece.markup else text
