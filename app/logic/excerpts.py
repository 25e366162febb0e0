"""What to show of a long sentence: the stretch of it that holds most of what was asked or claimed."""

import re
from collections.abc import Sequence

from app.logic.evidence import Unit, terms

LONGEST = 400
"""Characters that a person still reads at a glance, and finds on the page."""
_PIECE = re.compile(r"[^\s，、；：;]+[\s，、；：;]*")


def excerpt(units: Sequence[Unit], wanted: frozenset[str], language: str | None) -> tuple[int, int]:
    """(start, end) in the passage's text: all of the units, or the window of at most `LONGEST` characters with the most
    of the wanted terms, cut between words."""
    start, end = units[0].start, units[-1].end
    if end - start <= LONGEST:
        return start, end
    pieces = [
        (unit.start + match.start(), unit.start + len(match.group().rstrip()) + match.start(), match.group())
        for unit in units
        for match in _PIECE.finditer(unit.text)
    ]
    held = [terms(text, language) & wanted for _, _, text in pieces]
    best, first = (-1, start, start + LONGEST), 0
    for last, (_, piece_end, _) in enumerate(pieces):
        while first < last and piece_end - pieces[first][0] > LONGEST:
            first += 1
        found = len(frozenset().union(*held[first : last + 1]))
        if found > best[0]:
            best = found, pieces[first][0], min(piece_end, pieces[first][0] + LONGEST)
    return _filled(pieces, best[1], best[2])


def _filled(pieces: Sequence[tuple[int, int, str]], start: int, end: int) -> tuple[int, int]:
    """The window with as much of the text around it as still fits, whole pieces, what follows first."""
    for piece_start, piece_end, _ in pieces:
        if piece_end > end and piece_end - start <= LONGEST:
            end = piece_end
        elif piece_start > end:
            break
    return start, end
