"""How pieces become chunks: sections are parted evenly, since filling up leaves a crumb at the end.

Crumbs that stay, such as short sections, are joined to a neighbour.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from app.logic.chunking_pieces import Measure, Piece, Section, parts

_CRUMB = 0.2
"""Of the largest size: a chunk below it is joined to a neighbour when the two fit."""


@dataclass(frozen=True, slots=True)
class _Draft:
    headings: tuple[str, ...]
    unit: int
    pieces: tuple[Piece, ...]
    tokens: int


def pack(
    sections: Iterable[Section], measure: Measure, overlap: int = 0
) -> Iterator[tuple[tuple[str, ...], tuple[Piece, ...]]]:
    """(heading path, pieces) of each chunk in order. Joined over a heading, a chunk has the path that both share.

    `overlap`: each chunk begins with the end of the one before, as many whole sentences or rows as fit these tokens;
    they come on top of what `measure` allows.
    """
    drafts = [
        _Draft(section.headings, section.unit, pieces, _size(pieces))
        for section in sections
        for pieces in _evenly(section.pieces, measure)
    ]
    before: _Draft | None = None
    for draft in _joined(drafts, measure.max_tokens):
        repeated = _end_of(before, overlap, measure) if before and before.unit == draft.unit else ()
        yield draft.headings, (*repeated, *draft.pieces)
        before = draft


def _end_of(draft: _Draft, tokens: int, measure: Measure) -> tuple[Piece, ...]:
    """Its last pieces, of so many tokens together at most; the one that does not fit whole gives its end."""
    kept: deque[Piece] = deque()
    left = tokens
    for piece in reversed(draft.pieces):
        if piece.tokens <= left:
            kept.appendleft(piece)
            left -= piece.tokens
            continue
        for part in reversed(parts(piece, replace(measure, max_tokens=left))) if left else ():
            if part.tokens > left:
                break
            kept.appendleft(part)
            left -= part.tokens
        break
    return tuple(kept)


def _evenly(pieces: Sequence[Piece], measure: Measure) -> Iterator[tuple[Piece, ...]]:
    """Close a chunk where a paragraph ends nearest to an even share of what is left."""
    waiting = deque(pieces)
    left = _size(pieces)
    current: list[Piece] = []
    size = 0
    share = left / max(1, math.ceil(left / measure.max_tokens))
    while waiting:
        piece = waiting.popleft()
        ahead = _kept_together(piece, waiting, measure.max_tokens)
        full = size + ahead > measure.max_tokens
        if full and size < _CRUMB * measure.max_tokens and len(smaller := parts(piece, measure)) > 1:
            left += _size(smaller) - piece.tokens
            waiting.extendleft(reversed(smaller))
            continue
        if current and (full or (piece.opens and size + ahead / 2 > share)):
            yield tuple(current)
            left -= size
            current, size = [], 0
            share = left / max(1, math.ceil(left / measure.max_tokens))
        current.append(piece)
        size += piece.tokens
    if current:
        yield tuple(current)


def _kept_together(piece: Piece, following: Iterable[Piece], max_tokens: int) -> int:
    """Tokens of a piece, and of what it leads up to if a chunk can hold both."""
    tokens = piece.tokens
    leads = piece.leads
    for other in following:
        if not leads:
            break
        tokens, leads = tokens + other.tokens, other.leads
    return tokens if tokens <= max_tokens else piece.tokens


def _joined(drafts: Sequence[_Draft], max_tokens: int) -> Iterator[_Draft]:
    """Join a crumb to the chunk before or after it, whichever shares more of its headings."""
    held: _Draft | None = None
    for draft, following in zip_longest(drafts, drafts[1:]):
        if held is None:
            held = draft
        elif _fit(held, draft, max_tokens) and not _nearer(draft, held, following, max_tokens):
            shared = _shared(held.headings, draft.headings)
            held = _Draft(shared, held.unit, held.pieces + draft.pieces, held.tokens + draft.tokens)
        else:
            yield held
            held = draft
    if held:
        yield held


def _fit(one: _Draft, other: _Draft, max_tokens: int) -> bool:
    crumb = min(one.tokens, other.tokens) < _CRUMB * max_tokens
    return crumb and one.unit == other.unit and one.tokens + other.tokens <= max_tokens


def _nearer(draft: _Draft, before: _Draft, following: _Draft | None, max_tokens: int) -> bool:
    """Whether `draft` is a crumb that belongs to what follows rather than to what stands before."""
    if following is None or before.tokens < _CRUMB * max_tokens or not _fit(draft, following, max_tokens):
        return False
    return len(_shared(draft.headings, following.headings)) > len(_shared(draft.headings, before.headings))


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    pairs = zip(one, other, strict=False)
    return one[: next((i for i, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))]


def _size(pieces: Iterable[Piece]) -> int:
    return sum(piece.tokens for piece in pieces)
