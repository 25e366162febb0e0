"""Local users: made, changed, disabled and deleted by administrators."""

from collections.abc import Callable, Sequence
from typing import Any

from app.core.errors import InvalidGrant, Unprocessable, UserNotFound
from app.db import audit as audit_rows
from app.db import sessions as session_rows
from app.db import users as rows
from app.db.session import Database, now
from app.models.access import Scope
from app.models.audit import Action
from app.models.people import Assignment, Roles, User, login_of
from app.models.records import Listing
from app.services.passwords import Passwords
from app.services.rates import RateService


def _unheard() -> None:
    """The default of `made`."""


class UserService:
    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        roles: Roles,
        rates: RateService,
        made: Callable[[], None] = _unheard,
    ) -> None:
        """`made` is called after each new user: the first one shuts the door."""
        self._made = made
        self._database = database
        self._passwords = passwords
        self._rates = rates
        self.roles = roles

    async def create(self, username: str, password: str, roles: Sequence[Assignment]) -> User:
        """Raises UserExists, and Unprocessable for a role that does not exist."""
        self._check(roles)
        hashed = await self._passwords.hash(password)
        async with self._database.write() as connection:
            user = await rows.add(connection, username, hashed, roles)
            await audit_rows.note(connection, Action.USER_CREATE, item=user.id)
        self._made()
        return user

    async def list(self, cursor: str | None, limit: int) -> Listing[User]:
        """Newest first, disabled ones too."""
        async with self._database.read() as connection:
            return await rows.listing(connection, cursor, limit)

    async def get(self, user_id: str) -> User:
        """Raises UserNotFound."""
        async with self._database.read() as connection:
            return await rows.by_id(connection, user_id)

    async def named(self, username: str) -> User:
        """Raises UserNotFound."""
        async with self._database.read() as connection:
            found = await rows.by_login(connection, login_of(username))
        if found is None:
            raise UserNotFound
        return found[0]

    async def change(
        self,
        user_id: str,
        *,
        roles: Sequence[Assignment] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> User:
        """What is None stays. A new password or a disabled user ends their sessions at once; roles count from the next
        call. Raises UserNotFound, Unprocessable."""
        self._check(roles or ())
        hashed = None if password is None else await self._passwords.hash(password)
        async with self._database.write() as connection:
            user = await rows.by_id(connection, user_id)
            values: dict[str, Any] = {}
            if roles is not None:
                values["grants"] = rows.stored(roles)
            if disabled is not None and disabled != (user.disabled_at is not None):
                values["disabled_at"] = now() if disabled else None
            if values:
                await rows.change(connection, user_id, **values)
                await audit_rows.note(connection, Action.USER_CHANGE, item=user_id)
            if hashed is not None:
                await rows.change(connection, user_id, password=hashed)
                await audit_rows.note(connection, Action.USER_PASSWORD, item=user_id)
            if disabled or hashed is not None:
                await session_rows.end_all(connection, user_id)
            return await rows.by_id(connection, user_id)

    async def anybody(self) -> bool:
        """Whether there is any user."""
        async with self._database.read() as connection:
            return await rows.anybody(connection)

    async def change_own_password(self, user_id: str, password: str, new: str) -> None:
        """By the user; all their sessions end. Raises InvalidGrant when `password` is not theirs, RateLimited."""
        user = await self.get(user_id)
        await self._rates.sign_in(login_of(user.username))  # whoever found a screen unlocked may guess no faster
        async with self._database.read() as connection:
            stored = await rows.password_of(connection, user_id)
        if not (await self._passwords.matches(password, stored))[0]:
            raise InvalidGrant("The present password is wrong.")
        await self.change(user_id, password=new)

    async def delete(self, user_id: str) -> None:
        """For good; what they did stays in the audit log. Raises UserNotFound."""
        async with self._database.write() as connection:
            await rows.by_id(connection, user_id)
            await rows.remove(connection, user_id)
            await audit_rows.note(connection, Action.USER_DELETE, item=user_id)

    def _check(self, roles: Sequence[Assignment]) -> None:
        for number, item in enumerate(roles):
            scopes = self.roles.scopes.get(item.role)
            if scopes is None:
                raise _wrong(number, "role", f"is one of {', '.join(sorted(self.roles.scopes))}")
            if Scope.ADMIN in scopes and item.reach is not None:
                raise _wrong(number, "collections", "an administrator reaches every collection: leave it out")


def _wrong(number: int, field: str, message: str) -> Unprocessable:
    return Unprocessable(errors=[{"loc": ["body", "roles", number, field], "msg": message, "type": "value_error"}])
