"""Signing in, staying in and signing out, over the wire."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.ids import new_id
from app.core.security import Keyring
from app.core.tokens import AccessClaims, issue
from app.models.access import Scope
from app.models.people import Assignment
from tests.routers.checks import assert_problem
from tests.routers.people import PASSWORD, a_user, bearer, renew, sign_in, signed_in
from tests.routers.real import Real, open_real

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def real(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Real]:
    limits = {"rate_limit_failures": "", "rate_limit_sign_in": ""}
    async with open_real(tmp_path_factory.mktemp("token"), auth="on", **limits) as opened:
        await a_user(opened)
        yield opened


def granted(refusal: dict[str, Any], error: str) -> None:
    """OAuth2's members beside the problem's."""
    assert refusal["error"] == error
    assert refusal["error_description"] == refusal["detail"]


async def test_a_password_opens_a_session(real: Real) -> None:
    reply = await sign_in(real)
    tokens = reply.json()
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    assert "set-cookie" not in reply.headers
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 900)
    me = (await real.http.get("/me", headers=bearer(tokens))).json()
    assert (me["kind"], me["name"]) == ("user", "zoë")
    assert me["grants"] == [{"scopes": ["ask", "read"], "collections": None}]
    assert (await real.http.get("/documents", headers=bearer(tokens))).status_code == 200
    assert_problem(await real.http.get("/users", headers=bearer(tokens)), 403, "scope_missing")


@pytest.mark.parametrize("username", ["ZOË", "zoe\u0308", "ｚｏë"])
async def test_a_name_is_known_however_it_is_typed(real: Real, username: str) -> None:
    assert (await sign_in(real, username)).status_code == 200


async def test_what_is_wrong_is_not_told(real: Real) -> None:
    disabled = await a_user(real, "disabled")
    await real.services.users.change(disabled.id, disabled=True)
    told = set()
    for name, password in (("zoë", "wrong"), ("nobody", PASSWORD), ("disabled", PASSWORD), ("zoë", "p" * 256)):
        refusal = assert_problem(await sign_in(real, name, password), 400, "invalid_grant")
        granted(refusal, "invalid_grant")
        told.add(refusal["detail"])
    assert len(told) == 1


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({}, 422, "unprocessable"),
        ({"grant_type": "password", "username": "zoë"}, 422, "unprocessable"),
        ({"grant_type": "password", "username": "zoë", "password": "x" * 257}, 422, "unprocessable"),
        ({"grant_type": "refresh_token"}, 422, "unprocessable"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "dr_nonsense"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": f"dr_{new_id()}_0_{'0' * 64}"}, 400, "invalid_grant"),
    ],
)
async def test_forms_that_are_wrong(real: Real, form: dict[str, str], status: int, code: str) -> None:
    assert_problem(await real.http.post("/token", data=form), status, code)


async def test_a_refresh_token_is_good_once(real: Real) -> None:
    first = await signed_in(real)
    second = (await renew(real, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    third = (await renew(real, second["refresh_token"])).json()
    # The first is two generations old: whoever brings it has stolen it, or was stolen from.
    assert_problem(await renew(real, first["refresh_token"]), 400, "invalid_grant")
    for tokens in (first, second, third):
        assert_problem(await real.http.get("/me", headers=bearer(tokens)), 401, "invalid_credentials")
        assert_problem(await renew(real, tokens["refresh_token"]), 400, "invalid_grant")
    assert (await audited(real))[0]["action"] == "session.reuse"


async def test_two_tabs_that_renew_at_once_get_the_same(real: Real) -> None:
    first = await signed_in(real)
    replies = await asyncio.gather(*(renew(real, first["refresh_token"]) for _ in range(5)))
    assert {reply.status_code for reply in replies} == {200}
    [newest] = {reply.json()["refresh_token"] for reply in replies}
    assert (await renew(real, newest)).status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_signing_out_ends_the_session_at_once(real: Real, which: str) -> None:
    tokens, other = await signed_in(real), await signed_in(real)
    for _ in range(2):
        assert (await real.http.post("/token/revoke", data={"token": tokens[which]})).json() == {}
    assert_problem(await real.http.get("/me", headers=bearer(tokens)), 401, "invalid_credentials")
    assert_problem(await renew(real, tokens["refresh_token"]), 400, "invalid_grant")
    assert (await real.http.get("/me", headers=bearer(other))).status_code == 200
    assert [entry["action"] for entry in (await audited(real))[:3]] == ["session.end", "session.start", "session.start"]


async def test_what_is_no_token_ends_nothing(real: Real) -> None:
    for token in ("x", "a.b.c", f"dr_{new_id()}_0_{'0' * 64}"):
        assert (await real.http.post("/token/revoke", data={"token": token})).status_code == 200


async def test_one_who_is_disabled_or_deleted_is_out_at_once(real: Real) -> None:
    user = await a_user(real, "leaving")
    tokens = await signed_in(real, "leaving")
    await real.services.users.change(user.id, disabled=True)
    assert_problem(await real.http.get("/me", headers=bearer(tokens)), 401, "invalid_credentials")
    await real.services.users.change(user.id, disabled=False)
    assert_problem(await renew(real, tokens["refresh_token"]), 400, "invalid_grant")
    tokens = await signed_in(real, "leaving")
    await real.services.users.delete(user.id)
    assert_problem(await real.http.get("/me", headers=bearer(tokens)), 401, "invalid_credentials")
    assert_problem(await sign_in(real, "leaving"), 400, "invalid_grant")


async def test_roles_count_from_the_next_call(real: Real) -> None:
    user = await a_user(real, "rising")
    headers = bearer(await signed_in(real, "rising"))
    body = {"name": "neu"}
    assert_problem(await real.http.post("/collections", headers=headers, json=body), 403, "scope_missing")
    await real.services.users.change(user.id, roles=[Assignment("editor", ("neu",))])
    assert (await real.http.post("/collections", headers=headers, json=body)).status_code == 201


async def test_reading_here_and_writing_there(real: Real) -> None:
    """A union of both would let them change what they may only read."""
    await a_user(real, "both", Assignment("reader", ("here",)), Assignment("editor", ("there",)))
    headers = bearer(await signed_in(real, "both"))
    admin = await real.headers(Scope.ADMIN)
    for name in ("here", "there"):
        assert (await real.http.post("/collections", headers=admin, json={"name": name})).status_code == 201
    seen = (await real.http.get("/collections", headers=headers)).json()["items"]
    assert {item["name"] for item in seen} == {"here", "there"}
    change = {"description": "x"}
    changed = await real.http.patch("/collections/there", headers=headers, json=change)
    assert changed.status_code == 200, changed.text
    assert_problem(
        await real.http.patch("/collections/here", headers=headers, json=change), 404, "collection_not_found"
    )
    upload = {"files": {"file": ("a.txt", b"smuggled")}, "data": {"collection": "here"}}
    assert_problem(await real.http.post("/upload", headers=headers, **upload), 403, "collection_not_allowed")  # type: ignore[arg-type]


async def test_one_changes_the_own_password(real: Real) -> None:
    user = await a_user(real, "changing")
    tokens = await signed_in(real, "changing")
    body = {"password": PASSWORD, "new_password": "पासवर्ड बहुत लंबा है"}
    wrong = await real.http.put("/me/password", headers=bearer(tokens), json=body | {"password": "wrong"})
    assert_problem(wrong, 400, "invalid_grant")
    short = await real.http.put("/me/password", headers=bearer(tokens), json=body | {"new_password": "短い"})
    assert_problem(short, 422, "unprocessable")
    assert (await real.http.put("/me/password", headers=bearer(tokens), json=body)).status_code == 204
    assert_problem(await real.http.get("/me", headers=bearer(tokens)), 401, "invalid_credentials")
    assert_problem(await sign_in(real, "changing"), 400, "invalid_grant")
    assert (await sign_in(real, "changing", body["new_password"])).status_code == 200
    assert [entry["action"] for entry in await audited(real, f"user:{user.id}")].count("user.password") == 1
    key = await real.headers(Scope.READ)
    assert_problem(await real.http.put("/me/password", headers=key, json=body), 403, "forbidden")


async def test_tokens_that_others_made_are_wrong(real: Real) -> None:
    tokens = await signed_in(real)
    keyring = Keyring.at(real.services.settings.data_dir)
    claims = AccessClaims((await a_user(real, "target")).id, new_id())
    header, payload, signature = tokens["access_token"].split(".")
    for wrong in (
        f"{header}.{payload}.",
        f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{payload}.",
        f"{header}.{payload}.{signature[::-1]}",
        tokens["refresh_token"],
        issue(b"another secret, thirty-two bytes.", claims, timedelta(minutes=5)),
        issue(keyring.signing, claims, timedelta(minutes=5)),  # of a session that is none
        issue(keyring.signing, claims, timedelta(seconds=-1)),
    ):
        reply = await real.http.get("/me", headers={"authorization": f"Bearer {wrong}"})
        assert_problem(reply, 401, "invalid_credentials")


async def test_a_token_that_is_over_is_refused_and_its_session_renewed(real: Real) -> None:
    tokens = await signed_in(real)
    keyring = Keyring.at(real.services.settings.data_dir)
    known = keyring.read_refresh_token(tokens["refresh_token"])
    assert known is not None
    user = (await real.http.get("/me", headers=bearer(tokens))).json()["id"].removeprefix("user:")
    over = issue(keyring.signing, AccessClaims(user, known[0]), timedelta(seconds=-1))
    reply = await real.http.get("/me", headers={"authorization": f"Bearer {over}"})
    assert_problem(reply, 401, "invalid_credentials")
    assert (await renew(real, tokens["refresh_token"])).status_code == 200


async def test_nothing_that_is_stored_opens_a_session(real: Real) -> None:
    tokens = await signed_in(real)
    folder = real.services.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("docubot.sqlite3*"))
    assert b"$argon2id$" in stored
    for secret in (PASSWORD, tokens["refresh_token"].rpartition("_")[2], tokens["access_token"]):
        assert secret.encode() not in stored


async def test_how_one_gets_in_is_told_to_everybody(real: Real) -> None:
    told = (await real.http.get("/auth")).json()
    assert told == {"guarded": True, "password": True, "issuer": None, "page_client": None}


async def test_the_page_is_told_how_to_sign_in_at_the_issuer(tmp_path: Path) -> None:
    issuer = {
        "oidc_issuer": "https://id.example/realms/acme",
        "oidc_audience": "docubot",
        "oidc_client_id": "docubot-page",
    }
    async with open_real(tmp_path, **issuer) as real:
        told = (await real.http.get("/auth")).json()
    assert told["issuer"] == "https://id.example/realms/acme"
    assert told["page_client"] == {"client_id": "docubot-page", "scope": "openid profile", "token": "access"}


async def audited(real: Real, caller: str | None = None) -> list[dict[str, Any]]:
    reply = await real.http.get("/audit", headers=await real.headers(Scope.ADMIN), params={"limit": 100})
    entries = [entry for entry in reply.json()["items"] if entry["action"] != "key.create"]
    return [entry for entry in entries if caller in (None, entry["caller"])]
