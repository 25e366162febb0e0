"""Keeps one Chroma process running and puts calls to it."""

import asyncio
import time
from pathlib import Path
from typing import Any

import structlog

from app.adapters.vectors.chroma_frames import Frame
from app.adapters.vectors.chroma_link import ChromaLink
from app.core.errors import VectorIndexUnavailable

log = structlog.get_logger(__name__)

_LONGEST_STEP = 300.0
"""Seconds that one step of the start may take: importing Chroma, or reading one collection."""
_LONGEST_CLOSE = 20.0
_REST = 10.0
"""Seconds after a start that failed before the next one is tried."""
_NOWHERE = "-"
"""Stands in `drop` for a death over no collection; no collection has this name."""
_EVERYTHING = "*"


class ChromaChild:
    """Started by the first call, and anew by the next one after it died; what it died over is then removed."""

    def __init__(self, folder: Path, longest_call: float) -> None:
        self._folder = folder
        self._longest_call = longest_call
        self._link: ChromaLink | None = None
        self._starting: asyncio.Task[ChromaLink] | None = None
        self._serving: asyncio.Task[None] | None = None
        self._not_before = 0.0

    async def call(self, name: str, *args: Any, body: bytes = b"", patient: bool = True) -> Frame:
        """The reply to a call of `chroma_process`. Raises VectorIndexUnavailable when there is none; and at once,
        unless `patient`, while the process is starting."""
        link = self._link
        if link is None or link.gone:
            starting = self._start_once()
            if not patient:
                raise VectorIndexUnavailable
            link = await asyncio.shield(starting)
        try:
            async with asyncio.timeout(self._longest_call):
                reply = await link.ask(name, args, body)
        except TimeoutError:
            log.error("vector_process_hangs", call=name)
            link.kill()
            raise VectorIndexUnavailable from None
        if "error" in reply.head:
            log.warning("vector_index_error", call=name, error=reply.head["error"])
            raise VectorIndexUnavailable
        return reply

    async def close(self) -> None:
        """Let it write what it has to, so that the next start can trust its files."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        if self._link is None or self._serving is None:
            return
        await self._link.ask_to_close()
        try:
            async with asyncio.timeout(_LONGEST_CLOSE):
                await asyncio.shield(self._serving)
        except TimeoutError:
            self._link.kill()
            await self._serving

    def _start_once(self) -> "asyncio.Task[ChromaLink]":
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(self._started)
        return self._starting

    def _started(self, starting: "asyncio.Task[ChromaLink]") -> None:
        self._starting = None
        if not starting.cancelled() and starting.exception() is None:
            self._link = starting.result()
            self._serving = asyncio.create_task(_serve(self._link))

    async def _start(self) -> ChromaLink:
        if time.monotonic() < self._not_before:
            raise VectorIndexUnavailable
        drop: list[str] = []
        while True:
            link = await ChromaLink.start(self._folder, drop)
            try:
                at = await _until_ready(link)
            except asyncio.CancelledError:
                link.kill()
                await link.ended()
                raise
            if at is None:
                return link
            code, last_words = await link.ended()
            log.error("vector_process_failed", at=at, code=code, last_words=last_words)
            if _EVERYTHING in drop:
                self._not_before = time.monotonic() + _REST
                raise VectorIndexUnavailable
            # Once more without what it died over; if that was nothing in particular, as it is, for memory or disk may
            # have been short for a moment. If it dies over the same again, without anything.
            drop = [_EVERYTHING] if at in drop else [*drop, at]


async def _serve(link: ChromaLink) -> None:
    code, last_words = await link.serve()
    if code:
        log.error("vector_process_died", code=code, last_words=last_words)


async def _until_ready(link: ChromaLink) -> str | None:
    """None once it serves; else the collection that it was at when it died or hung."""
    at = _NOWHERE
    try:
        while True:
            async with asyncio.timeout(_LONGEST_STEP):
                event = await link.event()
            match event["event"]:
                case "ready":
                    return None
                case "at":
                    at = event["what"]
                case "removed":
                    log.warning("vector_index_removed", what=event["what"], why=event["why"])
    except (EOFError, TimeoutError):
        link.kill()
        return at
