"""From ranked chunks to the passages that are shown: no doubles, not all from one page, wide enough to be read."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from app.models.domain import Span
from app.models.records import StoredChunk

_SAME = 0.9
"""Share of their words from which on two texts say the same."""
_FEW_WORDS = 8
"""Below it a text is taken to be in a script without spaces."""
_LOOKED_AT = 4
"""Chunks looked at for each passage wanted; what ranks lower joins none."""
_GROUPS_A_PAGE = 1
"""Passages that one page may give: what else it says well joins the first."""
_PAGE = 6000
"""Characters of a dense page: a text file is one long page, and is looked at in stretches of so many."""


@dataclass(frozen=True, slots=True)
class Ranked:
    chunk: StoredChunk
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring chunks of one version that are read as one passage, in the order of their text."""

    chunks: tuple[StoredChunk, ...]
    best: StoredChunk
    """The one that was found first."""
    score: float

    @property
    def tokens(self) -> int:
        return sum(chunk.tokens for chunk in self.chunks)

    @property
    def pages(self) -> frozenset[int]:
        return pages_of(self.best)


def pages_of(chunk: StoredChunk) -> frozenset[int]:
    return frozenset(span.page for span in chunk.spans)


def groups(ranked: Iterable[Ranked], *, limit: int, max_tokens: int) -> list[Group]:
    """At most `limit` passages, best first, out of chunks ranked best first.

    A chunk that stands beside one already taken, on its page, joins it while both fit `max_tokens`; what nearly repeats
    one already taken is left out; a page gives one passage.
    """
    made: list[Group] = []
    seen: list[frozenset[Hashable]] = []
    per_page: Counter[tuple[str, int, int]] = Counter()
    for item in islice(ranked, _LOOKED_AT * limit):
        position = _joinable(made, item.chunk, max_tokens)
        keys = {(item.chunk.version_id, span.page, span.start // _PAGE) for span in item.chunk.spans}
        if position is None and (len(made) == limit or any(per_page[key] >= _GROUPS_A_PAGE for key in keys)):
            continue
        vocabulary = _vocabulary(item.chunk.text)
        if any(_alike(vocabulary, other) for other in seen):
            continue
        if position is not None:
            made[position] = _joined(made[position], item.chunk)
        else:
            per_page.update(keys)
            made.append(Group((item.chunk,), item.chunk, item.score))
        seen.append(vocabulary)
    return made


def neighbours(group: Group) -> list[tuple[str, int]]:
    """(version, ordinal) of what stands right before and right after a group."""
    first, last = group.chunks[0], group.chunks[-1]
    return [(first.version_id, n) for n in (first.ordinal - 1, last.ordinal + 1) if n >= 0]


def widened(group: Group, around: Mapping[tuple[str, int], StoredChunk], *, max_tokens: int) -> Group:
    """The group with those neighbours that belong to its page and section, while they fit; what follows goes first."""
    for version_id, ordinal in reversed(neighbours(group)):
        chunk = around.get((version_id, ordinal))
        if (
            chunk is not None
            and chunk.headings == group.best.headings
            and pages_of(chunk) <= group.pages
            and group.tokens + chunk.tokens <= max_tokens
        ):
            group = _joined(group, chunk)
    return group


def text_and_spans(chunks: Sequence[StoredChunk]) -> tuple[str, tuple[Span, ...]]:
    """The text of neighbouring chunks and where it stands; what two of them share is told once."""
    pieces: list[str] = []
    spans: list[Span] = []
    for chunk in chunks:
        text, own = chunk.text, list(chunk.spans)
        while spans and own and _overlap(spans[-1], own[0]):
            cut = min(spans[-1].end, own[0].end) - own[0].start
            text = text[cut:]
            own[0] = Span(own[0].page, own[0].start + cut, own[0].end)
            if own[0].start < own[0].end:
                break
            del own[0]
            text = text.removeprefix("\n")
        if own:
            pieces.append(text)
            spans += own
    return "\n".join(pieces), tuple(spans)


def _overlap(last: Span, first: Span) -> bool:
    return last.page == first.page and last.start <= first.start < last.end


def _joinable(made: Sequence[Group], chunk: StoredChunk, max_tokens: int) -> int | None:
    for position, group in enumerate(made):
        if (
            chunk.version_id == group.best.version_id
            and chunk.ordinal in (group.chunks[0].ordinal - 1, group.chunks[-1].ordinal + 1)
            and pages_of(chunk) <= group.pages
            and group.tokens + chunk.tokens <= max_tokens
        ):
            return position
    return None


def _joined(group: Group, chunk: StoredChunk) -> Group:
    chunks = sorted((*group.chunks, chunk), key=lambda item: item.ordinal)
    return Group(tuple(chunks), group.best, group.score)


def _vocabulary(text: str) -> frozenset[Hashable]:
    """Its words, or its pairs of characters where it has no spaces."""
    words = text.split()
    return frozenset(words) if len(words) >= _FEW_WORDS else frozenset(pairwise(text))


def _alike(one: frozenset[Hashable], other: frozenset[Hashable]) -> bool:
    small, large = sorted((len(one), len(other)))
    return small >= _SAME * large and len(one & other) >= _SAME * len(one | other)
