"""Who calls, what they may do and where: decided once at the edge, passed on as a value."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from app.models.quotas import UNLIMITED, Limits


class Scope(StrEnum):
    """What a call needs. ADMIN brings the others with it; among themselves none includes another."""

    READ = "read"  # see documents, pages, collections, jobs
    ASK = "ask"  # search, ask, see conversations
    UPLOAD = "upload"  # add documents and versions, retry and cancel their jobs
    TRANSLATE = "translate"
    MANAGE = "manage"  # change and delete documents and collections
    ADMIN = "admin"  # keys, audit, metrics; reaches every collection


Reach = tuple[str, ...] | None
"""Names of collections; one that ends in `*` stands for all names that begin so. None: every collection."""


def covers(reach: Reach, collection: str) -> bool:
    """Whether `collection` (a name) lies within `reach`."""
    if reach is None:
        return True
    return any(collection.startswith(name[:-1]) if name.endswith("*") else collection == name for name in reach)


@dataclass(frozen=True, slots=True)
class Grant:
    """Scopes, and the collections that they hold in."""

    scopes: frozenset[Scope]
    reach: Reach = None

    def allows(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request. Services filter by `reach`, or ask `may`, and never look at keys."""

    id: str
    """`key:…`, `user:…`, `oidc:…` or `anyone`: the same for the same person or key, whatever its present secret."""
    scopes: frozenset[Scope]
    reach: Reach = None
    name: str = field(default="", compare=False)
    grants: tuple[Grant, ...] = ()
    """Of people, who may do one thing here and another there; empty: `scopes` hold in all of `reach`."""

    @classmethod
    def granted(cls, identity: str, name: str, grants: Sequence[Grant]) -> "Caller":
        """One with several grants; where they reach depends on what for, see `within`."""
        scopes = frozenset[Scope]().union(*(grant.scopes for grant in grants))
        return cls(identity, scopes, together(grant.reach for grant in grants), name, tuple(grants))

    @property
    def key_id(self) -> str | None:
        """Of the API key that calls; None for people and for whoever comes through an open door."""
        kind, _, identity = self.id.partition(":")
        return identity if kind == "key" else None

    def can(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def within(self, scope: Scope) -> "Caller":
        """The same caller, reaching what they reach with `scope`: reading here must not become writing there."""
        if not self.grants:
            return self
        return replace(self, reach=together(grant.reach for grant in self.grants if grant.allows(scope)))

    def may(self, collection: str) -> bool:
        """Whether the caller reaches a collection, by name."""
        return covers(self.reach, collection)

    @property
    def tenant(self) -> str:
        """The same for all callers who reach the same collections: what memories are keyed by (32 characters).

        Whoever may do more in some than in others shares with those alone who may do the same.
        """
        reaches = {tenant_of(grant.reach) for grant in self.grants}
        if len(reaches) < 2:
            return next(iter(reaches), tenant_of(self.reach))
        pairs = sorted([sorted(grant.scopes), tenant_of(grant.reach)] for grant in self.grants)
        return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. Times are UTC, naive."""

    id: str
    name: str
    prefix: str
    scopes: frozenset[Scope]
    reach: Reach
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    limits: Limits = UNLIMITED

    def valid(self, moment: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)

    @property
    def caller(self) -> Caller:
        return Caller(f"key:{self.id}", self.scopes, self.reach, self.name)


def together(reaches: Iterable[Reach]) -> Reach:
    """What is covered by any of them; nothing, if there are none."""
    found = list(reaches)
    if None in found:
        return None
    return tuple(sorted({name for reach in found for name in reach or ()}))


def tenant_of(reach: Reach) -> str:
    """The key of a reach; empty for the one without bounds."""
    if reach is None:
        return ""
    return hashlib.sha256(json.dumps(sorted(set(reach))).encode()).hexdigest()[:32]


def scopes_of(names: Iterable[str]) -> frozenset[Scope]:
    """Raises ValueError for a name that is no scope."""
    return frozenset(Scope(name) for name in names)


ANYONE = Caller("anyone", frozenset(Scope))
"""Whoever comes, while nothing guards the door: on loopback before the first key, and with AUTH=off."""
