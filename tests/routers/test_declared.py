import json
from collections.abc import Callable, Iterator
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Form
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from app.core.config import Settings
from app.main import create_app
from app.models.access import Caller, Scope
from app.routers import errors
from app.routers.declared import declared
from app.routers.deps import TheCaller, needs
from tests.routers.checks import assert_problem
from tests.routers.conftest import serving
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("page_is_built", [True, False])
def test_every_route_declares_what_its_caller_needs(
    make_settings: Callable[..., Settings], tmp_path: Path, page_is_built: bool
) -> None:
    if page_is_built:
        (tmp_path / "assets").mkdir()
        (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    app = create_app(make_settings(), built_page=tmp_path)
    found = list(declared(app.routes))
    assert len(found) > 30
    assert [path for path, _, guard in found if guard is None] == []


def test_nothing_that_a_route_depends_on_runs_in_a_thread(app: FastAPI) -> None:
    def calls(dependant: Dependant) -> Iterator[Callable[..., object]]:
        for below in dependant.dependencies:
            yield from calls(below)
        if dependant.call is not None:
            yield dependant.call

    dependants = [getattr(context, "dependant", None) for context in iter_route_contexts(app.routes)]
    found = {call for dependant in dependants if dependant is not None for call in calls(dependant)}
    assert len(found) > 30
    assert [
        call for call in found if not iscoroutinefunction(call) and not iscoroutinefunction(type(call).__call__)
    ] == []


def test_a_route_that_declares_nothing_is_noticed() -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: None)
    app = FastAPI(openapi_url=None)
    app.include_router(router)
    assert list(declared(app.routes)) == [("/forgotten", frozenset({"GET"}), None)]


def test_the_document_tells_the_scope_of_each_call(app: FastAPI) -> None:
    document = app.openapi()
    for methods in document["paths"].values():
        for operation in methods.values():
            assert ("security" in operation) == ("x-scope" in operation)
    assert document["paths"]["/ask"]["post"]["x-scope"] == "ask"
    assert document["paths"]["/v1/models/{model}"]["get"]["x-scope"] == "ask"
    assert "security" not in document["paths"]["/health"]["get"]


def calls(app: FastAPI) -> list[tuple[str, str, Scope]]:
    return [
        (method, path, guard.scope)
        for path, methods, guard in declared(app.routes)
        if guard is not None and guard.scope is not None
        for method in methods
    ]


def refused(response: httpx.Response, status: int, code: str) -> None:
    """As a problem; under the wires of others, in their shapes and with their statuses."""
    if response.headers["content-type"] == "application/problem+json":
        assert_problem(response, status, code)
        assert (status != 401) or response.headers["www-authenticate"] == "Bearer"
    else:
        assert response.status_code in (400, 401, 403), response.url
        assert set(response.json()) == {"error"}, response.url


async def test_without_a_key_every_guarded_call_is_refused(
    app: FastAPI, client: httpx.AsyncClient, services: FakeServices
) -> None:
    services.access.caller = None
    for method, path, _ in calls(app):
        refused(await client.request(method, path, json={}), 401, "unauthorized")
        wrong = await client.request(method, path, json={}, headers={"x-api-key": "wrong"})
        refused(wrong, 401, "invalid_credentials")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"a": ' + b"[" * 100_000])
async def test_who_may_not_call_is_told_nothing_of_the_body(
    client: httpx.AsyncClient, services: FakeServices, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    services.access.caller = None
    for path in ("/search", "/ask", "/collections", "/keys"):
        assert_problem(await client.post(path, content=body, headers=headers), 401, "unauthorized")
        wrong = await client.post(path, content=body, headers=headers | {"x-api-key": "wrong"})
        assert_problem(wrong, 401, "invalid_credentials")
    told = await client.post("/v1/chat/completions", content=body, headers=headers | {"x-api-key": "wrong"})
    assert (told.status_code, told.json()["error"]["code"]) == (401, "invalid_credentials")
    services.access.caller = Caller("key:1", frozenset({Scope.READ}))
    assert_problem(await client.post("/search", content=body, headers=headers), 403, "scope_missing")
    services.access.caller = Caller("key:1", frozenset({Scope.ASK}))
    assert_problem(await client.post("/search", content=body, headers=headers), 400, "malformed_json")


async def test_public_calls_need_no_key(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.access.caller = None
    for path in ("/health", "/health/ready", "/docs", "/openapi.json", "/"):
        assert (await client.get(path)).status_code == 200


async def test_a_key_without_the_scope_is_refused_and_told_which(
    app: FastAPI, client: httpx.AsyncClient, services: FakeServices
) -> None:
    for method, path, scope in calls(app):
        services.access.caller = Caller("key:1", frozenset(set(Scope) - {scope, Scope.ADMIN}))
        response = await client.request(method, path, json={})
        refused(response, 403, "scope_missing")
        if response.status_code == 403:  # a form that is read to find its `api_key` may be wrong before that
            assert f"`{scope}`" in response.text


@pytest.mark.parametrize(
    "headers",
    [{"authorization": "Bearer k1"}, {"authorization": "bearer  k1 "}, {"x-api-key": "k1"}],
)
async def test_a_key_travels_in_either_header(
    client: httpx.AsyncClient, services: FakeServices, headers: dict[str, str]
) -> None:
    services.access.caller = None
    services.access.keys = {"k1": Caller("key:1", frozenset({Scope.READ}))}
    assert (await client.get("/documents", headers=headers)).status_code == 200


async def test_a_key_travels_in_the_body_where_the_route_says_so(services: FakeServices) -> None:
    services.access.caller = None
    services.access.keys = {"k1": Caller("key:1", frozenset({Scope.TRANSLATE}))}
    app = FastAPI()
    app.state.services = services
    errors.install(app)

    @app.post("/echo", dependencies=[needs(Scope.TRANSLATE, key_in_body=True)])
    async def echo(request: Request, caller: TheCaller) -> str:
        return f"{caller.id} {len(await request.body())}"

    @app.post("/form", dependencies=[needs(Scope.TRANSLATE, key_in_body=True)])
    async def form(q: Annotated[str, Form()], caller: TheCaller) -> str:
        return q

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.post("/echo", json={"api_key": "k1"})).json() == "key:1 16"
        assert (await client.post("/echo", data={"api_key": "k1"})).json() == "key:1 10"
        assert (await client.post("/form", data={"api_key": "k1", "q": "你好"})).json() == "你好"
        for wrong in ({"json": {"api_key": "k2"}}, {"data": {"api_key": "k2"}}):
            assert_refused(await client.post("/echo", **wrong), "invalid_credentials")  # type: ignore[arg-type]
        for none in ({"json": {"api_key": 1}}, {"json": ["k1"]}, {"content": b"["}, {"data": {"api_key": ""}}):
            assert_refused(await client.post("/echo", **none), "unauthorized")  # type: ignore[arg-type]


def assert_refused(response: httpx.Response, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (401, code)


async def test_sockets_bring_their_key_as_header_or_as_protocol(app: FastAPI, services: FakeServices) -> None:
    services.access.caller = None
    services.access.keys = {"k1": Caller("key:1", frozenset({Scope.ASK}))}
    async with serving(app) as (host, port):
        url = f"ws://{host}:{port}/ask/ws"
        async with connect(url, additional_headers={"x-api-key": "k1"}) as socket:
            assert socket.subprotocol is None
        protocols = [Subprotocol("docubot"), Subprotocol("bearer.k1")]
        async with connect(url, subprotocols=protocols) as socket:
            assert socket.subprotocol == "docubot"
        with pytest.raises(InvalidStatus) as caught:
            async with connect(url):
                pass
        assert caught.value.response.status_code == 401
        assert json.loads(caught.value.response.body)["code"] == "unauthorized"
