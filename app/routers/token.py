"""Signing in, staying in, signing out: OAuth2's password and refresh token grants. No cookie is ever set."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import InvalidGrant, Unprocessable, UnsupportedGrantType
from app.models.schemas_people import EXAMPLE_TOKEN, LONGEST, Revoked, TokenOut
from app.routers.deps import PUBLIC, TheServices
from app.routers.errors import signing_in
from app.services.sign_in import Tokens

router = APIRouter(prefix="/token", tags=["access"], dependencies=[PUBLIC])
_TOKEN = 8192

Typed = Annotated[str | None, Form(max_length=LONGEST, examples=["zoë"])]
Secret = Annotated[str | None, Form(max_length=LONGEST, json_schema_extra={"format": "password"})]
Refresh = Annotated[str | None, Form(max_length=_TOKEN, examples=[EXAMPLE_TOKEN])]


@router.post("", summary="Sign in, or renew a token", responses=signing_in(InvalidGrant, UnsupportedGrantType))
async def token(
    request: Request,
    response: Response,
    services: TheServices,
    grant_type: Annotated[str, Form(description="`password` or `refresh_token`.", examples=["password"])],
    username: Typed = None,
    password: Secret = None,
    refresh_token: Refresh = None,
) -> TokenOut:
    """With `username` and `password`, or with `refresh_token`, which is used up by it: when one comes a second time,
    somebody stole it, and its session ends for both. The access token goes as `Authorization: Bearer`."""
    response.headers["Cache-Control"] = "no-store"
    if grant_type == "password":
        name, secret = _given("username", username), _given("password", password)
        address = request.client.host if request.client else ""
        return _shown(await services.sign_in.by_password(name, secret, address))
    if grant_type == "refresh_token":
        return _shown(await services.sign_in.renew(_given("refresh_token", refresh_token)))
    raise UnsupportedGrantType


@router.post("/revoke", summary="Sign out", responses=signing_in())
async def revoke_token(
    services: TheServices, token: Annotated[str, Form(min_length=1, max_length=_TOKEN, examples=[EXAMPLE_TOKEN])]
) -> Revoked:
    """End the session of an access or a refresh token, both of which are refused from now on. Whatever is no token of
    a session has nothing to end, and is answered alike (RFC 7009)."""
    await services.sign_in.end(token)
    return Revoked()


def _given(name: str, value: str | None) -> str:
    if not value:
        raise Unprocessable(errors=[{"loc": ["body", name], "msg": "Field required", "type": "missing"}])
    return value


def _shown(tokens: Tokens) -> TokenOut:
    return TokenOut(access_token=tokens.access, expires_in=tokens.expires_in, refresh_token=tokens.refresh)
