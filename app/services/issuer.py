"""Tokens of another issuer (OpenID Connect): believed by signature, issuer, audience and time, and by nothing else.

Keys are fetched when they are first needed and kept for an hour. A token under a key that is not known may be the first
after a rotation, so the keys are fetched anew, but seldom: anybody can invent names of keys.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt

from app.core.errors import InvalidCredentials, IssuerUnavailable
from app.core.logging import get_logger
from app.models.access import Caller, Grant, Reach, Scope
from app.models.people import Assignment, Roles
from app.ports import KeySource

_KEEP = 3600.0  # seconds that keys are good for
_LONGEST = 24 * 3600.0  # and how long they still serve while the issuer is down
_SELDOM = 30.0  # seconds between two fetches, whatever comes
_SKEW = 30.0  # seconds that the issuer's clock may differ
_NAME = 100
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class IssuerRules:
    issuer: str
    audience: Sequence[str]
    algorithms: Sequence[str] = ("RS256", "ES256")
    name_claim: str = "preferred_username"
    roles_claim: str = "roles"
    roles: Mapping[str, Assignment] = field(default_factory=dict)
    """What each value of that claim comes to; others come to nothing."""
    scopes_claim: str = ""
    collections_claim: str = ""


class Issuer:
    """`clock`: seconds that only run forward."""

    def __init__(
        self, source: KeySource, rules: IssuerRules, roles: Roles, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._source = source
        self._rules = rules
        self._roles = roles
        self._clock = clock
        self._keys: Sequence[Mapping[str, Any]] = ()
        self._fetched = self._tried = -_LONGEST
        self._fetching = asyncio.Lock()

    async def caller(self, token: str) -> Caller:
        """Whoever a token is of. Raises InvalidCredentials, IssuerUnavailable while its keys cannot be had."""
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(header.get("kid"), header.get("alg"))
            claims = jwt.decode(
                token,
                key,
                algorithms=list(self._rules.algorithms),
                issuer=self._rules.issuer,
                audience=list(self._rules.audience),
                leeway=_SKEW,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, UnicodeError):
            raise InvalidCredentials from None
        return self._caller(claims)

    async def close(self) -> None:
        await self._source.close()

    # ------------------------------------------------------------ keys

    async def _key(self, kid: Any, algorithm: Any) -> jwt.PyJWK:
        """Of that name and fit for that algorithm. Raises InvalidCredentials when there is none."""
        if algorithm not in self._rules.algorithms or not isinstance(kid, str | None):
            raise InvalidCredentials
        if self._clock() - self._fetched > _KEEP:
            await self._fetch()
        found = self._named(kid, algorithm)
        if not found and await self._fetch():
            found = self._named(kid, algorithm)
        if len(found) != 1:  # a token without a name is good while the issuer has one key
            raise InvalidCredentials
        return jwt.PyJWK(dict(found[0]), algorithm)

    def _named(self, kid: str | None, algorithm: str) -> list[Mapping[str, Any]]:
        return [
            key
            for key in self._keys
            if (kid is None or key.get("kid") == kid)
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
        ]

    async def _fetch(self) -> bool:
        """Whether keys were fetched, by this call or by one that it waited for; False when that is too soon.

        Raises IssuerUnavailable when there are none, and none that may still serve.
        """
        asked = self._clock()
        async with self._fetching:
            if self._fetched >= asked:
                return True
            fetched = False
            if asked - self._tried >= _SELDOM:
                self._tried = self._clock()
                try:
                    self._keys = await self._source.fetch()
                    self._fetched, fetched = self._clock(), True
                except IssuerUnavailable as error:
                    _log.warning("issuer_unavailable", reason=error.detail)
            if self._clock() - self._fetched > _LONGEST:
                raise IssuerUnavailable
            return fetched

    # ------------------------------------------------------------ claims

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        rules = self._rules
        named = f"{rules.issuer}\n{claims['sub']}"
        identity = hashlib.sha256(named.encode(errors="replace")).hexdigest()[:32]
        name = _claim(claims, rules.name_claim)
        shown = "".join(filter(str.isprintable, name if isinstance(name, str) and name else claims["sub"]))
        assigned = [rules.roles[value] for value in _texts(_claim(claims, rules.roles_claim)) if value in rules.roles]
        return Caller.granted(f"oidc:{identity}", shown[:_NAME], [*self._roles.grants(assigned), *self._direct(claims)])

    def _direct(self, claims: Mapping[str, Any]) -> list[Grant]:
        """What the token names itself, where the settings say that it may."""
        if not self._rules.scopes_claim:
            return []
        known = set(Scope)
        scopes = frozenset(Scope(text) for text in _texts(_claim(claims, self._rules.scopes_claim)) if text in known)
        reach: Reach = None
        if self._rules.collections_claim and Scope.ADMIN not in scopes:
            names = _texts(_claim(claims, self._rules.collections_claim), whole=True)
            reach = None if "*" in names else tuple(sorted(set(names)))
        return [Grant(scopes, reach)] if scopes else []


def assignment_of(text: str) -> Assignment:
    """`editor`, or `editor:contracts,legal-*` for one that holds there."""
    role, _, names = text.partition(":")
    reach = tuple(sorted({name.strip() for name in names.split(",") if name.strip()}))
    return Assignment(role.strip(), reach or None)


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by names with dots between for one in another."""
    found: Any = claims
    if path in claims:
        return claims[path]
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _texts(value: Any, *, whole: bool = False) -> list[str]:
    """A list's texts, or those between the spaces of one text; `whole`: one text is one."""
    if isinstance(value, str):
        return [value] if whole else value.split()
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
