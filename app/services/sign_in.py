"""Signing in by password, staying signed in by refresh tokens that are good once, signing out (RFC 6749, 7009)."""

from dataclasses import dataclass
from datetime import timedelta

from app.core import tokens
from app.core.acting import Actor, act_as
from app.core.errors import InvalidCredentials, InvalidGrant
from app.core.logging import get_logger
from app.core.security import Keyring
from app.db import audit as audit_rows
from app.db import sessions as rows
from app.db import users as user_rows
from app.db.session import Connection, Database, now
from app.models.audit import Action
from app.models.people import Session, User, login_of
from app.services.passwords import Passwords
from app.services.rates import RateService

_LEEWAY = timedelta(seconds=10)
"""How long the token before the newest one still gets the newest: two tabs may renew at once, and an answer be lost."""
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    access: timedelta
    refresh: timedelta
    """From the last renewal."""


@dataclass(frozen=True, slots=True)
class Tokens:
    access: str
    expires_in: int
    """Seconds that `access` is good for."""
    refresh: str


class SignInService:
    def __init__(
        self, database: Database, keyring: Keyring, passwords: Passwords, rates: RateService, lifetimes: Lifetimes
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._passwords = passwords
        self._rates = rates
        self._lifetimes = lifetimes

    async def by_password(self, username: str, password: str, address: str) -> Tokens:
        """A new session. Raises InvalidGrant, and RateLimited for a name or an address that tried too often."""
        login = login_of(username)
        await self._rates.sign_in(login, address)
        async with self._database.read() as connection:
            found = await user_rows.by_login(connection, login)
        right, newer = await self._passwords.matches(password, found[1] if found else None)
        if found is None or not right or found[0].disabled_at is not None:
            await self._rates.wrong_password(address)
            _log.warning("sign_in_refused", address=address)  # not the name: people type passwords there
            raise InvalidGrant("The user name or the password is wrong.")
        user = found[0]
        _acts(user)
        async with self._database.write() as connection:
            session = await rows.begin(connection, user.id, now() + self._lifetimes.refresh)
            await user_rows.change(connection, user.id, last_sign_in_at=now(), **({"password": newer} if newer else {}))
            await audit_rows.note(connection, Action.SESSION_START, item=session.id)
        return self._tokens(session)

    async def renew(self, refresh_token: str) -> Tokens:
        """Both tokens anew; the one that was sent is used up. When one comes that was used up before, two have it, and
        one of them stole it: the session ends. Raises InvalidGrant."""
        known = self._keyring.read_refresh_token(refresh_token)
        if known is None:
            raise InvalidGrant
        session_id, generation = known
        async with self._database.write() as connection:
            session = await rows.by_id(connection, session_id)
            user = await rows.user_of(connection, session_id, now())
            if session is None or user is None:
                renewed = None
            elif generation == session.generation:
                await rows.renew(connection, session, now() + self._lifetimes.refresh)
                renewed = await rows.by_id(connection, session_id)
            elif generation == session.generation - 1 and now() - session.renewed_at <= _LEEWAY:
                renewed = session
            else:
                renewed = None
                await self._end_stolen(connection, user, session)
        if renewed is None:
            raise InvalidGrant
        return self._tokens(renewed)

    async def end(self, token: str) -> None:
        """Sign out: the session of an access or a refresh token ends. Tokens that are none end nothing (RFC 7009)."""
        known = self._keyring.read_refresh_token(token)
        session_id = known[0] if known else self._session_of(token)
        if session_id is None:
            return
        async with self._database.write() as connection:
            session = await rows.by_id(connection, session_id)
            if session is not None and await rows.end(connection, session_id):
                act_as(Actor(f"user:{session.user_id}"))
                await audit_rows.note(connection, Action.SESSION_END, item=session_id)

    async def _end_stolen(self, connection: Connection, user: User, session: Session) -> None:
        await rows.end(connection, session.id)
        _acts(user)
        await audit_rows.note(connection, Action.SESSION_REUSE, item=session.id)
        _log.warning("refresh_token_used_twice", session=session.id, user=user.id)

    def _session_of(self, token: str) -> str | None:
        try:
            return tokens.read(self._keyring.signing, token).session_id
        except InvalidCredentials:
            return None

    def _tokens(self, session: Session) -> Tokens:
        claims = tokens.AccessClaims(session.user_id, session.id)
        access = tokens.issue(self._keyring.signing, claims, self._lifetimes.access)
        refresh = self._keyring.refresh_token(session.id, session.generation)
        return Tokens(access, int(self._lifetimes.access.total_seconds()), refresh)


def _acts(user: User) -> None:
    act_as(Actor(user.caller_id, user.username))
