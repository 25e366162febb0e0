"""Citations of one answer while it is written: their boxes are looked up while the model goes on talking."""

import asyncio
from collections.abc import Iterator, Sequence

from app.logic.citations import Cited, citation
from app.logic.reply import ReplySentence
from app.models.citations import Citation
from app.models.domain import Box, Passage
from app.services.boxes import BoxFinder, Place


class CitationDesk:
    """Use as a context: look-ups that nobody waits for any more end with it."""

    def __init__(self, boxes: BoxFinder, passages: Sequence[Passage]) -> None:
        self._boxes, self._passages = boxes, passages
        self._lookups: dict[int, asyncio.Task[list[tuple[Box, ...]]]] = {}
        self._cited: dict[int, Cited] = {}
        self._done: dict[int, Citation] = {}

    def __enter__(self) -> "CitationDesk":
        return self

    def __exit__(self, *_: object) -> None:
        for task in self._lookups.values():
            task.cancel()

    def take(self, cited: Sequence[Cited]) -> None:
        """Begin to look up the boxes of quotes not seen before, in one go."""
        fresh = [item for item in cited if item.number not in self._cited]
        if not fresh:
            return
        task = asyncio.create_task(self._boxes.find([self._place(item) for item in fresh]))
        for item in fresh:
            self._cited[item.number] = item
            self._lookups[item.number] = task

    def ready(self, sentences: Sequence[ReplySentence]) -> Iterator[Citation]:
        """The citations, in order of their numbers, whose boxes and whose sentence are known by now; each once."""
        for number in sorted(self._cited.keys() - self._done.keys()):
            sentence = next((item for item in sentences if number in item.numbers), None)
            if sentence is not None and self._lookups[number].done():
                yield self._made(number, (sentence.start, sentence.end))

    async def rest(self, sentences: Sequence[ReplySentence]) -> list[Citation]:
        """The others, once their boxes are known."""
        await asyncio.gather(*self._lookups.values())
        return list(self.ready(sentences))

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._done[number] for number in sorted(self._done))

    def _place(self, cited: Cited) -> Place:
        return Place(self._passages[cited.passage].version_id, cited.quote.page, cited.quote.start, cited.quote.end)

    def _made(self, number: int, answer: tuple[int, int]) -> Citation:
        cited = self._cited[number]
        task = self._lookups[number]
        group = [other for other, lookup in self._lookups.items() if lookup is task]
        boxes = task.result()[group.index(number)]
        self._done[number] = citation(cited, self._passages[cited.passage], boxes, answer)
        return self._done[number]
