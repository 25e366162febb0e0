"""/mcp behind keys: what a key may do and where, and what is said where the protocol's SDK is missing."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from app.models.access import Scope
from tests.routers.checks import assert_problem
from tests.routers.conftest import serving
from tests.routers.limited import limited
from tests.routers.real import Real, open_real
from tests.routers.tenants import QUESTION, Tenant, settle

pytestmark = pytest.mark.anyio
EVERYTHING = frozenset(Scope) - {Scope.ADMIN}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@dataclass
class Served:
    real: Real
    url: str
    mine: Tenant
    theirs: Tenant

    @asynccontextmanager
    async def client(self, headers: dict[str, str]) -> AsyncIterator[Client]:
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(self.url, http_client=http)) as client,
        ):
            yield client


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Served]:
    async with open_real(tmp_path_factory.mktemp("mcp")) as real, serving(real.app) as (host, port):
        tenants = [Tenant(name, await real.headers(*EVERYTHING, reach=(f"{name}-*",))) for name in ("mine", "theirs")]
        for tenant in tenants:
            await settle(real, tenant, f"The tangerine lighthouse of {tenant.name} was painted in 1907.\n")
        yield Served(real, f"http://{host}:{port}/mcp", *tenants)


async def failure(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error, (tool, result)
    return str(result.content)


async def test_a_key_works_in_its_own_collections(served: Served) -> None:
    mine = served.mine
    async with served.client(mine.headers) as client:
        listed: Any = (await client.call_tool("list_documents", {"collection": mine.collection})).structured_content
        [document] = listed["documents"]
        assert document["id"] == mine.ids["document_id"]
        asked = {"question": QUESTION, "collection": mine.collection}
        answer: Any = (await client.call_tool("ask", asked)).structured_content
        assert "1907" in answer["answer"]
        assert answer["citations"][0]["document_id"] == document["id"]
        whole: Any = (await client.read_resource(document["uri"])).contents[0]
        assert "lighthouse of mine" in whole.text
        added = {"filename": "新.txt", "content": "灯塔建于1907年。", "collection": "mine-neu"}
        made: Any = (await client.call_tool("upload", added)).structured_content
        assert made["status"] == "ready"


async def test_what_is_anothers_is_neither_seen_nor_filled(served: Served) -> None:
    theirs = served.theirs
    document = theirs.ids["document_id"]
    async with served.client(served.mine.headers) as client:
        there: dict[str, Any] = {"collection": theirs.collection}
        missing = [
            await failure(client, "list_documents", **there),
            await failure(client, "list_documents"),  # `default` is not in reach either
            await failure(client, "search", query=QUESTION, **there),
            await failure(client, "ask", question=QUESTION, **there),
        ]
        assert all("collection_not_found" in text for text in missing), missing
        assert "document_not_found" in await failure(client, "get_page", document_id=document, page=1)
        said = await failure(client, "upload", filename="a.txt", content="smuggled", **there)
        assert "collection_not_allowed" in said
        for uri in (f"docubot://documents/{document}", f"docubot://documents/{document}/pages/1"):
            with pytest.raises(MCPError):
                await client.read_resource(uri)
    async with served.client(theirs.headers) as client:
        listed: Any = (await client.call_tool("list_documents", there)).structured_content
        assert [item["id"] for item in listed["documents"]] == [document]


async def test_each_tool_asks_for_its_scope(served: Served) -> None:
    calls: dict[str, tuple[Scope, dict[str, Any]]] = {
        "search": (Scope.ASK, {"query": "x"}),
        "ask": (Scope.ASK, {"question": "x"}),
        "upload": (Scope.UPLOAD, {"filename": "a.txt", "content": "x"}),
        "translate": (Scope.TRANSLATE, {"text": "x", "target": "de"}),
    }
    async with served.client(await served.real.headers(Scope.READ)) as client:
        for tool, (scope, arguments) in calls.items():
            text = await failure(client, tool, **arguments)
            assert "scope_missing" in text
            assert f"`{scope}`" in text
    for tool, (scope, arguments) in calls.items():
        async with served.client(await served.real.headers(Scope.READ, scope, reach=("none",))) as client:
            assert "scope_missing" not in await failure(client, tool, **arguments)


async def test_the_door_is_the_same_as_of_every_call(served: Served) -> None:
    async with httpx.AsyncClient() as http:
        for headers, status, code in (
            ({}, 401, "unauthorized"),
            ({"authorization": "Bearer wrong"}, 401, "invalid_credentials"),
            (await served.real.headers(Scope.ASK), 403, "scope_missing"),
        ):
            assert_problem(await http.post(served.url, json=CALL, headers=headers), status, code)


async def test_without_the_sdk_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)  # as Python marks what cannot be imported
    async with open_real(tmp_path) as real:
        refused = await real.http.post("/mcp", json=CALL)
        assert_problem(refused, 503, "unavailable")
        assert 'pip install "docubot[mcp]"' in refused.json()["detail"]
        assert (await real.http.get("/documents")).status_code == 200


async def test_a_quota_that_is_used_up_is_told_to_the_model(served: Served) -> None:
    key = await limited(served.real, reach=("mine-*",), documents=1)
    async with served.client(key.headers) as client:
        added = {"filename": "a.txt", "content": f"The first of {key.id}.", "collection": "mine-neu"}
        assert not (await client.call_tool("upload", added)).is_error
        more = added | {"content": f"The second of {key.id}."}
        assert "quota_exceeded: The key may hold 1 documents" in await failure(client, "upload", **more)
    assert (await key.used())["documents"] == 1
