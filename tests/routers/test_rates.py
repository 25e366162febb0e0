import httpx
import pytest
from fastapi import FastAPI

from app.models.access import ANYONE, Caller, Scope
from app.services.rates import RateService
from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio


@pytest.fixture
def guarded(app: FastAPI, client: httpx.AsyncClient, services: FakeServices) -> httpx.AsyncClient:
    services.access.caller = None
    services.access.keys = {name: Caller(f"key:{name}", frozenset(Scope)) for name in ("a", "b")}
    services.rates = RateService("3/hour", "2/hour")
    return client


async def test_each_caller_has_its_rate_and_is_told_of_it(guarded: httpx.AsyncClient) -> None:
    for left in (2, 1, 0):
        response = await guarded.get("/documents", headers={"x-api-key": "a"})
        assert response.status_code == 200
        assert response.headers["ratelimit-policy"] == '"default";q=3;w=3600'
        assert response.headers["ratelimit"].startswith(f'"default";r={left};t=')
    refused = await guarded.get("/documents", headers={"x-api-key": "a"})
    assert_problem(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert (await guarded.get("/documents", headers={"x-api-key": "b"})).status_code == 200


async def test_who_guesses_keys_has_to_wait(guarded: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert_problem(await guarded.get("/documents", headers={"x-api-key": "wrong"}), 401, "invalid_credentials")
    refused = await guarded.get("/documents", headers={"x-api-key": "wrong"})
    assert_problem(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert (await guarded.get("/health")).status_code == 200


async def test_wrong_keys_shut_nobody_else_out(guarded: httpx.AsyncClient) -> None:
    """Behind a proxy that is not named all clients come from one address."""
    for _ in range(5):
        await guarded.get("/documents", headers={"x-api-key": "wrong"})
    assert (await guarded.get("/documents", headers={"x-api-key": "a"})).status_code == 200


async def test_behind_an_open_door_nothing_is_counted(guarded: httpx.AsyncClient, services: FakeServices) -> None:
    services.access.caller = ANYONE
    for _ in range(5):
        response = await guarded.get("/documents")
        assert response.status_code == 200
        assert "ratelimit" not in response.headers
