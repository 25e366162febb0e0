"""The bookkeeping of one translation: which segments are asked for together, and which are done, in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.logic import glossaries
from app.logic.translation_masks import restore
from app.logic.translation_memory import key
from app.logic.translation_prompts import BATCH_SEGMENTS, BATCH_TOKENS, weight
from app.models.translation import Done, Memory, Outcome, Pair, Segment, Term


@dataclass(frozen=True, slots=True)
class Work:
    """Segments of texts or of one document, in order, each with its languages."""

    segments: Sequence[Segment]
    pairs: Sequence[Pair]
    memory: Memory
    terms: tuple[Term, ...] = ()
    title: str | None = None
    connected: bool = True
    """Each segment goes on where the one before it ended: they may explain each other."""


@dataclass(slots=True)
class Item:
    """A segment that is asked for once, with the indexes of all that share its key."""

    key: str
    segment: Segment
    pair: Pair
    terms: tuple[Term, ...]
    indexes: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model made of an item; `reason` says why it is none that can be used."""

    text: str = ""
    reason: str | None = None


def items(work: Work, model: str) -> list[Item]:
    """What needs translating, repeated segments once, in the order of first occurrence."""
    found: dict[str, Item] = {}
    for index, (piece, pair) in enumerate(zip(work.segments, work.pairs, strict=True)):
        if pair.source == pair.target:
            continue
        terms = glossaries.occurring(work.terms, piece.text)
        identity = key(work.memory.scope, piece, pair, terms, model)
        found.setdefault(identity, Item(identity, piece, pair, terms)).indexes.append(index)
    return list(found.values())


def batches(missing: Iterable[Item]) -> Iterator[list[Item]]:
    """Items of the same languages that go into one call, in order as far as languages allow."""
    open_batches: dict[Pair, list[Item]] = {}
    tokens: dict[Pair, int] = {}
    for item in missing:
        cost = weight(item.segment)
        waiting = open_batches.setdefault(item.pair, [])
        if waiting and (len(waiting) == BATCH_SEGMENTS or tokens[item.pair] + cost > BATCH_TOKENS):
            yield waiting
            waiting = open_batches[item.pair] = []
        tokens[item.pair] = cost + (tokens[item.pair] if waiting else 0)
        waiting.append(item)
    yield from open_batches.values()


class Run:
    """Takes results in any order and gives each segment's once, in the segments' order."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._done: dict[int, Done] = {}
        self._next = 0
        for index, (piece, pair) in enumerate(zip(work.segments, work.pairs, strict=True)):
            if pair.source == pair.target:
                self._done[index] = Done(index, Outcome.KEPT, piece.raw)

    def settle(self, item: Item, outcome: Outcome, reply: Reply) -> None:
        """The same reply for each index, with what its own marks stand for."""
        for position, index in enumerate(item.indexes):
            piece = self._work.segments[index]
            if reply.reason is not None:
                self._done[index] = Done(index, Outcome.FAILED, piece.raw, reply.reason)
                continue
            repeated = outcome is Outcome.TRANSLATED and position > 0  # paid for once
            text = restore(piece, reply.text)
            missed = glossaries.missed(item.terms, reply.text)
            self._done[index] = Done(index, Outcome.REMEMBERED if repeated else outcome, text, missed=missed)

    def ready(self) -> Iterator[Done]:
        """Those that follow on what was given before."""
        while self._next in self._done:
            yield self._done.pop(self._next)
            self._next += 1
