"""The parent's end of the long-lived process that looks up boxes and draws pages."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.frames import decode_error, encode_source
from app.adapters.parsers.process import Child, Nursery
from app.core.errors import DocumentError, DocumentTooLarge, ParserCrashed
from app.models.domain import Box, Source
from app.models.pictures import WrittenPage


class GeometryDesk:
    """Requests one at a time to one child, which is replaced when it dies, hangs, or has grown and left."""

    def __init__(self, nursery: Nursery, limits: ParseLimits, reader: str) -> None:
        self._nursery = nursery
        self._limits = limits
        self._reader = reader
        self._child: Child | None = None
        self._turn = asyncio.Lock()
        self._sent = 0

    async def boxes(self, source: Source, spans: Sequence[tuple[int, int, int]]) -> list[tuple[Box, ...]]:
        message, _ = await self._ask({"do": "boxes", **encode_source(source), "spans": [list(span) for span in spans]})
        try:
            return [tuple(_box(box) for box in boxes) for boxes in message["boxes"]]
        except (KeyError, TypeError, ValueError) as error:
            raise ParserCrashed from error

    async def render(
        self, source: Source, page: int, scale: float, highlight: Sequence[Box], text: WrittenPage | None
    ) -> bytes:
        request = {
            **encode_source(source),
            "do": "render",
            "page": page,
            "scale": scale,
            "highlight": [list(box) for box in highlight],
            "text": None if text is None else asdict(text),
        }
        return (await self._ask(request))[1]

    async def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.kill()

    async def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        async with self._turn:
            self._sent += 1
            if self._child is not None:
                # It may have been gone before it could read this request, or be full of other documents.
                with suppress(ParserCrashed, DocumentTooLarge):
                    return await self._exchange(self._child, request)
                await self.close()
            self._child = await self._nursery.child(b"G")
            return await self._exchange(self._child, request)

    async def _exchange(self, child: Child, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        try:
            await child.send({**request, "id": self._sent, "reader": self._reader})
            while True:
                message, blob = await child.receive(self._limits.request_seconds)
                if message.get("id") == self._sent:  # else a reply that nobody waits for any more
                    break
        except DocumentError:
            await self.close()
            raise
        if message.get("is") == "error":
            raise decode_error(message)
        return message, blob


def _box(values: Sequence[float]) -> Box:
    x0, y0, x1, y1 = map(float, values)
    return x0, y0, x1, y1
