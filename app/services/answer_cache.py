"""Answers given before, as long as no document of their collection has changed.

Each is kept under what SQL said of the collection's documents when it was begun. Whatever is added, replaced, edited or
deleted changes that, in this process or another, so that nothing old is ever found; it is dropped at the next question.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from app.models.events import AnswerResult
from app.models.requests import AskRequest
from app.services.parted import StampedSearcher


@dataclass(frozen=True, slots=True)
class Key:
    collection_id: str
    stamp: Hashable
    asked: Hashable


class AnswerCache:
    """The `most` answers used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, AnswerResult] = OrderedDict()
        self._latest: dict[str, Hashable] = {}

    async def key(
        self, searcher: StampedSearcher, request: AskRequest, question: str, language: str | None
    ) -> Key | None:
        """Of a question that stands alone; None where nothing is kept."""
        if not self._most or not request.cache:
            return None
        found = await searcher.stamp(request.collection)
        if found is None:
            return None
        collection_id, stamp = found
        if self._latest.get(collection_id, stamp) != stamp:
            self.forget(collection_id)
        self._latest[collection_id] = stamp
        ids = None if request.document_ids is None else tuple(sorted(request.document_ids))
        asked = (
            *(
                " ".join(question.split()),
                language,
                request.answer_language,
                request.mode,
                request.strict,
                request.rewrite,
            ),
            *(ids, request.filters, request.top_k, request.keyword_weight, request.score_floor, request.token_budget),
            request.terms,
        )
        return Key(collection_id, stamp, asked)

    def get(self, key: Key | None) -> AnswerResult | None:
        found = self._kept.get(key) if key else None
        if key and found:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: Key | None, result: AnswerResult) -> None:
        """An answer that broke off, or whose search lacked a side, is not kept: the next one may be better."""
        if key is None or result.fallback is not None or self._latest.get(key.collection_id) != key.stamp:
            return
        self._kept[key] = result
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, collection_id: str) -> int:
        """Drop what is kept of a collection; returns how many answers that were."""
        stale = [key for key in self._kept if key.collection_id == collection_id]
        for key in stale:
            del self._kept[key]
        self._latest.pop(collection_id, None)
        return len(stale)
