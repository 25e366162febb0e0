"""From what happened to what a receiver gets: at least once, to those who may know, whatever fails between."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from app.adapters.webhooks.http import HttpTargets
from app.core.errors import CollectionNotAllowed, TooManyWebhooks, WebhookNotFound, WebhookTargetRefused
from app.core.security import Keyring
from app.db import deliveries, webhooks
from app.models.access import ANYONE, Caller
from app.models.webhooks import DeliveryStatus, Event, EventType
from app.services.announcements import announce
from app.services.webhook_sender import WebhookSender
from app.services.webhooks import WebhookService
from tests.fakes.receiver import Received, Receiver, receiving
from tests.services.kit import Kit, open_kit

pytestmark = pytest.mark.anyio
OURS = Caller("key:ours", ANYONE.scopes, ("ours-*",))
THEIRS = Caller("key:theirs", ANYONE.scopes, ("theirs",))


@dataclass
class Hooks:
    kit: Kit
    service: WebhookService
    sender: WebhookSender
    receiver: Receiver

    async def made(self, caller: Caller = ANYONE, *events: EventType, **more: Any) -> Any:
        return await self.service.create(caller, more.get("url", self.receiver.url), "", events, more.get("reach"))

    async def next(self) -> Received:
        return await asyncio.to_thread(self.receiver.next)

    async def settled(self, webhook_id: str, count: int = 1) -> list[Any]:
        """The log, oldest first, once nothing waits any more."""
        async with asyncio.timeout(30):
            while True:
                found = (await self.service.deliveries(ANYONE, webhook_id, None, None, 100)).items
                if len(found) >= count and all(item.finished_at for item in found):
                    return list(found[::-1])
                await asyncio.sleep(0.01)

    async def told(self, event: Event) -> None:
        async with self.kit.database.write() as connection:
            await announce(connection, event)


@asynccontextmanager
async def hooks(folder: Path, *, waits: tuple[float, ...] = (0.0, 0.0), run: bool = True) -> AsyncIterator[Hooks]:
    """A sender that waits next to nothing between two tries."""
    async with open_kit(folder) as kit:
        with receiving() as receiver:
            keyring, targets = Keyring(b"s" * 32), HttpTargets([ip_network("127.0.0.0/8")], 5.0)
            service = WebhookService(kit.database, keyring, targets, kit.feed)
            sender = WebhookSender(kit.database, keyring, targets, kit.feed, idle=0.05, waits=waits)
            task = asyncio.create_task(sender.run()) if run else None
            yield Hooks(kit, service, sender, receiver)
            if task is not None:
                task.cancel()
            receiver.release.set()
            await sender.close()


async def test_a_document_that_is_ready_is_told_and_one_that_fails_with_its_reason(tmp_path: Path) -> None:
    async with hooks(tmp_path) as h:
        made = await h.made()
        outcome = await h.kit.ingested(b"The tide is high.", "年报.txt")
        assert outcome.document is not None
        seen = {}
        for _ in range(2):
            got = await h.next()
            told = got.verified(made.secret)
            seen[told["type"]] = told["data"]
            assert got.headers["content-type"].startswith("application/json")
        ready = seen["document.ready"]
        assert isinstance(ready, dict)
        assert (ready["document_id"], ready["filename"], ready["collection"]) == (
            outcome.document.id,
            "年报.txt",
            "default",
        )
        assert (ready["status"], ready["version"], ready["pages"], ready["error"]) == ("ready", 1, 1, None)
        assert seen["job.succeeded"] == {
            "job_id": outcome.job_id,
            "kind": "ingest",
            "collection": "default",
            "document_id": outcome.document.id,
            "attempt": 1,
            "status": "succeeded",
            "error": None,
        }
        broken = await h.kit.upload(b"%PDF-1.7\n broken", "torn.pdf")
        assert broken.document is not None
        types = {}
        for _ in range(2):
            told = (await h.next()).verified(made.secret)
            types[told["type"]] = told["data"]
        assert types.keys() == {"document.failed", "job.failed"}
        assert types["document.failed"]["error"]["code"] == "unreadable_document"  # type: ignore[index]
        assert types["document.failed"]["document_id"] == broken.document.id  # type: ignore[index]
        await h.kit.documents.delete(outcome.document.id)
        assert (await h.next()).verified(made.secret)["type"] in ("document.deleted", "job.succeeded")


async def test_only_what_was_chosen_comes_and_only_of_the_makers_collections(tmp_path: Path) -> None:
    async with hooks(tmp_path) as h:
        ours = await h.made(OURS, EventType.JOB_FAILED)
        theirs = await h.made(THEIRS)
        narrow = await h.made(OURS, reach=("ours-a",))
        everyone = await h.made()
        events = [
            Event(EventType.JOB_FAILED, {"n": 1}, "ours-a"),
            Event(EventType.JOB_SUCCEEDED, {"n": 2}, "ours-a"),
            Event(EventType.JOB_FAILED, {"n": 3}, "ours-b"),
            Event(EventType.JOB_FAILED, {"n": 4}, "theirs"),
            Event(EventType.QUOTA_EXCEEDED, {"n": 5}, tenant=THEIRS.tenant),
        ]
        for event in events:
            await h.told(event)
        counts = {ours: (1, 3), theirs: (4, 5), narrow: (1, 2), everyone: (1, 2, 3, 4, 5)}
        for webhook, numbers in counts.items():
            log = await h.settled(webhook.webhook.id, len(numbers))
            assert sorted(json.loads(item.body)["data"]["n"] for item in log) == list(numbers)
        for caller, webhook in ((OURS, theirs), (THEIRS, ours)):
            key = webhook.webhook.id
            with pytest.raises(WebhookNotFound):
                await h.service.get(caller, key)
            with pytest.raises(WebhookNotFound):
                await h.service.deliveries(caller, key, None, None, 1)
            with pytest.raises(WebhookNotFound):
                await h.service.rotate(caller, key, timedelta())
            with pytest.raises(WebhookNotFound):
                await h.service.change(caller, key, {"enabled": False})
            with pytest.raises(WebhookNotFound):
                await h.service.delete(caller, key)
        with pytest.raises(CollectionNotAllowed):
            await h.made(OURS, reach=("theirs",))
        with pytest.raises(CollectionNotAllowed):
            await h.service.change(OURS, ours.webhook.id, {"reach": ("*",)})
        # null in a change means what its maker reaches, not everything.
        changed = await h.service.change(OURS, narrow.webhook.id, {"reach": None})
        assert changed.reach == OURS.reach


async def test_a_failure_is_tried_again_under_the_same_id_and_given_up_in_the_end(tmp_path: Path) -> None:
    async with hooks(tmp_path) as h:
        made = await h.made()
        h.receiver.answers = [500, 302, 204]
        sent = await h.service.test(ANYONE, made.webhook.id)
        got = [await h.next() for _ in range(3)]
        assert {item.headers["webhook-id"] for item in got} == {sent.id}
        assert {item.body for item in got} == {sent.body.encode()}
        [log] = await h.settled(made.webhook.id)
        assert (log.status, [item.status for item in log.attempts]) == (DeliveryStatus.DELIVERED, [500, 302, 204])

        h.receiver.answers = [500, 500, 400]
        lost = await h.service.test(ANYONE, made.webhook.id)
        log = (await h.settled(made.webhook.id, 2))[-1]
        assert (log.id, log.status, len(log.attempts)) == (lost.id, DeliveryStatus.FAILED, 3)
        found = await h.service.get(ANYONE, made.webhook.id)
        assert (found.enabled, found.disabled_reason) == (False, "failing")

        await h.service.change(ANYONE, made.webhook.id, {"enabled": True})
        again = await h.service.retry(ANYONE, made.webhook.id, lost.id)
        assert (again.id, again.status, again.tries) == (lost.id, DeliveryStatus.PENDING, 0)
        log = (await h.settled(made.webhook.id, 2))[-1]
        assert (log.status, len(log.attempts)) == (DeliveryStatus.DELIVERED, 4)


async def test_a_target_that_is_gone_is_asked_no_more_and_what_waits_goes_on_when_it_is_back(tmp_path: Path) -> None:
    async with hooks(tmp_path) as h:
        made = await h.made()
        h.receiver.answers = [410]
        await h.service.test(ANYONE, made.webhook.id)
        [log] = await h.settled(made.webhook.id)
        assert log.status is DeliveryStatus.FAILED
        assert (await h.service.get(ANYONE, made.webhook.id)).disabled_reason == "gone"
        waiting = await h.service.test(ANYONE, made.webhook.id)
        await h.told(Event(EventType.JOB_FAILED, {}, "default"))
        changed = await h.service.change(ANYONE, made.webhook.id, {"enabled": True})
        assert (changed.enabled, changed.disabled_reason) == (True, None)
        log = await h.settled(made.webhook.id, 2)
        assert [item.id for item in log[1:]] == [waiting.id]  # what happened meanwhile was told to nobody


async def test_a_new_secret_and_the_old_one_sign_together_for_a_while(tmp_path: Path) -> None:
    async with hooks(tmp_path) as h:
        made = await h.made()
        rotated = await h.service.rotate(ANYONE, made.webhook.id, timedelta(hours=1))
        assert rotated.secret != made.secret
        await h.service.test(ANYONE, made.webhook.id)
        got = await h.next()
        assert got.verified(made.secret) == got.verified(rotated.secret)
        again = await h.service.rotate(ANYONE, made.webhook.id, timedelta())
        await h.service.test(ANYONE, made.webhook.id)
        got = await h.next()
        assert len(got.headers["webhook-signature"].split()) == 1
        got.verified(again.secret)


async def test_one_that_hangs_holds_up_nobody_else(tmp_path: Path) -> None:
    async with hooks(tmp_path) as h:
        slow = await h.made()
        with receiving() as other:
            quick = await h.made(url=other.url)
            h.receiver.answers = [0] * 40
            for _ in range(20):
                await h.service.test(ANYONE, slow.webhook.id)
            await h.service.test(ANYONE, quick.webhook.id)
            [log] = await h.settled(quick.webhook.id)
            assert log.status is DeliveryStatus.DELIVERED
            h.receiver.answers.clear()
            h.receiver.release.set()
            log = await h.settled(slow.webhook.id, 20)
            assert {item.status for item in log} == {DeliveryStatus.DELIVERED}


async def test_what_a_dead_process_had_taken_is_sent_by_the_next_one(tmp_path: Path) -> None:
    async with hooks(tmp_path, run=False) as h:
        made = await h.made()
        sent = await h.service.test(ANYONE, made.webhook.id)
        async with h.kit.database.write() as connection:
            taken = await deliveries.claim(connection, 3600.0)
            assert taken is not None
            assert await deliveries.claim(connection, 3600.0) is None
        await h.kit.recovery.recover()
        task = asyncio.create_task(h.sender.run())
        assert (await h.next()).headers["webhook-id"] == sent.id
        await h.settled(made.webhook.id)
        task.cancel()


async def test_an_event_that_is_rolled_back_was_never_told(tmp_path: Path) -> None:
    async with hooks(tmp_path, run=False) as h:
        made = await h.made()

        async def broken() -> None:
            async with h.kit.database.write() as connection:
                await announce(connection, Event(EventType.JOB_FAILED, {}, "default"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await broken()
        assert (await h.service.deliveries(ANYONE, made.webhook.id, None, None, 1)).items == ()


async def test_a_tenant_has_so_many_and_no_target_inside(tmp_path: Path) -> None:
    async with hooks(tmp_path, run=False) as h:
        with pytest.raises(WebhookTargetRefused):
            await h.made(url="https://10.0.0.1/")
        made = await h.made(OURS)
        with pytest.raises(WebhookTargetRefused):
            await h.service.change(OURS, made.webhook.id, {"url": "https://[::1]/"})
        for _ in range(49):
            await h.made(OURS)
        with pytest.raises(TooManyWebhooks):
            await h.made(OURS)
        await h.made(THEIRS)


async def test_what_was_told_is_forgotten_after_its_time(tmp_path: Path) -> None:
    async with hooks(tmp_path) as h:
        made = await h.made()
        await h.service.test(ANYONE, made.webhook.id)
        [log] = await h.settled(made.webhook.id)
        async with h.kit.database.write() as connection:
            assert await deliveries.forget(connection, log.finished_at) == 0
            assert await deliveries.forget(connection, log.finished_at + timedelta(seconds=1)) == 1
            assert await webhooks.by_id(connection, made.webhook.id) == made.webhook
