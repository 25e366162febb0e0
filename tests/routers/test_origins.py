from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.core.config import Settings
from app.main import create_app
from tests.routers.checks import assert_problem
from tests.routers.conftest import BASE, calling, serving
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
QUESTION = {"query": "x"}


@pytest.fixture
def make_app(make_settings: Callable[..., Settings], services: FakeServices) -> Callable[..., Any]:
    return lambda **values: create_app(make_settings(**values), services.factory())


@pytest.mark.parametrize(
    "host",
    ["localhost:8000", "127.0.0.1:8000", "127.0.0.1", "[::1]:8000", "127.8.8.8", "docubot.localhost", "LOCALHOST"],
)
async def test_names_of_this_machine_are_let_in(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/health", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "",
        "[",
        "a b",
    ],
)
async def test_other_names_are_not_so_rebinding_leads_nowhere(client: httpx.AsyncClient, host: str) -> None:
    headers = {"host": host, "origin": f"http://{host}"}
    for method in ("GET", "POST"):
        assert_problem(await client.request(method, "/documents", headers=headers), 403, "host_not_allowed")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:5173", "https://localhost", "x", ""]
)
async def test_pages_of_other_origins_change_nothing(
    client: httpx.AsyncClient, services: FakeServices, origin: str
) -> None:
    headers = {"origin": origin, "content-type": "text/plain"}
    for path in ("/ask", "/upload", "/search"):
        assert_problem(await client.post(path, content=b"{}", headers=headers), 403, "origin_not_allowed")
    assert_problem(await client.delete("/collections/default", headers=headers), 403, "origin_not_allowed")
    assert services.uploads.writers == []
    assert services.retriever.requests == []


async def test_pages_of_other_origins_may_link_here(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health", headers={"origin": "http://evil.example"})).status_code == 200


@pytest.mark.parametrize("origin", ["http://localhost:8000", None])
async def test_our_own_page_and_programs_change_things(client: httpx.AsyncClient, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    assert (await client.post("/search", json=QUESTION, headers=headers)).status_code == 200


async def test_a_proxy_that_ends_tls_is_the_same_origin_by_name(make_app: Callable[..., Any]) -> None:
    async with calling(make_app(host="0.0.0.0", auth="off")) as client:
        headers = {"host": "docs.example", "origin": "https://docs.example"}
        assert (await client.post("/search", json=QUESTION, headers=headers)).status_code == 200
        headers = {"host": "docs.example:8443", "origin": "https://docs.example"}
        assert_problem(await client.post("/search", json=QUESTION, headers=headers), 403, "origin_not_allowed")


async def test_any_host_when_not_on_loopback(make_app: Callable[..., Any]) -> None:
    async with calling(make_app(host="0.0.0.0", auth="off")) as client:
        assert (await client.get("/health", headers={"host": "docs.example"})).status_code == 200


async def test_a_listed_origin_may_use_everything_and_read_every_answer(make_app: Callable[..., Any]) -> None:
    origin = "https://app.example"
    async with calling(make_app(cors_origins="https://app.example, https://other.example")) as client:
        answers = [
            await client.post("/search", json=QUESTION, headers={"origin": origin}),
            await client.get("/nowhere", headers={"origin": origin}),
            await client.post("/search", content=b"x" * 1_100_000, headers={"origin": origin}),
            await client.post("/search", json=QUESTION, headers={"origin": origin, "host": "evil.example"}),
        ]
        assert [answer.status_code for answer in answers] == [200, 404, 413, 403]
        for answer in answers:
            assert answer.headers["access-control-allow-origin"] == origin
            assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
            assert "access-control-allow-credentials" not in answer.headers
        # The name of a proxy before us is known by its origin.
        proxied = {"host": "app.example", "origin": origin}
        assert (await client.post("/search", json=QUESTION, headers=proxied)).status_code == 200


async def test_an_unexpected_error_can_be_read_across_origins(
    make_app: Callable[..., Any], services: FakeServices
) -> None:
    services.retriever.failure = ZeroDivisionError()
    async with calling(make_app(cors_origins="https://app.example")) as client:
        response = await client.post("/search", json=QUESTION, headers={"origin": "https://app.example"})
    assert_problem(response, 500, "internal_error")
    assert response.headers["access-control-allow-origin"] == "https://app.example"


async def test_an_unlisted_origin_is_refused_beside_listed_ones(make_app: Callable[..., Any]) -> None:
    async with calling(make_app(cors_origins="https://app.example")) as client:
        response = await client.post("/search", json=QUESTION, headers={"origin": "https://evil.example"})
        assert_problem(response, 403, "origin_not_allowed")
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_preflight(make_app: Callable[..., Any], method: str) -> None:
    asked = "authorization,content-type,idempotency-key,last-event-id,x-api-key"
    async with calling(make_app(cors_origins="https://app.example", cors_credentials=True)) as client:
        headers = {
            "origin": "https://app.example",
            "access-control-request-method": method,
            "access-control-request-headers": asked,
        }
        response = await client.options("/documents", headers=headers)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == "https://app.example"
        assert response.headers["access-control-allow-credentials"] == "true"
        refused = await client.options("/documents", headers=headers | {"origin": "https://evil.example"})
        assert refused.status_code == 400
        assert "access-control-allow-origin" not in refused.headers


async def test_a_star_opens_the_door(make_app: Callable[..., Any]) -> None:
    async with calling(make_app(cors_origins="*")) as client:
        response = await client.post("/search", json=QUESTION, headers={"origin": "https://any.example"})
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == "*"


async def test_without_origins_nothing_is_said_about_cors(client: httpx.AsyncClient) -> None:
    response = await client.get("/health", headers={"origin": BASE})
    assert not [name for name in response.headers if name.startswith("access-control")]


async def test_sockets_are_for_our_own_pages(make_app: Callable[..., Any]) -> None:
    async with serving(make_app()) as (host, port):
        url = f"ws://{host}:{port}/ask/ws"
        async with connect(url, origin=f"http://{host}:{port}"):  # type: ignore[arg-type]
            pass
        with pytest.raises(InvalidStatus) as caught:
            async with connect(url, origin="http://evil.example"):  # type: ignore[arg-type]
                pass
        assert caught.value.response.status_code == 403
