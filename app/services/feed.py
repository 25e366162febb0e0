"""Tells whoever follows a job that something was written, in other processes too where they share a board.

A wake-up may be lost: followers also look on their own.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable


class Feed:
    """Wake-ups by key. A wake-up carries nothing: the rows are the truth."""

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        """`tell`: how other processes come to hear of it."""
        self._tell = tell
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def notify(self, key: str) -> None:
        self.hear(key)
        if self._tell is not None:
            self._tell(key)

    def hear(self, key: str) -> None:
        """Another process notified."""
        for event in self._waiting.get(key, ()):
            event.set()

    async def wait(self, key: str, event: asyncio.Event, timeout: float) -> None:
        """Return when `key` was notified since `event` was subscribed or last cleared, or after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            pass
        event.clear()

    def subscribe(self, key: str) -> asyncio.Event:
        event = asyncio.Event()
        self._waiting[key].add(event)
        return event

    def unsubscribe(self, key: str, event: asyncio.Event) -> None:
        self._waiting[key].discard(event)
        if not self._waiting[key]:
            del self._waiting[key]
