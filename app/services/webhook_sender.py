"""Sends what waits for webhooks: each message at least once, again after a failure, for about three days."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.core.errors import Unavailable
from app.core.logging import get_logger
from app.core.security import Keyring
from app.db import deliveries, webhooks
from app.db.session import Connection, Database, now
from app.logic.webhooks import GONE, WAITS, headers, wait_before
from app.models.webhooks import Attempt, Delivery, DeliveryStatus, Reply, Webhook
from app.ports import WebhookTargets
from app.services.announcements import WAKE
from app.services.feed import Feed
from app.services.stopwatch import Stopwatch

_AT_ONCE = 16
_TO_ONE = 4
"""Calls at once to one webhook: who answers slowly holds up nobody else."""
_LEASE_BEYOND = 15.0
"""Seconds that a lease outlasts the longest call."""
_log = get_logger(__name__)


class WebhookSender:
    """`idle`: seconds between two looks when nobody wakes it. `waits`: before each further try."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        targets: WebhookTargets,
        feed: Feed,
        *,
        idle: float = 5.0,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._targets = targets
        self._feed = feed
        self._idle = idle
        self._waits = waits
        self._calls: dict[asyncio.Task[None], str] = {}

    async def run(self) -> None:
        """Until cancelled; `close` then ends what is under way."""
        wake = self._feed.subscribe(WAKE)
        try:
            while True:
                pause = await self._send_due()
                await self._feed.wait(WAKE, wake, min(self._idle, max(pause, 0.05)))
        finally:
            self._feed.unsubscribe(WAKE, wake)

    async def close(self) -> None:
        """Break off what is under way: its messages are sent again after the next start."""
        for call in list(self._calls):
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._targets.close()

    async def _send_due(self) -> float:
        """Begin to send what is due; returns how many seconds nothing else will be."""
        try:
            while len(self._calls) < _AT_ONCE:
                busy = [key for key, calls in Counter(self._calls.values()).items() if calls >= _TO_ONE]
                async with self._database.read() as connection:
                    pause = await deliveries.next_due(connection, busy)
                if pause is None or pause > 0:
                    return self._idle if pause is None else pause
                async with self._database.write(alone=False) as connection:
                    due = await deliveries.claim(connection, self._targets.timeout + _LEASE_BEYOND, busy)
                if due is not None:  # else another process was quicker
                    self._begin(*due)
        except Unavailable as error:  # a full disk, a database that restarts: it goes on when that is over
            _log.warning("webhooks_put_off", code=error.code)
        return self._idle

    def _begin(self, delivery: Delivery, webhook: Webhook) -> None:
        call = asyncio.create_task(self._send(delivery, webhook), name=f"webhook-{delivery.id}")
        self._calls[call] = webhook.id
        call.add_done_callback(self._ended)

    def _ended(self, call: asyncio.Task[None]) -> None:
        del self._calls[call]
        self._feed.notify(WAKE)
        if not call.cancelled() and (failure := call.exception()) is not None:
            # Its end could not be written down: it is sent again when its lease has run out.
            _log.warning("webhook_left", error=type(failure).__name__)

    async def _send(self, delivery: Delivery, webhook: Webhook) -> None:
        moment, body = now(), delivery.body.encode()
        keys = [self._keyring.webhook(webhook.id, number) for number in webhook.secret_numbers(moment)]
        watch = Stopwatch()
        with watch.stage("call"):
            reply = await self._targets.post(webhook.url, headers(delivery.id, moment, body, keys), body)
        attempt = Attempt(moment, reply.status, reply.error, round(watch.timings["call"]))
        async with self._database.write(alone=False) as connection:
            await self._write_down(connection, delivery, attempt, reply)

    async def _write_down(self, connection: Connection, delivery: Delivery, attempt: Attempt, reply: Reply) -> None:
        ended: dict[str, Any] = {"finished_at": now()}
        if reply.status is not None and 200 <= reply.status < 300:
            await deliveries.tried(connection, delivery, attempt, status=DeliveryStatus.DELIVERED, **ended)
            return
        wait = wait_before(
            delivery.tries + 1,
            jitter=random.random(),  # noqa: S311 - spreads calls, guards nothing
            retry_after=reply.retry_after,
            waits=self._waits,
        )
        _log.info("webhook_failed", webhook_id=delivery.webhook_id, status=reply.status, error=reply.error, wait=wait)
        if wait is not None and reply.status != GONE:
            await deliveries.tried(connection, delivery, attempt, run_after=now() + timedelta(seconds=wait))
            return
        await deliveries.tried(connection, delivery, attempt, status=DeliveryStatus.FAILED, **ended)
        await _disable(connection, delivery, gone=reply.status == GONE)


async def _disable(connection: Connection, delivery: Delivery, *, gone: bool) -> None:
    """A target that says it is gone, or took nothing for as long as a message is tried, is asked no more."""
    if gone or not await deliveries.delivered_since(connection, delivery.webhook_id, delivery.created_at):
        reason = "gone" if gone else "failing"
        _log.warning("webhook_disabled", webhook_id=delivery.webhook_id, reason=reason)
        await webhooks.change(connection, delivery.webhook_id, enabled=False, disabled_reason=reason)
