"""SQL of webhooks and of what is on its way to them, on both engines."""

import asyncio

import pytest

from app.core.errors import DeliveryNotFound, WebhookNotFound
from app.db import deliveries, webhooks
from app.db.session import Database, now
from app.models.access import ANYONE, Caller
from app.models.webhooks import Attempt, DeliveryStatus, EventType

pytestmark = pytest.mark.anyio


async def test_two_senders_never_take_the_same_message(database: Database) -> None:
    async with database.write() as connection:
        hook = await webhooks.add(connection, "", "https://a.example/", "", [EventType.JOB_FAILED], ("a", "b-*"))
        sent = {await deliveries.add(connection, hook.id, EventType.JOB_FAILED, f"{{{n}}}") for n in range(6)}
        assert await webhooks.by_id(connection, hook.id) == hook

    async def take() -> list[str]:
        taken = []
        while True:
            async with database.write() as connection:
                found = await deliveries.claim(connection, 60.0)
                if found is None:
                    return taken
                taken.append(found[0].id)
                assert found[1] == hook

    taken = [key for keys in await asyncio.gather(take(), take(), take()) for key in keys]
    assert sorted(taken) == sorted(sent)
    async with database.write() as connection:
        assert await deliveries.next_due(connection) is None
        await deliveries.release(connection)
        assert await deliveries.next_due(connection) == 0.0
        assert await deliveries.claim(connection, 60.0, [hook.id]) is None
        found = await deliveries.claim(connection, 60.0)
        assert found is not None
        attempt = Attempt(now(), 204, None, 12)
        await deliveries.tried(connection, found[0], attempt, status=DeliveryStatus.DELIVERED, finished_at=now())
        told = await deliveries.by_id(connection, hook.id, found[0].id)
        assert (told.status, told.attempts, told.tries) == (DeliveryStatus.DELIVERED, (attempt,), 1)
        await webhooks.change(connection, hook.id, enabled=False)
        assert await deliveries.claim(connection, 60.0) is None
        assert await deliveries.next_due(connection) is None


async def test_lists_page_and_what_is_deleted_takes_its_log_along(database: Database) -> None:
    mine = Caller("key:1", ANYONE.scopes, ("a",))
    async with database.write() as connection:
        hooks = [await webhooks.add(connection, mine.tenant, f"https://{n}.example/", "", [], ("a",)) for n in range(3)]
        await webhooks.add(connection, "", "https://other.example/", "", [], None)
        page = await webhooks.listing(connection, mine, None, 2)
        rest = await webhooks.listing(connection, mine, page.next_cursor, 2)
        assert [item.id for item in (*page.items, *rest.items)] == [hook.id for hook in hooks[::-1]]
        assert await webhooks.count(connection, mine.tenant) == 3
        assert len((await webhooks.listing(connection, ANYONE, None, 10)).items) == 4
        sent = [await deliveries.add(connection, hooks[0].id, EventType.WEBHOOK_TEST, "{}") for _ in range(3)]
        found = await deliveries.listing(connection, hooks[0].id, DeliveryStatus.PENDING, None, 2)
        assert [item.id for item in found.items] == sent[:0:-1]
        await webhooks.remove(connection, hooks[0].id)
        with pytest.raises(WebhookNotFound):
            await webhooks.by_id(connection, hooks[0].id)
        with pytest.raises(DeliveryNotFound):
            await deliveries.by_id(connection, hooks[0].id, sent[0])
