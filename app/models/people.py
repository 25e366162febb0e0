"""People who sign in: users, their roles, their sessions. Times are UTC, naive."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.models.access import Caller, Grant, Reach, Scope, scopes_of

BUILT_IN: Mapping[str, frozenset[Scope]] = {
    "reader": frozenset({Scope.READ, Scope.ASK}),
    "translator": frozenset({Scope.READ, Scope.ASK, Scope.TRANSLATE}),
    "editor": frozenset(Scope) - {Scope.ADMIN},
    "admin": frozenset({Scope.ADMIN}),
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role, held in some collections."""

    role: str
    reach: Reach = None


@dataclass(frozen=True, slots=True)
class User:
    """A user without the password."""

    id: str
    username: str
    roles: tuple[Assignment, ...]
    disabled_at: datetime | None
    last_sign_in_at: datetime | None
    created_at: datetime

    @property
    def caller_id(self) -> str:
        return f"user:{self.id}"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `generation` counts how often it was renewed; only the newest refresh token is good."""

    id: str
    user_id: str
    generation: int
    renewed_at: datetime
    expires_at: datetime


class Roles:
    """Roles by name: the built-in ones and those of the setting ROLES, which may also replace built-in ones."""

    def __init__(self, more: Mapping[str, Iterable[str]] | None = None) -> None:
        """Raises ValueError for what is no scope."""
        self.scopes: Mapping[str, frozenset[Scope]] = dict(BUILT_IN) | {
            name: scopes_of(scopes) for name, scopes in (more or {}).items()
        }

    def grants(self, assignments: Iterable[Assignment]) -> list[Grant]:
        """What they come to. A role that is defined no more grants nothing; admins reach all, as with keys."""
        found = []
        for assignment in assignments:
            scopes = self.scopes.get(assignment.role, frozenset())
            if scopes:
                found.append(Grant(scopes, None if Scope.ADMIN in scopes else assignment.reach))
        return found

    def caller(self, user: User) -> Caller:
        return Caller.granted(user.caller_id, user.username, self.grants(user.roles))


def login_of(username: str) -> str:
    """What a user name is known by: however it is written, and whoever's keyboard wrote it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold()).strip()
