"""The wire: keys, and whoever calls."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, model_validator

from app.models.access import ApiKey, Caller, Grant, Reach, Scope
from app.models.quotas import Limits, Use
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, In, Instant, Moment, Name, Out, Page
from app.models.schemas_quotas import ChangedLimits, NewLimits, QuotaLimits, QuotaUse

_EXAMPLE: dict[str, Any] = {
    "id": EXAMPLE_ID,
    "name": "intranet search",
    "prefix": "db_q7RfT2xB",
    "scopes": ["ask", "read"],
    "collections": ["handbook", "team-a-*"],
    "expires_at": "2027-11-22T00:00:00Z",
    "revoked_at": None,
    "last_used_at": None,
    "created_at": EXAMPLE_TIME,
    "limits": {"documents": 1000, "pages": 50_000, "bytes": None, "tokens_a_day": 1_000_000},
    "used": {"documents": 12, "pages": 1480, "bytes": 48_211_004, "tokens_today": 20_417},
}


def _pattern(text: str) -> str:
    if text.endswith("*"):
        return _names.validate_python(f"{text[:-1]}x")[:-1] + "*"
    return _names.validate_python(text)


_names: TypeAdapter[str] = TypeAdapter(Name)
_PATTERN = r"^(?!\.{1,2}$)(?!\s)([^/\\*\u0000-\u001f]*\*|[^/\\*\u0000-\u001f]*[^/\\*\u0000-\u001f\s])$"
Pattern = Annotated[
    str,
    AfterValidator(_pattern),
    Field(json_schema_extra={"minLength": 1, "maxLength": 100, "pattern": _PATTERN}),
]
"""A collection's name; with `*` at its end all names that begin so."""


def _future(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC).replace(tzinfo=None)
    if moment <= datetime.now(UTC).replace(tzinfo=None):
        raise ValueError("lies in the future")
    return moment


class NewKey(In):
    """Its scopes hold in every collection that it reaches; `admin` reaches all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "intranet search", "scopes": ["read", "ask"], "collections": ["handbook"]}]
        }
    )

    name: Annotated[Name, Field(description="What it is for.")]
    scopes: Annotated[
        frozenset[Scope], Field(min_length=1, json_schema_extra={"uniqueItems": False}, description="Twice is once.")
    ]
    collections: Annotated[
        list[Pattern] | None,
        Field(min_length=1, max_length=100, description="Names; `team-a-*` reaches all that begin so. Left out: all."),
    ] = None
    expires_at: Annotated[Moment, AfterValidator(_future), Field(examples=["2027-11-22T00:00:00Z"])] | None = None
    limits: Annotated[NewLimits, Field(description="Its quotas. Left out: none.")] = NewLimits()

    @model_validator(mode="after")
    def _admins_reach_all(self) -> Self:
        if Scope.ADMIN in self.scopes and self.reach is not None:
            raise ValueError("the scope admin reaches every collection: leave `collections` out")
        return self

    @property
    def reach(self) -> Reach:
        return None if self.collections is None or "*" in self.collections else tuple(sorted(set(self.collections)))


class ChangedKey(In):
    """What is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"limits": {"documents": 2000, "pages": None}}]})

    name: Name | None = None
    limits: ChangedLimits | None = None

    def changed_limits(self) -> dict[str, int | None]:
        return {} if self.limits is None else self.limits.model_dump(exclude_unset=True)


class Key(Out):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    name: str
    prefix: str = Field(description="How the secret begins.")
    scopes: list[Scope]
    collections: list[str] | None = Field(description="null: all.")
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None = Field(description="Up to half a minute behind.")
    created_at: Instant
    limits: QuotaLimits
    used: QuotaUse

    @classmethod
    def shown(cls, key: ApiKey, use: Use, **more: Any) -> Self:
        reach = None if key.reach is None else list(key.reach)
        told = {"limits": QuotaLimits.of(key.limits), "used": QuotaUse.of(use)}
        return cls.of(key, prefix=f"db_{key.prefix}", scopes=sorted(key.scopes), collections=reach, **told, **more)


class MadeKey(Key):
    """Store `secret` now: it is shown this once."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_EXAMPLE | {"secret": "db_q7RfT2xB_…43 letters and digits…"}]}
    )

    secret: str


class KeyList(Page[Key]):
    pass


class GrantOut(Out):
    """Scopes, and the collections that they hold in."""

    scopes: list[Scope]
    collections: list[str] | None = Field(description="null: all.")

    @classmethod
    def shown(cls, grant: Grant) -> Self:
        return cls(scopes=sorted(grant.scopes), collections=None if grant.reach is None else list(grant.reach))


class Me(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": f"user:{EXAMPLE_ID}",
                    "kind": "user",
                    "name": "zoë",
                    "grants": [{"scopes": ["ask", "read"], "collections": None}],
                    "limits": None,
                    "used": None,
                }
            ]
        }
    )

    id: str = Field(description="As the audit log names it.")
    kind: Literal["anyone", "key", "user", "oidc"] = Field(description="`anyone`: nothing guards the door.")
    name: str = Field(description="Of the key or the user.")
    grants: list[GrantOut] = Field(description="What the caller may do, and where.")
    limits: QuotaLimits | None = Field(description="Of a key; null for others, who have no quotas.")
    used: QuotaUse | None = Field(description="By a key.")

    @classmethod
    def shown(cls, caller: Caller, limits: Limits | None = None, use: Use | None = None) -> Self:
        grants = caller.grants or (Grant(caller.scopes, caller.reach),)
        shown = [GrantOut.shown(grant) for grant in grants]
        return cls.of(
            caller,
            kind=caller.id.partition(":")[0],
            grants=shown,
            limits=None if limits is None else QuotaLimits.of(limits),
            used=None if use is None else QuotaUse.of(use),
        )
