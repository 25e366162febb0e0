from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.ids import new_id
from app.models.access import Scope
from tests.routers.checks import assert_problem
from tests.routers.real import Real, open_real

pytestmark = pytest.mark.anyio


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Real]:
    async with open_real(tmp_path) as opened:
        yield opened


async def test_a_key_from_its_making_to_its_end(real: Real) -> None:
    new = {"name": "портал", "scopes": ["read", "admin"], "expires_at": "2999-01-01T00:00:00+02:00"}
    response = await real.http.post("/keys", json=new)
    assert response.status_code == 201, response.text
    made = response.json()
    assert made["prefix"] == made["secret"][:11]
    assert made["expires_at"] == "2998-12-31T22:00:00Z"
    assert_problem(await real.http.get("/keys"), 401, "unauthorized")

    headers = {"x-api-key": made["secret"]}
    listed = (await real.http.get("/keys", headers=headers)).json()["items"]
    assert [item["name"] for item in listed] == ["портал"]
    assert "secret" not in listed[0]
    renewed = (await real.http.post(f"/keys/{made['id']}/rotate", headers=headers)).json()
    assert_problem(await real.http.get("/keys", headers=headers), 401, "invalid_credentials")
    headers = {"authorization": f"Bearer {renewed['secret']}"}
    assert (await real.http.get(f"/keys/{made['id']}", headers=headers)).json()["id"] == made["id"]
    revoked = await real.http.delete(f"/keys/{made['id']}", headers=headers)
    assert revoked.json()["revoked_at"] is not None
    assert_problem(await real.http.get("/keys", headers=headers), 401, "invalid_credentials")


IMPOSSIBLE: list[dict[str, Any]] = [
    {"scopes": []},
    {"scopes": ["root"]},
    {"collections": []},
    {"collections": ["a/b"]},
    {"collections": ["a*b"]},
    {"scopes": ["admin"], "collections": ["a"]},
    {"expires_at": "2020-01-01T00:00:00Z"},
    {"expires_at": "2999-01-01T00:00:00"},
    {"name": ""},
]


async def test_impossible_keys_are_refused(real: Real) -> None:
    for wrong in IMPOSSIBLE:
        body = {"name": "x", "scopes": ["read"]} | wrong
        assert_problem(await real.http.post("/keys", json=body), 422, "unprocessable")


async def test_unknown_keys_are_not_found(real: Real) -> None:
    headers = await real.headers(Scope.ADMIN)
    for id_ in (new_id(), "nonsense"):
        assert_problem(await real.http.get(f"/keys/{id_}", headers=headers), 404, "key_not_found")
        assert_problem(await real.http.delete(f"/keys/{id_}", headers=headers), 404, "key_not_found")
        assert_problem(await real.http.post(f"/keys/{id_}/rotate", headers=headers), 404, "key_not_found")
