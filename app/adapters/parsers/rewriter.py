"""The parent's end of documents that stay in their format: text out, and the file again with another text."""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.frames import decode_error, encode_source
from app.adapters.parsers.process import Nursery
from app.core.errors import DocumentTooLarge, ParserCrashed, ParserTimeout
from app.models.domain import Source
from app.models.originals import Misfit, Setting, Unit, WriteEvent

_GROWN = 8
"""Times its size that a document may come back with, beside `_ROOM`."""
_ROOM = 64 << 20


class Rewriter:
    """`units` and `rewrite` of `app.ports.Parser`: each call in a confined child of its own."""

    def __init__(self, nursery: Nursery, limits: ParseLimits) -> None:
        self._nursery, self._limits = nursery, limits

    async def units(self, source: Source) -> list[Unit]:
        found: list[Unit] = []
        characters = 0
        async with aclosing(self._told({"do": "units", **encode_source(source)})) as messages:
            async for message, _ in messages:
                match message:
                    case {"is": "unit", "page": int() | None as page, "text": str(text)}:
                        found.append(Unit(page, text))
                        characters += len(text)
                    case _:
                        raise ParserCrashed
                if characters > self._limits.characters:
                    raise DocumentTooLarge(f"The document holds over {self._limits.characters} characters of text.")
        return found

    async def rewrite(self, source: Source, texts: Mapping[int, str], setting: Setting) -> AsyncGenerator[WriteEvent]:
        left = _GROWN * source.path.stat().st_size + _ROOM
        request = {"do": "write", **encode_source(source), "texts": texts, "setting": asdict(setting)}
        async with aclosing(self._told(request)) as messages:
            async for message, piece in messages:
                left -= len(piece)
                if left < 0:
                    raise DocumentTooLarge("The translated file would be many times as large as the document.")
                match message:
                    case {"is": "data"}:
                        yield piece
                    case {"is": "misfit", "unit": int(unit), "reason": str(reason)}:
                        yield Misfit(unit, reason)
                    case _:
                        raise ParserCrashed

    async def _told(self, request: dict[str, Any]) -> AsyncGenerator[tuple[dict[str, Any], bytes]]:
        """The child's messages up to its last. Raises what it reports, or died of."""
        deadline = time.monotonic() + self._limits.seconds
        child = await self._nursery.child(b"O")
        try:
            await child.send(request)
            while True:
                if time.monotonic() > deadline:
                    raise ParserTimeout
                message, piece = await child.receive(self._limits.page_seconds)
                if message.get("is") == "end":
                    return
                if message.get("is") == "error":
                    raise decode_error(message)
                yield message, piece
        finally:
            await child.kill()
