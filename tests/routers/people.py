"""Users, as tests need them."""

from typing import Any

import httpx

from app.models.people import Assignment, User
from tests.routers.real import Real

PASSWORD = "correct horse 電池 staple"


async def a_user(real: Real, username: str = "zoë", *roles: Assignment, password: str = PASSWORD) -> User:
    return await real.services.users.create(username, password, roles or (Assignment("reader"),))


async def sign_in(real: Real, username: str = "zoë", password: str = PASSWORD) -> httpx.Response:
    form = {"grant_type": "password", "username": username, "password": password}
    return await real.http.post("/token", data=form)


async def signed_in(real: Real, username: str = "zoë") -> dict[str, Any]:
    """The tokens of a new session."""
    reply = await sign_in(real, username)
    assert reply.status_code == 200, reply.text
    tokens: dict[str, Any] = reply.json()
    return tokens


async def renew(real: Real, refresh_token: str) -> httpx.Response:
    return await real.http.post("/token", data={"grant_type": "refresh_token", "refresh_token": refresh_token})


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['access_token']}"}
