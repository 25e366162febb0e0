"""Idempotency-Key: a request that is sent again gets the first one's answer, for 24 hours.

A key is held while its request runs, and stored with the answer when it has ended. Where one process owns the data
folder it holds keys in memory: nobody else can be running the request, and when that process dies its keys are free at
once. Where several serve, a key is held by a row whose time is renewed, so that no loss of Redis lets a request in
twice.
"""

import asyncio
from typing import Any

from app.core.errors import IdempotencyConflict, Unavailable
from app.db import idempotency as rows
from app.db.session import Database

_RENEWED = 10.0
_HELD = 45.0
"""Seconds after which a key is free whose process did not renew it."""


class IdempotencyService:
    """`shared`: whether other processes serve the same database."""

    def __init__(self, database: Database, *, shared: bool = False) -> None:
        self._database = database
        self._shared = shared
        self._running: dict[str, str] = {}
        """Fingerprints of the requests under way, by key."""
        self._renewing: dict[str, asyncio.Task[None]] = {}

    async def begin(self, key: str, fingerprint: str) -> tuple[int, Any] | None:
        """None when this request is the first; else the first one's status and body.

        Who gets None calls `finish` or `abandon`. Raises IdempotencyConflict when the key stands for another request,
        or for one that still runs.
        """
        if key in self._running:
            raise IdempotencyConflict
        self._running[key] = fingerprint  # before the first await: of two at once, one waits for nothing
        found = None
        try:
            async with self._database.write() as connection:
                await rows.forget_old(connection)
                found = await rows.find(connection, key, _HELD)
                if found is not None and (found.fingerprint != fingerprint or found.status == rows.RUNNING):
                    raise IdempotencyConflict
                if found is None and self._shared:
                    await rows.hold(connection, key, fingerprint)
        except BaseException:
            self._running.pop(key, None)
            raise
        if found is None:
            if self._shared:
                self._renewing[key] = asyncio.create_task(self._renew(key), name="idempotency-key")
            return None
        self._running.pop(key, None)
        return found.status, found.body

    async def finish(self, key: str, status: int, body: Any) -> None:
        """Keep the answer for those who ask again. Raises Unavailable; the key is free then."""
        fingerprint = self._running[key]
        try:
            async with self._database.write() as connection:
                await rows.keep(connection, key, fingerprint, status, body)
        except BaseException:
            await self.abandon(key)
            raise
        self._let_go(key)

    async def abandon(self, key: str) -> None:
        """The request failed: the key is free for another try."""
        if self._let_go(key) and self._shared:
            try:
                async with self._database.write() as connection:
                    await rows.let_go(connection, key)
            except Unavailable:  # then its time runs out
                pass

    def _let_go(self, key: str) -> bool:
        renewing = self._renewing.pop(key, None)
        if renewing is not None:
            renewing.cancel()
        return self._running.pop(key, None) is not None

    async def _renew(self, key: str) -> None:
        while True:
            await asyncio.sleep(_RENEWED)
            try:
                async with self._database.write(alone=False) as connection:
                    await rows.renew(connection, key)
            except Unavailable:  # several renewals lie within its time
                continue
