"""Where quotes stand on their pages, as rectangles: asked of the parser when something is cited, and remembered."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from app.core.errors import DocubotError
from app.core.logging import get_logger
from app.logic.lineboxes import of_words
from app.models.domain import Box, Source, Word
from app.ports import Parser

log = get_logger(__name__)


class Sources(Protocol):
    async def source(self, version_id: str) -> Source:
        """The stored file of a version. Raises DocumentNotFound."""
        ...

    async def words(self, version_id: str, pages: Sequence[int]) -> Mapping[int, Sequence[Word]]:
        """Where the words of those pages stand that were read by OCR."""
        ...


class Place(NamedTuple):
    """A stretch of a page's stored text."""

    version_id: str
    page: int
    start: int
    end: int


class BoxFinder:
    """A quote without rectangles is still a quote: what goes wrong here is logged, and the answer goes on."""

    def __init__(self, parser: Parser, sources: Sources, *, timeout: float = 3.0, remembered: int = 4096) -> None:
        self._parser, self._sources = parser, sources
        self._timeout = timeout
        self._remembered = remembered
        self._known: OrderedDict[Place, tuple[Box, ...]] = OrderedDict()

    async def find(self, places: Sequence[Place]) -> list[tuple[Box, ...]]:
        """Boxes of each place, in their order; empty where there are none. One call of the parser for each version."""
        missing: dict[str, list[Place]] = defaultdict(list)
        for place in dict.fromkeys(places):
            if place not in self._known:
                missing[place.version_id].append(place)
        found: dict[Place, tuple[Box, ...]] = {}
        for part in await asyncio.gather(*(self._ask(version, asked) for version, asked in missing.items())):
            found |= part
        found |= {place: self._known[place] for place in places if place in self._known}
        self._remember(found)
        return [found.get(place, ()) for place in places]

    async def _ask(self, version_id: str, places: Sequence[Place]) -> dict[Place, tuple[Box, ...]]:
        try:
            async with asyncio.timeout(self._timeout):
                words = await self._sources.words(version_id, [place.page for place in places])
                found = {
                    place: of_words(words[place.page], place.start, place.end)
                    for place in places
                    if place.page in words
                }
                others = [place for place in places if place.page not in words]
                if others:
                    found |= await self._parsed(version_id, others)
        except (DocubotError, OSError, TimeoutError) as error:
            log.warning("boxes_not_found", version_id=version_id, error=type(error).__name__)
            return {}
        return found

    async def _parsed(self, version_id: str, places: Sequence[Place]) -> dict[Place, tuple[Box, ...]]:
        source = await self._sources.source(version_id)
        boxes = await self._parser.boxes(source, [(place.page, place.start, place.end) for place in places])
        return dict(zip(places, boxes, strict=True))

    def _remember(self, found: dict[Place, tuple[Box, ...]]) -> None:
        for place, boxes in found.items():
            self._known[place] = boxes
            self._known.move_to_end(place)
        while len(self._known) > self._remembered:
            self._known.popitem(last=False)
