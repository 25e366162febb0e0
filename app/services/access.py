"""Who is calling, and whether what they name lies within their reach."""

import asyncio
import time
from datetime import datetime
from typing import Literal

from app.core import tokens
from app.core.errors import InvalidCredentials, StartupError, Unauthorized
from app.core.logging import get_logger
from app.core.security import Keyring, is_key, same
from app.db import keys as key_rows
from app.db import sessions as session_rows
from app.db import users as user_rows
from app.db.session import Database, now
from app.models.access import ANYONE, Caller
from app.models.people import Roles
from app.services.issuer import Issuer

_LOOK_AGAIN = 1.0  # seconds between two looks for a first key or user, which another process may make
_NOTE_USES = 30.0  # seconds between two writings of when keys were last used
_log = get_logger(__name__)

Door = Literal["open: AUTH=off", "open: no key, this machine only", "guarded"]
Auth = Literal["auto", "on", "off"]


class AccessService:
    """`auth`: the setting. `loopback`: whether only this machine can reach the server's address."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        *,
        auth: Auth,
        loopback: bool,
        roles: Roles | None = None,
        issuer: Issuer | None = None,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._roles = roles or Roles()
        self._issuer = issuer
        self._off = auth == "off"
        self._guarded = auth == "on" or (auth == "auto" and (not loopback or issuer is not None))
        self._looked_at = -_LOOK_AGAIN
        self._looking = asyncio.Lock()
        self._uses: dict[str, datetime] = {}

    async def check_start(self, host: str) -> None:
        """Raises StartupError when others can reach `host` and nobody could ever get in, or everybody."""
        if self._guarded and self._issuer is None and not await self._anybody():
            raise StartupError(
                f"HOST={host} is guarded, and there is no key, user or issuer that could let anybody in. Make one: "
                "`docubot keys create --name admin --scopes admin`, or `docubot users create NAME --roles admin`; or "
                "set OIDC_ISSUER. Or use HOST=127.0.0.1 with AUTH=auto, where only this machine gets in; or say "
                "AUTH=off if an open door is what you want."
            )
        door = await self.door()
        if door != "guarded":
            _log.warning("door_is_open", why=door)

    async def door(self) -> Door:
        """Whether everybody is let in, and why."""
        if self._off:
            return "open: AUTH=off"
        return "guarded" if await self._is_guarded() else "open: no key, this machine only"

    def look_again(self) -> None:
        """With the next call: somebody can get in from now on. What other processes make is seen a second later."""
        self._looked_at = -_LOOK_AGAIN

    async def identify(self, credential: str | None) -> Caller:
        """The caller behind a key or token. Raises Unauthorized without one, InvalidCredentials with a wrong one,
        IssuerUnavailable while an issuer's cannot be checked.

        While the door is open everybody is ANYONE, whatever they bring.
        """
        if self._off or not await self._is_guarded():
            return ANYONE
        if credential is None:
            raise Unauthorized
        if is_key(credential):
            return await self._by_key(credential)
        if tokens.is_ours(credential) or self._issuer is None:
            return await self._by_token(credential)
        return await self._issuer.caller(credential)

    async def _by_key(self, key: str) -> Caller:
        digest = self._keyring.digest(key)
        async with self._database.read() as connection:
            found = await key_rows.by_digest(connection, digest)
        moment = now()
        if found is None or not same(found[1], digest) or not found[0].valid(moment):
            raise InvalidCredentials
        self._uses[found[0].id] = moment
        return found[0].caller

    async def _by_token(self, token: str) -> Caller:
        """Of our own. Signed for some minutes, and yet looked up: whoever signs out or is disabled is out at once."""
        claims = tokens.read(self._keyring.signing, token)
        async with self._database.read() as connection:
            user = await session_rows.user_of(connection, claims.session_id, now())
        if user is None or user.id != claims.user_id:
            raise InvalidCredentials
        return self._roles.caller(user)

    async def _is_guarded(self) -> bool:
        """Once somebody could get in the door stays shut: revoking the last key must not open it."""
        if not self._guarded and self._is_stale():
            async with self._looking:  # once for all who came meanwhile
                if not self._guarded and self._is_stale():
                    self._guarded = await self._anybody()
                    self._looked_at = time.monotonic()
        return self._guarded

    def _is_stale(self) -> bool:
        return time.monotonic() - self._looked_at >= _LOOK_AGAIN

    async def _anybody(self) -> bool:
        async with self._database.read() as connection:
            return await key_rows.anybody(connection) or await user_rows.anybody(connection)

    # ------------------------------------------------------------ last use

    async def watch(self) -> None:
        """Write down now and then when keys were used, so that a request need not wait for it."""
        while True:
            await asyncio.sleep(_NOTE_USES)
            await self.note_uses()

    async def close(self) -> None:
        await self.note_uses()
        if self._issuer is not None:
            await self._issuer.close()

    async def note_uses(self) -> None:
        uses, self._uses = self._uses, {}
        if uses:
            async with self._database.write(alone=False) as connection:
                await key_rows.note_uses(connection, uses)
