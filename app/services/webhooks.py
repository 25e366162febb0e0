"""Webhooks as their owners see them: made, changed, tested, given new secrets, and their log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.core.errors import CollectionNotAllowed, TooManyWebhooks
from app.core.security import Keyring
from app.db import audit as audit_rows
from app.db import deliveries, webhooks
from app.db.session import Database, now
from app.logic.webhooks import message, shown_secret, within_reach
from app.models.access import Caller, Reach
from app.models.audit import Action
from app.models.records import Listing
from app.models.webhooks import Delivery, DeliveryStatus, EventType, Webhook
from app.ports import WebhookTargets
from app.services.announcements import WAKE
from app.services.feed import Feed

_MOST = 50
"""Of one tenant: each event is compared with all of them."""


@dataclass(frozen=True, slots=True)
class ShownWebhook:
    """With the secret that signs for it; told when it is made and when it is rotated."""

    webhook: Webhook
    secret: str


class WebhookService:
    def __init__(self, database: Database, keyring: Keyring, targets: WebhookTargets, feed: Feed) -> None:
        self._database = database
        self._keyring = keyring
        self._targets = targets
        self._feed = feed

    async def create(
        self, caller: Caller, url: str, description: str, events: Sequence[EventType], reach: Reach
    ) -> ShownWebhook:
        """`reach` None: all that the caller reaches. Raises WebhookTargetRefused, CollectionNotAllowed,
        TooManyWebhooks."""
        reach = _reach_of(caller, reach)
        await self._targets.check(url)
        async with self._database.write() as connection:
            if await webhooks.count(connection, caller.tenant) >= _MOST:
                raise TooManyWebhooks
            made = await webhooks.add(connection, caller.tenant, url, description, events, reach)
            await audit_rows.note(connection, Action.WEBHOOK_CREATE, item=made.id)
        return self._shown(made)

    async def list(self, caller: Caller, cursor: str | None, limit: int) -> Listing[Webhook]:
        """Newest first."""
        async with self._database.read() as connection:
            return await webhooks.listing(connection, caller, cursor, limit)

    async def get(self, caller: Caller, webhook_id: str) -> Webhook:
        """Raises WebhookNotFound."""
        async with self._database.read() as connection:
            return await webhooks.by_id(connection, webhook_id, caller)

    async def change(self, caller: Caller, webhook_id: str, changes: dict[str, Any]) -> Webhook:
        """`changes`: of `url`, `description`, `events`, `reach`, `enabled`. What waited for a disabled one goes on
        when it is enabled. Raises WebhookNotFound, WebhookTargetRefused, CollectionNotAllowed."""
        await self.get(caller, webhook_id)
        values = dict(changes)
        if "url" in values:
            await self._targets.check(values["url"])
        if "reach" in values:
            reach = _reach_of(caller, values.pop("reach"))
            values["collections"] = None if reach is None else list(reach)
        if "enabled" in values:
            values["disabled_reason"] = None
        async with self._database.write() as connection:
            await webhooks.by_id(connection, webhook_id, caller)
            await webhooks.change(connection, webhook_id, **values)
            await audit_rows.note(connection, Action.WEBHOOK_CHANGE, item=webhook_id)
            changed = await webhooks.by_id(connection, webhook_id)
        self._feed.notify(WAKE)
        return changed

    async def rotate(self, caller: Caller, webhook_id: str, overlap: timedelta) -> ShownWebhook:
        """A new secret; the one before it signs beside it for `overlap`. Raises WebhookNotFound."""
        async with self._database.write() as connection:
            found = await webhooks.by_id(connection, webhook_id, caller)
            await webhooks.change(
                connection,
                webhook_id,
                secret_number=found.secret_number + 1,
                previous_number=found.secret_number,
                previous_until=now() + overlap,
            )
            await audit_rows.note(connection, Action.WEBHOOK_ROTATE, item=webhook_id)
            rotated = await webhooks.by_id(connection, webhook_id)
        return self._shown(rotated)

    async def delete(self, caller: Caller, webhook_id: str) -> None:
        """With what is on its way. Raises WebhookNotFound."""
        async with self._database.write() as connection:
            await webhooks.by_id(connection, webhook_id, caller)
            await webhooks.remove(connection, webhook_id)
            await audit_rows.note(connection, Action.WEBHOOK_DELETE, item=webhook_id)

    async def test(self, caller: Caller, webhook_id: str) -> Delivery:
        """Send a message of type `webhook.test`. Raises WebhookNotFound."""
        async with self._database.write() as connection:
            await webhooks.by_id(connection, webhook_id, caller)
            kind = EventType.WEBHOOK_TEST
            made = await deliveries.add(connection, webhook_id, kind, message(kind, now(), {"webhook_id": webhook_id}))
            await audit_rows.note(connection, Action.WEBHOOK_TEST, item=webhook_id)
            delivery = await deliveries.by_id(connection, webhook_id, made)
        self._feed.notify(WAKE)
        return delivery

    async def deliveries(
        self, caller: Caller, webhook_id: str, status: DeliveryStatus | None, cursor: str | None, limit: int
    ) -> Listing[Delivery]:
        """The log, newest first. Raises WebhookNotFound."""
        async with self._database.read() as connection:
            await webhooks.by_id(connection, webhook_id, caller)
            return await deliveries.listing(connection, webhook_id, status, cursor, limit)

    async def retry(self, caller: Caller, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a message at once, whatever became of it. Raises WebhookNotFound, DeliveryNotFound."""
        async with self._database.write() as connection:
            await webhooks.by_id(connection, webhook_id, caller)
            await deliveries.by_id(connection, webhook_id, delivery_id)
            await deliveries.again(connection, delivery_id)
            await audit_rows.note(connection, Action.WEBHOOK_RETRY, item=delivery_id)
            delivery = await deliveries.by_id(connection, webhook_id, delivery_id)
        self._feed.notify(WAKE)
        return delivery

    def _shown(self, webhook: Webhook) -> ShownWebhook:
        return ShownWebhook(webhook, shown_secret(self._keyring.webhook(webhook.id, webhook.secret_number)))


def _reach_of(caller: Caller, reach: Reach) -> Reach:
    """What a webhook of `caller` may be told of. Raises CollectionNotAllowed."""
    reach = caller.reach if reach is None else reach
    if not within_reach(reach, caller.reach):
        raise CollectionNotAllowed
    return reach
