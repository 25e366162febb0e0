"""A list that is asked for, whole: the line that leads to it, and its items."""

import re
from collections.abc import Sequence
from itertools import takewhile

from app.logic.asked import Asked
from app.logic.evidence import Evidence, Unit
from app.logic.question import Question

_LEADS = re.compile(r"[:：﹕]\W*$")
_ITEM = re.compile(
    r"(?:[•◦▪‣●○■□–—*·-]\s|[(（]?(?:\d{1,3}|[a-zA-Zа-яА-Я]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})[.)）、．]|[①-⑳])"
)
_BULLET = re.compile(r"[•◦▪‣●○■□–—*·-]\s")
_SENTENCE = re.compile(r"[.!?。！？।۔؟;；,]\W*$")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+\S")
_HEADING = 6
"""Terms of a numbered heading, at most."""
_LONGEST = 1200
"""Characters of a list that is still an answer, and no page to read."""


def whole_list(evidence: Evidence, unit: Unit, question: Question) -> tuple[Unit, ...]:
    """The units, neighbours on one page, of the list that `unit` leads to or, where a list is asked for, is an item of;
    else of the numbered section that it heads.

    Empty where there is none, or one too long to show.
    """
    if unit.is_row:
        return ()
    neighbours = [other for other in evidence.by_passage[unit.passage] if other.segment == unit.segment]
    at = neighbours.index(unit)
    wanted = question.asked is Asked.LIST
    found = _items(neighbours, at, wanted=wanted)
    if not found and wanted and _is_numbered_heading(unit):
        body = tuple(takewhile(lambda other: not _is_numbered_heading(other), neighbours[at + 1 :]))
        found = (unit, *body) if body else ()
    return found if found and found[-1].end - found[0].start <= _LONGEST else ()


def _items(neighbours: Sequence[Unit], at: int, *, wanted: bool) -> tuple[Unit, ...]:
    """Two items or more with the line that leads to them, if one does."""
    if leads(neighbours[at]):
        first, start = at + 1, at
    elif wanted and _is_item(neighbours[at]):
        first = at - len(list(takewhile(_is_item, reversed(neighbours[:at]))))
        start = first - int(first > 0 and leads(neighbours[first - 1]))
    else:
        return ()
    items = tuple(takewhile(_is_item, neighbours[first:]))
    return (*neighbours[start:first], *items) if len(items) > 1 else ()


def _is_numbered_heading(unit: Unit) -> bool:
    return bool(_NUMBERED.match(unit.text)) and len(unit.terms) <= _HEADING and not _SENTENCE.search(unit.text)


def is_bullet(unit: Unit) -> bool:
    """Whether it is an item by a mark that no heading has; a number may open either."""
    return bool(_BULLET.match(unit.text))


def is_told(unit: Unit) -> bool:
    """Whether a short unit is an item or a sentence, and no heading."""
    return is_bullet(unit) or bool(_SENTENCE.search(unit.text))


def _is_item(unit: Unit) -> bool:
    return bool(_ITEM.match(unit.text))


def leads(unit: Unit) -> bool:
    """Whether it ends with a colon."""
    return bool(_LEADS.search(unit.text))
