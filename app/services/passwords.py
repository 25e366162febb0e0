"""Passwords: hashed by argon2id, off the event loop, few at a time.

One hash takes 64 MiB and some hundredths of a second by intent, so whoever sends many must neither fill the memory nor
keep the others waiting for ever: what cannot be begun soon is refused.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pwdlib import PasswordHash

from app.core.errors import RateLimited

_AT_ONCE = 2
_WAITING = 32
_BUSY = "Too many people sign in at the same time. Try again in a moment."


class Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHash.recommended()
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0
        # Of a password that nobody has: an unknown name takes as long as a known one.
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """What is stored. Raises RateLimited."""
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, _typed(password))

    async def matches(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether it is the one behind `stored`, and what to store instead when costs have changed since.

        None, of a user that does not exist, is matched by nothing and takes as long. Raises RateLimited.
        """
        async with self._turn():
            if self._nobody is None:
                self._nobody = await asyncio.to_thread(self._hasher.hash, "nobody's")
            found, newer = await asyncio.to_thread(
                self._hasher.verify_and_update, _typed(password), stored or self._nobody
            )
        return (found, newer) if stored is not None else (False, None)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= _WAITING:
            raise RateLimited(_BUSY, retry_after=1.0)
        self._waiting += 1
        try:
            async with self._free:
                yield
        finally:
            self._waiting -= 1


def _typed(password: str) -> str:
    """The same however a keyboard composes it (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
