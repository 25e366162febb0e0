"""Keyword search by PostgreSQL, which several processes can write and read at once; for when one machine is not enough.

The tokens, fields and weights are those of the tantivy index, and so is the ranking (BM25). A collection's mean
lengths and its words' frequencies are remembered for a while, the longer the larger it is: a thousand chunks more or
less change no ranking among a million.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from anyio import to_thread

from app.adapters.keywords.fields import (
    BODY,
    BODY_STEMS,
    CONTEXT,
    CONTEXT_STEMS,
    FORMAT,
    WEIGHTS,
    by_field,
    fields_of,
    weighted,
)
from app.adapters.keywords.postgres_rank import Weighed, packed, ranked
from app.db.keyword_index import KeywordTable, Row, Search, Sizes
from app.db.session import Connection, Database
from app.models.domain import Hit, KeywordEntry, KeywordQuery

_FIELDS = (BODY, BODY_STEMS, CONTEXT, CONTEXT_STEMS)
_LETTERS = {BODY: "b", BODY_STEMS: "b", CONTEXT: "c", CONTEXT_STEMS: "c"}
"""Forms and stems differ by themselves; the body's words and its context's by this first letter."""
_MOST = 2000
"""Chunks that are scored for one question. The rarest words pick them: what has only words that half of a large
collection has as well is not worth its cost."""
_CHUNKS_A_SECOND = 2000
"""For so many chunks, what is known of a collection is good for a second."""
_LONGEST_MEMORY = 60.0
_REMEMBERED = 64
_ROWS_A_STATEMENT = 500


@dataclass(slots=True)
class _Known:
    """What was counted of a collection."""

    sizes: Sizes
    until: float
    matching: dict[str, int] = field(default_factory=dict)


class PostgresKeywordIndex:
    """The KeywordIndex port."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = KeywordTable(FORMAT)
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def start(self) -> None:
        """Make the table where it is not."""
        async with self._database.write() as connection:
            await self._table.make(connection)

    async def replace(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        async with self._database.write(alone=False) as connection:
            await self._table.remove(connection, collection_id, [version_id])
            await self._add(connection, collection_id, version_id, entries)

    async def add(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        async with self._database.write(alone=False) as connection:
            await self._add(connection, collection_id, version_id, entries)

    async def _add(
        self, connection: Connection, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]
    ) -> None:
        for start in range(0, len(entries), _ROWS_A_STATEMENT):
            rows = [_row(entry) for entry in entries[start : start + _ROWS_A_STATEMENT]]
            await self._table.add(connection, collection_id, version_id, rows)

    async def remove(self, collection_id: str, version_ids: Sequence[str]) -> None:
        async with self._database.write(alone=False) as connection:
            await self._table.remove(connection, collection_id, version_ids)

    async def search(
        self, collection_id: str, query: KeywordQuery, k: int, document_ids: frozenset[str] | None = None
    ) -> list[Hit]:
        terms = [(name, term, weight) for term, weight in weighted(query) for name in fields_of(term)]
        phrases = [(name, phrase) for phrase in (*query.phrases, *query.preferred) for name in (BODY, CONTEXT)]
        words = {_lexeme(name, term) for name, term, _ in terms}
        words |= {_lexeme(name, word) for name, phrase in phrases for word in phrase}
        if not words:
            return []
        known = await self._count(collection_id, words)
        present = [(name, term, weight) for name, term, weight in terms if known.matching[_lexeme(name, term)]]
        any_of = [] if query.phrases else _choosing([_lexeme(name, term) for name, term, _ in present], known)
        all_of = [" | ".join(_phrase(name, phrase) for name in (BODY, CONTEXT)) for phrase in query.phrases]
        if not (any_of or all_of):
            return []
        sought = [_phrase(name, phrase) for name, phrase in phrases]
        wanted = Search(collection_id, any_of, all_of, sought, document_ids)
        async with self._database.read() as connection:
            found = await self._table.candidates(connection, wanted, _MOST)
        words_weighed = [
            Weighed(_lexeme(name, term), WEIGHTS[name] * weight * _rarity(known, name, (term,)), _FIELDS.index(name))
            for name, term, weight in present
        ]
        phrases_weighed = [
            Weighed("", WEIGHTS[name] * _rarity(known, name, phrase), _FIELDS.index(name)) for name, phrase in phrases
        ]
        return await to_thread.run_sync(ranked, found, words_weighed, phrases_weighed, known.sizes.means, k)

    async def counts(self, collection_id: str) -> dict[str, int]:
        async with self._database.read() as connection:
            return await self._table.counts(connection, collection_id)

    async def drop(self, collection_id: str) -> None:
        self._known.pop(collection_id, None)
        async with self._database.write(alone=False) as connection:
            await self._table.drop(connection, collection_id)

    async def close(self) -> None:
        """The database is its opener's to close."""

    async def _count(self, collection_id: str, words: set[str]) -> _Known:
        """What the score needs to know, counted now or a moment ago."""
        known = self._known.get(collection_id)
        async with self._database.read() as connection:
            if known is None or known.until < time.monotonic():
                sizes = await self._table.sizes(connection, collection_id)
                known = _Known(sizes, time.monotonic() + min(_LONGEST_MEMORY, sizes.chunks / _CHUNKS_A_SECOND))
                self._known[collection_id] = known
                self._known.move_to_end(collection_id)
                if len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
            new = sorted(words - known.matching.keys())
            if new:
                known.matching |= await self._table.matching(connection, collection_id, new)
        return known


def _choosing(words: Sequence[str], known: _Known) -> list[str]:
    """The rarest of these words, as many as few enough chunks have; at least one."""
    chosen: list[str] = []
    total = 0
    for word in sorted(set(words), key=lambda word: known.matching[word]):
        total += known.matching[word]
        if chosen and total > _MOST:
            break
        chosen.append(word)
    return chosen


def _rarity(known: _Known, name: str, words: Sequence[str]) -> float:
    """The sum of these words' inverse document frequencies, as BM25 has them."""
    chunks = known.sizes.chunks
    counts = (min(known.matching[_lexeme(name, word)], chunks) for word in words)
    return sum(math.log(1 + (chunks - count + 0.5) / (count + 0.5)) for count in counts)


def _row(entry: KeywordEntry) -> Row:
    tokens = by_field(entry.body, entry.context)
    positions: dict[str, list[int]] = {}
    for name in _FIELDS:
        for position, token in enumerate(tokens[name], start=1):
            positions.setdefault(_lexeme(name, token), []).append(position)
    return Row(
        entry.chunk_id,
        entry.document_id,
        tuple(min(len(tokens[name]), 32767) for name in _FIELDS),
        " ".join(f"{word}:{','.join(map(str, where))}" for word, where in positions.items()),
        packed({word: len(where) for word, where in positions.items()}),
    )


def _phrase(name: str, words: Sequence[str]) -> str:
    return "(" + " <-> ".join(_lexeme(name, word) for word in words) + ")"


def _lexeme(name: str, token: str) -> str:
    """A token of a field, quoted as PostgreSQL's text search types want it."""
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{_LETTERS[name]}{escaped}'"
