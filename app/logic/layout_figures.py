"""Figures at the end of a line: what rows of tables are known by."""

import re

_FIGURE = re.compile(r"[$€£¥₹(\[<>~+\-–—−△▲]*\d(?:[\d.,:/’'\u066b\u066c-]*\d)?[)\]%*†‡xX]*")
_NOTHING = re.compile(r"[-–—−]+|[Nn]/[AaMm]|[Nn][Mm]")
_WORD = re.compile(r"\S+")
_LAST_LETTERS = "xXAaMm"  # of "1.5x" and "n/a"
_SIGN = re.compile(r"[$€£¥₹%)(*†‡|]+|\.{2,}|…+|(?:\. ?)+")

_OPENS, _CLOSES = re.compile(r"[$€£¥₹(]+"), re.compile(r"[%)*†‡]+")


def trailing_figures(text: str) -> tuple[int, int]:
    """How many cells of figures end a line, and where the first of them begins."""
    count, start = 0, len(text)
    if text[-1:].isalpha() and text[-1] not in _LAST_LETTERS:
        return count, start  # most lines; the rest costs time
    for match in reversed(list(_WORD.finditer(text))):
        word = match.group()
        if _FIGURE.fullmatch(word) or _NOTHING.fullmatch(word):
            count += 1
            start = match.start()
        elif not _SIGN.fullmatch(word):
            break
    return count, start


def figure_cells(text: str) -> tuple[str, tuple[str, ...]]:
    """What a line begins with, and the cells of figures that end it, each with its signs: "$1,577", "(24.8)", "41%".

    Leaders ("......") between the two are left out.
    """
    count, start = trailing_figures(text)
    if not count:
        return text.strip(), ()
    label = text[:start].split()
    before: list[str] = []
    while label and _SIGN.fullmatch(label[-1]):
        before.insert(0, label.pop())
    cells: list[str] = []
    opening = "".join(sign for sign in before if _OPENS.fullmatch(sign))
    for word in text[start:].split():
        if _OPENS.fullmatch(word):
            opening += word
        elif not _SIGN.fullmatch(word):
            cells.append(opening + word)
            opening = ""
        elif cells and _CLOSES.fullmatch(word):
            cells[-1] += word
    return " ".join(label), tuple(cells)
