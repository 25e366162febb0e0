"""What tells the documents of each collection apart, kept in memory and brought up to date when SQL says so.

What is stale here can only blur a preference: which chunks are visible is asked of SQL in every search.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from anyio import to_thread

from app.db import search
from app.db.session import Connection
from app.logic.docmatch import DocumentCard, DocumentFacts, DocumentIndex, card

_COLLECTIONS = 64
"""Collections whose cards are kept; the one used longest ago goes first."""
_AT_ONCE = 20
"""More changed documents than this are read in a thread, so that the event loop never waits for them."""


@dataclass(slots=True)
class _Entry:
    index: DocumentIndex = field(default_factory=DocumentIndex)
    stamp: tuple[int, datetime | None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class DocumentCards:
    def __init__(self) -> None:
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    async def index(self, connection: Connection, scope: search.Scope) -> DocumentIndex:
        """The collection's documents as `scope` saw them, or newer."""
        entry = self._entries.setdefault(scope.collection_id, _Entry())
        self._entries.move_to_end(scope.collection_id)
        while len(self._entries) > _COLLECTIONS:
            self._entries.popitem(last=False)
        if entry.stamp != scope.stamp:
            async with entry.lock:
                if entry.stamp != scope.stamp:
                    await _refresh(connection, scope, entry)
        return entry.index


async def _refresh(connection: Connection, scope: search.Scope, entry: _Entry) -> None:
    since = entry.stamp[1] if entry.stamp else None
    live = await search.live_documents(connection, scope.collection_id)
    changed = await search.changed_documents(connection, scope.collection_id, since=since)
    gone = entry.index.cards.keys() - {item.id for item in live}
    if len(changed) > _AT_ONCE:
        entry.index = await to_thread.run_sync(_renewed, dict(entry.index.cards), gone, changed)
    else:
        for document_id in gone:
            entry.index.remove(document_id)
        for facts in changed:
            entry.index.put(facts.id, card(facts))
    entry.stamp = scope.stamp


def _renewed(cards: dict[str, DocumentCard], gone: set[str], changed: Sequence[DocumentFacts]) -> DocumentIndex:
    """Another index, so that searches can read the old one meanwhile."""
    index = DocumentIndex()
    for document_id, made in cards.items():
        if document_id not in gone:
            index.put(document_id, made)
    for facts in changed:
        index.put(facts.id, card(facts))
    return index
