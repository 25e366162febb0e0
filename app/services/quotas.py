"""Quotas of keys: how much each may store. What is checked is checked in the transaction that stores it, and writers
come one at a time, so that of several at once no more get in than fit.

Who brings something in is known from `core.acting`; pages count against the key that brought the version in, whoever
has it read once more.
"""

from dataclasses import dataclass

from app.core.acting import actor
from app.core.errors import KeyNotFound, QuotaExceeded
from app.db import keys as key_rows
from app.db import quotas as rows
from app.db.session import Connection, Database, now
from app.db.versions import Version
from app.models.quotas import Limits, Use
from app.models.webhooks import Event, EventType
from app.services.announcements import WAKE, announce
from app.services.feed import Feed


class QuotaService:
    def __init__(self, database: Database, feed: Feed) -> None:
        self._database = database
        self._feed = feed

    async def check_document(
        self, connection: Connection, sha256: str, size: int, document_id: str | None = None
    ) -> None:
        """Before a new document, or a new version of `document_id`, is written. Raises QuotaExceeded."""
        key_id, limits = await self._acting(connection)
        if key_id is None or limits == Limits():
            return
        use = (await rows.held_by(connection, [key_id])).get(key_id, Use())
        others = use
        if document_id is not None:
            others = (await rows.held_by(connection, [key_id], but=document_id)).get(key_id, Use())
        if others.documents >= use.documents:  # else one of its own gets a new version
            Room(key_id, "documents", limits.documents, others.documents).check(1)
        Room(key_id, "pages", limits.pages, others.pages).check(1)  # every document has a page
        await self._check_bytes(connection, key_id, limits, sha256, size)

    async def check_file(self, connection: Connection, sha256: str, size: int) -> None:
        """Before a file of `/v1` is written. Raises QuotaExceeded."""
        key_id, limits = await self._acting(connection)
        if key_id is not None:
            await self._check_bytes(connection, key_id, limits, sha256, size)

    async def room_for_pages(self, version: Version) -> "Room":
        """For the pages of a version as things stand, to stop reading in time."""
        async with self._database.read() as connection:
            return await self._pages(connection, version)

    async def check_pages(self, connection: Connection, version: Version, pages: int) -> None:
        """Before it is written down that the version has so many. Raises QuotaExceeded."""
        (await self._pages(connection, version)).check(pages)

    async def tell(self, refusal: QuotaExceeded) -> None:
        """Let webhooks know, once a day for each key and quota: after the refused transaction, which left nothing."""
        key_id, quota = refusal.key_id, refusal.quota
        async with self._database.read() as connection:  # whoever is refused a thousand times waits for no writer
            if await rows.was_told(connection, key_id, quota):
                return
        async with self._database.write() as connection:
            try:
                key = await key_rows.by_id(connection, key_id)
            except KeyNotFound:
                return
            if not await rows.note_told(connection, key_id, quota):
                return
            data = {
                "key_id": key_id,
                "key": key.name,
                "quota": quota,
                "limit": refusal.limit,
                "used": refusal.used,
                "day": now().date().isoformat(),
            }
            await announce(connection, Event(EventType.QUOTA_EXCEEDED, data, tenant=key.caller.tenant))
        self._feed.notify(WAKE)

    async def _acting(self, connection: Connection) -> tuple[str | None, Limits]:
        key_id = actor().key_id
        return key_id, Limits() if key_id is None else await rows.limits_of(connection, key_id)

    async def _check_bytes(self, connection: Connection, key_id: str, limits: Limits, sha256: str, size: int) -> None:
        if limits.bytes is None or await rows.has_bytes(connection, key_id, sha256):
            return
        used = (await rows.bytes_of(connection, [key_id])).get(key_id, 0)
        Room(key_id, "bytes", limits.bytes, used).check(size)

    async def _pages(self, connection: Connection, version: Version) -> "Room":
        """Beside what the key's other documents have: of its own, the version before it will leave."""
        key_id = version.key_id or ""
        limit = (await rows.limits_of(connection, key_id)).pages if key_id else None
        if limit is None:
            return Room(key_id, "pages", None, 0)
        others = await rows.held_by(connection, [key_id], but=version.document_id)
        return Room(key_id, "pages", limit, others.get(key_id, Use()).pages)


@dataclass(frozen=True, slots=True)
class Room:
    """Below one limit of one key; None: all there is."""

    key_id: str
    quota: str
    limit: int | None
    used: int

    def check(self, more: int) -> None:
        """Raises QuotaExceeded unless there is room for so many more."""
        if self.limit is not None and self.used + more > self.limit:
            raise QuotaExceeded(
                f"The key may hold {self.limit} {self.quota} and has {self.used}: there is no room for this one. "
                "Delete some, or have its quota raised.",
                key_id=self.key_id,
                quota=self.quota,
                limit=self.limit,
                used=self.used,
            )
