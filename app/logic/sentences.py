"""Where sentences begin and end, in any script, so that they can be quoted as they stand.

Rules instead of a model: a terminator ends a sentence unless what precedes it is an abbreviation, an initial or a list
number, or what follows it goes on in lower case (Kiss and Strunk 2006 name these as what errors come from).
"""

import re
from itertools import pairwise

from app.logic.folding import HAN_KANA
from app.models.domain import BlockKind

_CLOSERS = r"[\"'”’»」』）)\]】》]*+(?:\[\d{1,3}\])*+"
_MARKS = ".!?…؟۔।॥։።။។"
_END = re.compile(
    rf"[。！？｡]+{_CLOSERS}"  # scripts that put no space after it
    rf"|(?<=[{HAN_KANA}])[!?]+{_CLOSERS}"
    rf"|(?<![{_MARKS}])[{_MARKS}]++{_CLOSERS}(?=\s|$)"
    r"|(?<=[\u0e00-\u0eff])[ \t]+(?=[\u0e00-\u0eff])"  # Thai and Lao part sentences, and clauses, by a space
)
_ALWAYS = "。！？｡؟۔।॥։።။។"
"""Marks that are nothing but the end of a sentence."""
_THAI_LEAST = 40
"""Characters of a Thai or Lao stretch before a space may end it; shorter ones are clauses."""

_WINDOW = 60
"""Characters before a period that are looked at; so a text of periods alone costs no more than another."""

_BULLET = re.compile(r"[ \t]*(?:[•◦▪‣●○■□–—*·-][ \t]+|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)][ \t]+|#{1,6} )")
_BLANK = re.compile(r"\n[^\S\n]*(?=\n)")
_CELLS = re.compile(r"\t|\s{3,}|\|")
_LEADER = re.compile(r"\.{4}|(?:\. ){4}|…{2}")
_FIGURE = re.compile(r"[(\-–—$€£¥]*\d[\d.,]*[)%]*|[-–—]|\$|%")
_LAST_WORD = re.compile(r"(?:^|[\s(\[\"'“‘«„])([^\s(\[\"'“‘«„]*)$")
_NEXT_WORD = re.compile(r"\s*[(\[\"'“‘«„]*(\w*)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence when more follows.
_TITLES = _words(
    "mr mrs ms dr prof st mt gen sen rep gov capt lt col sgt rev hon fig figs eq eqs sec secs ch chap vol vols pp ed "
    "eds vs cf al e.g i.e viz approx ca art abs nr bzw ggf vgl bspw z.b d.h u.a s.o s.u hr fr dipl ing str sr sra srta "
    "dña pág págs núm av avda m mme mlle mm env nos nº op sig sig.ra dott avv г гг ул т.е т.к т.д т.п им см "
    "рис табл гл стр डॉ प्रो मि श्री"
)
# May well be: then only a word that opens sentences tells.
_EITHER_WAY = _words(
    "inc corp ltd co llc plc cos bros jr sr etc jan feb mar apr jun jul aug sep sept oct nov dec usw gmbh "
    "тыс млн млрд руб"
)
_BEFORE_NUMBERS = _words("no nos nr p pp s fig sec art ch vol note item ex par cl rule §")
_OPENERS = _words(
    "the a an this that these those it he she they we our its his her their in on at as for from by with when while if "
    "but and however there such although during after before since to no all each some both"
)
_AFTER_ORDINALS = _words(
    "januar jänner februar märz april mai juni juli august september oktober november dezember quartal quartals "
    "jahrhundert jahrhunderts jahrhunderte jahrhunderten"
)
_BEFORE_ORDINALS = _words("der die dem den im vom zum zur beim")
_GERMAN_OPENERS = _words(
    "der die das dem den ein eine er sie es wir ich man danach dann dort da damit dabei doch aber auch bitte heute "
    "morgen seitdem später im in am auf bei mit nach von zu"
)
_ROMAN = re.compile(r"[IVX]{2,}")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_PLURAL_INITIALS = re.compile(r"(?:^|\s)(?:EE\. UU|RR\. HH|FF\. AA|CC\. OO)$")
"""Spanish doubles the initials of a plural: "EE. UU."."""
_ARABIC_INITIAL = re.compile(r"(?<!\d)(?<!\d\s)(?:^|\s)[\u0621-\u064a]\u0640?$")
"""After a number, a letter tells the calendar, and may end a sentence."""
_DOTTED = re.compile(r"\w(?:\.\w)+")


def sentences(text: str, kind: BlockKind = BlockKind.TEXT) -> list[tuple[int, int]]:
    """(start, end) of each sentence in `text`: in order, without surrounding space, and none of the text left out.

    A blank line, a bullet, a line that looks like a table's row or a heading ends a sentence; another line break does
    not. Of `kind` TABLE each line is one, of HEADING the whole.
    """
    if kind is BlockKind.HEADING:
        bounds = [len(text)]
    elif kind is BlockKind.TABLE:
        bounds = [match.end() for match in re.finditer(r"\n|$", text)]
    else:
        bounds = _text_bounds(text)
    spans = []
    start = 0
    for end in bounds:
        first, last = _stripped(text, start, end)
        if first < last:
            spans.append((first, last))
        start = end
    return spans


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _text_bounds(text: str) -> list[int]:
    hard = _line_bounds(text)
    bounds: list[int] = []
    start = 0
    for end in [*hard, len(text)]:
        for match in _END.finditer(text, start, end):
            since = max(bounds[-1] if bounds else 0, start)
            if _ends_sentence(text, since, match, end):
                bounds.append(match.end())
        bounds.append(end)
        start = end
    return bounds


def _line_bounds(text: str) -> list[int]:
    """Line breaks that end a sentence whatever stands before them."""
    lines = text.split("\n")
    widest = max(map(len, lines))
    bounds = []
    position = 0
    for line, following in pairwise(lines):
        position += len(line) + 1
        if not following.strip() or not line.strip() or _parts(line, following, widest):
            bounds.append(position)
    return bounds


def _parts(line: str, following: str, widest: int) -> bool:
    if _BULLET.match(following) or _is_row(line) or _is_row(following):
        return True
    opens = following.lstrip()[:1]
    return len(line.rstrip()) < 0.6 * widest and opens.isalnum() and not opens.islower()


def _is_row(line: str) -> bool:
    """Cells parted by tabs, bars or wide gaps, a line of a table of contents, or two figures or more at the end."""
    stripped = line.strip()
    if len(_CELLS.findall(stripped)) >= 2 or _LEADER.search(stripped):
        return True
    words = stripped.split()
    figures = 0
    while words and _FIGURE.fullmatch(words[-1]):
        figures += any(character.isdigit() for character in words.pop())
    return figures >= 2 and not stripped.endswith(".")


def _ends_sentence(text: str, start: int, match: re.Match[str], limit: int) -> bool:
    mark = match.group()[0]
    if mark in _ALWAYS:
        return True
    if mark in " \t":
        return match.start() - start >= _THAI_LEAST
    if _LEADER.match(match.group()):
        return False
    following = _NEXT_WORD.match(text, match.end(), limit)
    word = following.group(1) if following else ""
    if word[:1].islower():
        return False
    if mark != "." or match.group().startswith(".."):
        return True
    return _period_ends(text[max(start, match.start() - _WINDOW) : match.start()], word)


def _period_ends(sentence: str, word: str) -> bool:
    """Whether a period after `sentence`, or after its last characters, ends it when `word` follows."""
    found = _LAST_WORD.search(sentence)
    before = found.group(1) if found else ""
    last = before.lower()
    if last in _BEFORE_NUMBERS and word[:1].isdigit():
        return False
    if last == "no":
        return True
    if last in _TITLES:
        return False
    if last.isdigit() and _is_ordinal(sentence, before, word):
        return False
    if _ROMAN.fullmatch(before) and _YEAR.fullmatch(word):
        return False
    if _is_initial(sentence, before, word) or last in _EITHER_WAY or _DOTTED.fullmatch(last):
        return not word or word.lower() in _OPENERS
    return True


def _is_ordinal(sentence: str, number: str, word: str) -> bool:
    """Whether a number and its period count what follows: in a list, or as "des 15. Jahrhunderts" in German."""
    if sentence.strip() == number or word.lower() in _AFTER_ORDINALS:
        return True
    led = sentence[: -len(number)].lower().split()[-1:]
    follows = bool(word) and word.lower() not in _GERMAN_OPENERS
    return follows and len(number) <= 2 and not _BEFORE_ORDINALS.isdisjoint(led)


def _is_initial(sentence: str, before: str, word: str) -> bool:
    """Of a name, or a title of one letter as Arabic writes it."""
    if len(before) == 1 and before.isalpha() and before.isupper():
        return True
    is_doubled = any(map(_PLURAL_INITIALS.search, (sentence, f"{before}. {word}")))
    return is_doubled or _ARABIC_INITIAL.search(sentence) is not None
