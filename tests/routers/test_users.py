from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.core.ids import new_id
from app.models.access import Scope
from tests.routers.checks import assert_problem
from tests.routers.people import PASSWORD, bearer, sign_in, signed_in
from tests.routers.real import Real, open_real

pytestmark = pytest.mark.anyio
NEW: dict[str, Any] = {"username": "Zoë", "password": PASSWORD, "roles": [{"role": "reader"}]}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def real(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Real]:
    settings: dict[str, Any] = {
        "auth": "on",
        "rate_limit_sign_in": "5/day",
        "roles": {"auditor": ("read",), "owner": ("admin",)},
    }
    async with open_real(tmp_path_factory.mktemp("users"), **settings) as opened:
        yield opened


async def test_a_user_from_making_to_end(real: Real) -> None:
    admin = await real.headers(Scope.ADMIN)
    roles = [{"role": "auditor"}, {"role": "editor", "collections": ["team-*", "合同"]}]
    made = await real.http.post("/users", headers=admin, json=NEW | {"roles": roles})
    assert made.status_code == 201, made.text
    assert PASSWORD not in made.text
    user = made.json()
    assert user["roles"] == [{"role": "auditor", "collections": None}, roles[1]]
    assert_problem(await real.http.post("/users", headers=admin, json=NEW | {"username": "ZOË"}), 409, "user_exists")
    tokens = await signed_in(real)
    me = (await real.http.get("/me", headers=bearer(tokens))).json()
    assert me["grants"][0] == {"scopes": ["read"], "collections": None}
    assert me["grants"][1]["collections"] == ["team-*", "合同"]
    address = f"/users/{user['id']}"
    assert (await real.http.get(address, headers=admin)).json()["last_sign_in_at"] is not None
    changed = await real.http.patch(address, headers=admin, json={"password": "another password", "disabled": False})
    assert changed.json()["disabled_at"] is None
    assert_problem(await real.http.get("/me", headers=bearer(tokens)), 401, "invalid_credentials")
    assert_problem(await sign_in(real), 400, "invalid_grant")
    assert (await real.http.patch(address, headers=admin, json={"disabled": True})).json()["disabled_at"] is not None
    assert_problem(await sign_in(real, password="another password"), 400, "invalid_grant")
    assert [item["id"] for item in (await real.http.get("/users", headers=admin)).json()["items"]] == [user["id"]]
    assert (await real.http.delete(address, headers=admin)).status_code == 204
    assert_problem(await real.http.get(address, headers=admin), 404, "user_not_found")


IMPOSSIBLE: list[dict[str, Any]] = [
    {"username": ""},
    {"username": "a/b"},
    {"password": "too short"},
    {"password": "x" * 257},
    {"password": "nul \0 in it, and long enough"},
    {"roles": []},
    {"roles": [{"role": "root"}]},
    {"roles": [{"role": "admin", "collections": ["a"]}]},
    {"roles": [{"role": "owner", "collections": ["a"]}]},
    {"roles": [{"role": "reader", "collections": ["a*b"]}]},
]


async def test_impossible_users_are_refused_without_repeating_what_was_sent(real: Real) -> None:
    admin = await real.headers(Scope.ADMIN)
    before = (await real.http.get("/users", headers=admin)).json()["items"]
    for wrong in IMPOSSIBLE:
        reply = await real.http.post("/users", headers=admin, json=NEW | wrong)
        refusal = assert_problem(reply, 422, "unprocessable")
        assert refusal["errors"][0]["loc"][:2] == ["body", next(iter(wrong))]
        assert wrong.get("password", PASSWORD) not in reply.text
    assert (await real.http.get("/users", headers=admin)).json()["items"] == before


async def test_unknown_users_are_not_found(real: Real) -> None:
    admin = await real.headers(Scope.ADMIN)
    for id_ in (new_id(), "nonsense"):
        assert_problem(await real.http.get(f"/users/{id_}", headers=admin), 404, "user_not_found")
        assert_problem(await real.http.delete(f"/users/{id_}", headers=admin), 404, "user_not_found")
        reply = await real.http.patch(f"/users/{id_}", headers=admin, json={"disabled": True})
        assert_problem(reply, 404, "user_not_found")


async def test_roles_are_listed(real: Real) -> None:
    items = (await real.http.get("/roles", headers=await real.headers(Scope.ADMIN))).json()["items"]
    assert {item["role"] for item in items} == {"admin", "auditor", "editor", "owner", "reader", "translator"}


async def test_whoever_tries_too_often_waits_even_with_the_right_password(real: Real) -> None:
    await real.http.post("/users", headers=await real.headers(Scope.ADMIN), json=NEW | {"username": "tried"})
    codes = [(await sign_in(real, "tried", "wrong")).json()["code"] for _ in range(6)]
    assert codes == ["invalid_grant"] * 5 + ["rate_limited"]
    refused = await sign_in(real, "TRIED")
    assert_problem(refused, 429, "rate_limited")
    assert int(refused.headers["retry-after"]) >= 1
