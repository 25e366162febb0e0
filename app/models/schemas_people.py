"""The wire: users, roles, signing in."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, SecretStr, StringConstraints, field_validator

from app.models.access import Scope
from app.models.people import Assignment, User
from app.models.scalars import clean_text
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, NO_NUL, In, Instant, Name, Out, Page
from app.models.schemas_access import Pattern

_ROLE: dict[str, Any] = {"role": "editor", "collections": ["team-a-*"]}
_EXAMPLE: dict[str, Any] = {
    "id": EXAMPLE_ID,
    "username": "zoë",
    "roles": [{"role": "reader", "collections": None}, _ROLE],
    "disabled_at": None,
    "last_sign_in_at": EXAMPLE_TIME,
    "created_at": EXAMPLE_TIME,
}
EXAMPLE_TOKEN = f"dr_{EXAMPLE_ID}_0_…"
SHORTEST, LONGEST = 12, 256


def check_password(password: SecretStr) -> SecretStr:
    """Raises ValueError for one that is too short, or that no store can hold."""
    text = clean_text(password.get_secret_value())
    if not SHORTEST <= len(text) <= LONGEST:
        raise ValueError(f"has {SHORTEST} to {LONGEST} characters; several words make a good one")
    return SecretStr(text)


class RoleIn(In):
    """A role, and where it holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROLE]})

    role: Annotated[str, Field(description="`GET /roles` lists them.", max_length=100)]
    collections: Annotated[
        list[Pattern] | None,
        Field(min_length=1, max_length=100, description="Names; `team-a-*` reaches all that begin so. Left out: all."),
    ] = None

    @property
    def assignment(self) -> Assignment:
        names = self.collections
        return Assignment(self.role, None if names is None or "*" in names else tuple(sorted(set(names))))


Assigned = Annotated[list[RoleIn], Field(min_length=1, max_length=50)]
Password = Annotated[
    SecretStr,
    Field(
        description=f"{SHORTEST} to {LONGEST} characters, in any language.",
        json_schema_extra={"minLength": SHORTEST, "maxLength": LONGEST, "pattern": NO_NUL},
    ),
]


class NewUser(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"username": "zoë", "password": "correct horse battery", "roles": [{"role": "reader"}]}]
        }
    )

    username: Annotated[Name, Field(description="Case and width of letters do not tell two apart.", examples=["zoë"])]
    password: Password
    roles: Assigned

    _check = field_validator("password")(check_password)


class UserChange(In):
    """What is left out stays. A new password, or `disabled`, ends the user's sessions at once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"disabled": True}]})

    password: Password | None = None
    roles: Assigned | None = None
    disabled: bool | None = None

    @field_validator("password")
    @classmethod
    def _check(cls, value: SecretStr | None) -> SecretStr | None:
        return None if value is None else check_password(value)


class OwnPassword(In):
    """`password` is the present one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"password": "the old one", "new_password": "correct horse battery"}]}
    )

    password: Annotated[SecretStr, StringConstraints(max_length=LONGEST)]
    new_password: Password

    _check = field_validator("new_password")(check_password)


class RoleOut(Out):
    role: str
    collections: list[str] | None = Field(description="null: all.")


class UserOut(Out):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    username: str
    roles: list[RoleOut]
    disabled_at: Instant | None
    last_sign_in_at: Instant | None
    created_at: Instant

    @classmethod
    def shown(cls, user: User) -> Self:
        roles = [
            RoleOut(role=item.role, collections=None if item.reach is None else list(item.reach)) for item in user.roles
        ]
        return cls.of(user, roles=roles)


class UserList(Page[UserOut]):
    pass


class DefinedRole(Out):
    role: str
    scopes: list[Scope]


class RoleList(Out):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"role": "reader", "scopes": ["ask", "read"]}]}]}
    )

    items: list[DefinedRole]


class TokenOut(Out):
    """As OAuth2 spells it (RFC 6749, 5.1)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…",
                    "token_type": "bearer",
                    "expires_in": 900,
                    "refresh_token": EXAMPLE_TOKEN,
                }
            ]
        }
    )

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a kind
    expires_in: int = Field(description="Seconds.")
    refresh_token: str = Field(description="Good once: it is renewed with the access token.")


class Revoked(Out):
    """Nothing more to say."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class PageClient(Out):
    """How the page signs in at the issuer: authorization code with PKCE, as a public client."""

    client_id: str
    scope: str
    token: Literal["access", "id"] = Field(description="Which of the issuer's tokens is the bearer token here.")


class Entry(Out):
    """How one gets in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "guarded": True,
                    "password": True,
                    "issuer": "https://id.example",
                    "page_client": {"client_id": "docubot-page", "scope": "openid profile", "token": "access"},
                }
            ]
        }
    )

    guarded: bool = Field(description="false: whoever comes is let in.")
    password: bool = Field(description="Whether there are users, who sign in at `POST /token`.")
    issuer: str | None = Field(description="Whose OpenID Connect tokens are good here as well.")
    page_client: PageClient | None = Field(description="null: the page does not sign in at the issuer.")
