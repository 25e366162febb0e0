"""API keys: made, shown once, listed without their secrets and with what they use, changed, rotated and revoked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.core.errors import KeyNotFound
from app.core.security import Keyring
from app.db import audit as audit_rows
from app.db import keys as rows
from app.db import quotas as quota_rows
from app.db.session import Connection, Database, now
from app.models.access import ApiKey, Reach, Scope
from app.models.audit import Action, Outcome
from app.models.quotas import UNLIMITED, Limits, Use
from app.models.records import Listing


@dataclass(frozen=True, slots=True)
class MadeKey:
    """`secret` is told this once and stored nowhere."""

    key: ApiKey
    secret: str


def _unheard() -> None:
    """The default of `made`."""


class KeyService:
    def __init__(self, database: Database, keyring: Keyring, made: Callable[[], None] = _unheard) -> None:
        """`made` is called after each new key: the first one shuts the door."""
        self._made = made
        self._database = database
        self._keyring = keyring

    async def create(
        self,
        name: str,
        scopes: frozenset[Scope],
        reach: Reach = None,
        expires_at: datetime | None = None,
        limits: Limits = UNLIMITED,
    ) -> MadeKey:
        """`expires_at`: UTC, naive."""
        made = self._keyring.new_key()
        async with self._database.write() as connection:
            key = await rows.add(
                connection, made, name=name, scopes=scopes, reach=reach, expires_at=expires_at, limits=limits
            )
            await audit_rows.note(connection, Action.KEY_CREATE, item=key.id)
        self._made()
        return MadeKey(key, made.text)

    async def list(self, cursor: str | None, limit: int) -> Listing[ApiKey]:
        """Newest first, revoked ones too."""
        async with self._database.read() as connection:
            return await rows.listing(connection, cursor, limit)

    async def get(self, key_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        async with self._database.read() as connection:
            return await rows.by_id(connection, key_id)

    async def use(self, key_ids: Sequence[str]) -> dict[str, Use]:
        """What counts against each of these keys."""
        async with self._database.read() as connection:
            return await quota_rows.use_of(connection, key_ids)

    async def change(self, key_id: str, *, name: str | None = None, limits: dict[str, int | None]) -> ApiKey:
        """`limits`: those to change, by their names in Limits. A lower one takes nothing away, and lets nothing more
        in. Raises KeyNotFound, if revoked too."""
        async with self._database.write() as connection:
            key = await self._unrevoked(connection, key_id)
            values: dict[str, Any] = quota_rows.limits_as_columns(replace(key.limits, **limits))
            if name is not None:
                values["name"] = name
            await rows.change(connection, key_id, **values)
            await audit_rows.note(connection, Action.KEY_CHANGE, item=key_id)
            return await rows.by_id(connection, key_id)

    async def rotate(self, key_id: str) -> MadeKey:
        """The same key under a new secret; the old one is refused from now on. Raises KeyNotFound, if revoked too."""
        made = self._keyring.new_key()
        async with self._database.write() as connection:
            await self._unrevoked(connection, key_id)
            await rows.change(connection, key_id, prefix=made.prefix, digest=made.digest)
            await audit_rows.note(connection, Action.KEY_ROTATE, item=key_id)
            key = await rows.by_id(connection, key_id)
        return MadeKey(key, made.text)

    async def revoke(self, key_id: str) -> ApiKey:
        """Refused from now on; its row stays, so that the audit log can name it. Raises KeyNotFound."""
        async with self._database.write() as connection:
            revoked = (await rows.by_id(connection, key_id)).revoked_at is not None
            if not revoked:
                await rows.change(connection, key_id, revoked_at=now())
            outcome = Outcome.UNCHANGED if revoked else Outcome.DONE
            await audit_rows.note(connection, Action.KEY_REVOKE, outcome, item=key_id)
            return await rows.by_id(connection, key_id)

    async def _unrevoked(self, connection: Connection, key_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        key = await rows.by_id(connection, key_id)
        if key.revoked_at is not None:
            raise KeyNotFound("This key is revoked, and stays so. POST /keys makes another.")
        return key
