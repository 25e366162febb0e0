"""Two tenants side by side: what one of them has, the other neither sees nor changes, by any call."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from app.core.ids import new_id
from app.models.access import Scope
from tests.routers.checks import assert_problem
from tests.routers.conftest import serving
from tests.routers.real import Real, join, open_real
from tests.routers.tenants import QUESTION, Tenant, call, settle

pytestmark = pytest.mark.anyio
TENANTS = frozenset(Scope) - {Scope.ADMIN}
SECRET = "Tangerine lighthouse 灯塔"
_OWN_NAMES = "/glossaries"  # each tenant has its own of any name


@dataclass
class Two:
    real: Real
    mine: Tenant
    theirs: Tenant
    admin: Tenant


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=["alone", pytest.param("cluster", marks=pytest.mark.cluster)])
async def two(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Two]:
    where = (
        join(request.getfixturevalue("guarded"))
        if request.param == "cluster"
        else open_real(tmp_path_factory.mktemp("tenants"))
    )
    async with where as real:
        admin = Tenant("admin", await real.headers(Scope.ADMIN))
        mine = Tenant("mine", await real.headers(*TENANTS, reach=("mine-*",)))
        theirs = Tenant("theirs", await real.headers(*TENANTS, reach=("theirs-*",)))
        await settle(real, mine, "The tangerine lighthouse was painted in 1893, as all of ours.\n")
        await settle(real, theirs, f"{SECRET}: it was painted in 1907 and cost 40,000 crowns.\n")
        yield Two(real, mine, theirs, admin)


def shapes(schema: Any, document: dict[str, Any], depth: int = 0) -> Any:
    """A value of a schema's required fields, whatever it is."""
    schema = schema or {}
    if "$ref" in schema:
        return shapes(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, depth + 1)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return shapes(schema[key][0], document, depth + 1)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    kinds: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": False, "string": "x", "null": None}
    if schema.get("type") == "array":
        return [shapes(schema.get("items"), document, depth + 1)] if depth < 8 else []
    if schema.get("type") == "object" or "properties" in schema:
        names = schema.get("required", ()) if depth < 8 else ()
        return {name: shapes(schema["properties"][name], document, depth + 1) for name in names}
    return kinds.get(schema.get("type", "string"), "x")


def body_of(operation: dict[str, Any], document: dict[str, Any], theirs: Tenant) -> dict[str, Any]:
    """A body that names the other tenant's things wherever it has a place for them."""
    content = operation.get("requestBody", {}).get("content", {})
    named = {
        "collection": theirs.collection,
        "conversation_id": theirs.ids["conversation_id"],
        "document_ids": [theirs.ids["document_id"]],
        "model": theirs.ids["model"],
        "file_id": theirs.ids["file_id"],
        "file_ids": [theirs.ids["file_id"]],
        "previous_response_id": theirs.ids["response_id"],
        "tools": [{"type": "file_search", "vector_store_ids": [theirs.ids["vector_store_id"]]}],
        "question": QUESTION,
        "query": QUESTION,
        "q": QUESTION,
        "name": theirs.collection,
    }
    if "application/json" in content:
        schema = content["application/json"]["schema"]
        body = shapes(schema, document)
        while "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        known = schema.get("properties", {})
        return {"json": (body or {}) | {key: value for key, value in named.items() if key in known}}
    if content:
        return {"files": {"file": ("a.txt", b"a text of mine")}, "data": {"collection": theirs.collection}}
    return {}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation.get("x-scope") not in (None, "admin"):
                yield method.upper(), path, operation


async def everything(real: Real, tenant: Tenant) -> str:
    """All that a tenant sees of its own, as one text."""
    ids = tenant.ids
    seen = [
        await call(real, tenant, "GET", path)
        for path in (
            "/documents",
            f"/documents/{ids['document_id']}/chunks",
            "/collections",
            "/jobs",
            "/conversations",
            f"/conversations/{ids['conversation_id']}",
            "/webhooks",
        )
    ]
    return json.dumps([reply.json() for reply in seen], sort_keys=True)


def foreign(response: httpx.Response, sent: str, theirs: Tenant) -> list[str]:
    """What of the other tenant's stands in an answer without having been sent."""
    # "1907" alone stands in ids
    marks = [*theirs.ids.values(), f"{theirs.name}.txt", "in 1907", "40,000 crowns", SECRET]
    return [mark for mark in marks if len(mark) > 3 and mark in response.text and mark not in sent]


async def test_by_no_call_of_the_document_is_anothers_seen_or_changed(two: Two) -> None:
    real, mine, theirs = two.real, two.mine, two.theirs
    document = real.app.openapi()
    before = await everything(real, theirs)
    walked = 0
    for method, path, operation in operations(document):
        names = re.findall(r"{(\w+)(?::path)?}", path)
        url = re.sub(r"{(\w+)(?::path)?}", lambda match: theirs.ids.get(match[1], new_id()), path)
        content = body_of(operation, document, theirs)
        query = {"collection": theirs.collection, "document_id": theirs.ids["document_id"]}
        for params in ({}, query):
            response = await call(real, mine, method, url, params=params, **content)
            where = f"{method} {path} {params} {response.status_code} {response.text[:300]}"
            assert response.status_code < 500 or response.status_code == 503, where
            if theirs.ids.keys() & set(names) - {"number"} and not path.startswith(_OWN_NAMES):
                assert response.status_code == 404, where
            sent = f"{url}{params}{content}"
            assert not foreign(response, sent, theirs), where
            walked += 1
    assert walked > 60
    assert await everything(real, theirs) == before


async def test_the_own_is_seen_by_the_same_calls(two: Two) -> None:
    real, mine = two.real, two.mine
    hooks = (await call(real, mine, "GET", "/webhooks")).json()["items"]
    assert {item["url"] for item in hooks} == {"https://hooks.invalid/mine-hook"}
    for path in ("/documents", "/jobs", "/conversations", "/collections"):
        for params in ({}, {"collection": mine.collection}):
            found = (await call(real, mine, "GET", path, params=params)).json()["items"]
            assert found, path
            assert {item.get("collection") or item["name"] for item in found} == {mine.collection}, path
    for path in (
        "/documents/{document_id}",
        "/jobs/{job_id}",
        "/webhooks/{webhook_id}",
        "/webhooks/{webhook_id}/deliveries",
        "/conversations/{conversation_id}",
        "/v1/models/{model}",
        "/v1/files/{file_id}/content",
        "/v1/vector_stores/{vector_store_id}/files/{file_id}",
        "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}",
    ):
        assert (await call(real, mine, "GET", path.format(**mine.ids))).status_code == 200
    everyone = (await call(real, two.admin, "GET", "/documents")).json()["items"]
    assert {item["collection"] for item in everyone} >= {mine.collection, two.theirs.collection}


async def test_neither_search_nor_answer_reaches_over(two: Two) -> None:
    real, mine, theirs = two.real, two.mine, two.theirs
    smuggled = {"collection": mine.collection, "document_ids": [theirs.ids["document_id"]]}
    found = await call(real, mine, "POST", "/search", json={"query": QUESTION} | smuggled)
    assert found.json()["passages"] == []
    answer = await call(real, mine, "POST", "/ask", json={"question": QUESTION, "collection": mine.collection})
    assert answer.status_code == 200
    assert "in 1907" not in answer.text
    for path, key in (("/ask", "question"), ("/search", "query")):
        response = await call(real, mine, "POST", path, json={key: QUESTION, "collection": theirs.collection})
        assert_problem(response, 404, "collection_not_found")


async def test_a_conversation_stays_in_its_collection(two: Two) -> None:
    """An answer from elsewhere, stored in it, would be read by everybody who sees the conversation."""
    other = two.theirs.ids["conversation_id"]
    body = {"question": QUESTION, "collection": two.mine.collection, "conversation_id": other}
    for tenant in (two.mine, two.admin):
        assert_problem(await call(two.real, tenant, "POST", "/ask", json=body), 404, "conversation_not_found")


async def names(two: Two) -> set[str]:
    """Of all collections."""
    return {item["name"] for item in (await call(two.real, two.admin, "GET", "/collections")).json()["items"]}


async def test_nothing_is_put_into_anothers_collection(two: Two) -> None:
    real, mine, theirs = two.real, two.mine, two.theirs
    before = await names(two)
    for name in (theirs.collection, "theirs-new", "default"):
        files = {"file": ("a.txt", b"smuggled")}
        response = await call(real, mine, "POST", "/upload", files=files, data={"collection": name})
        assert_problem(response, 403, "collection_not_allowed")
        made = await call(real, mine, "POST", "/collections", json={"name": name})
        assert_problem(made, 403, "collection_not_allowed")
    assert (await call(real, mine, "POST", "/collections", json={"name": "mine-neu"})).status_code == 201
    assert await names(two) - before == {"mine-neu"}
    found = await real.services.consistency.check()
    assert found.clean, found


async def test_an_idempotency_key_is_each_callers_own(two: Two) -> None:
    made = set()
    for tenant in (two.mine, two.theirs):
        data = {"collection": tenant.collection}
        form: dict[str, Any] = {"files": {"file": ("b.txt", b"the same bytes")}, "data": data}
        headers = {"idempotency-key": "1"}
        first = await call(two.real, tenant, "POST", "/upload", headers=headers, **form)
        again = await call(two.real, tenant, "POST", "/upload", headers=headers, **form)
        assert first.status_code == 202
        assert again.json() == first.json()
        made.add(first.json()["documents"][0]["id"])
    assert len(made) == 2


async def test_a_stream_is_resumed_by_its_caller_alone(two: Two) -> None:
    body = {"question": QUESTION, "collection": two.theirs.collection, "stream": True}
    stream = await call(two.real, two.theirs, "POST", "/ask", json=body)
    last = re.findall(r"^id: (\S+)$", stream.text, re.MULTILINE)[0]
    headers = {"last-event-id": last}
    resumed = await call(two.real, two.theirs, "POST", "/ask", json=body, headers=headers)
    assert "1907" in resumed.text
    stolen = await call(two.real, two.mine, "POST", "/ask", json=body, headers=headers)
    assert_problem(stolen, 404, "stream_not_found")


async def test_a_job_is_followed_to_its_end_though_its_collection_goes(two: Two) -> None:
    real = two.real
    leaving = Tenant("leaving", await real.headers(*TENANTS, reach=("leaving-*",)))
    await settle(real, leaving, "The tangerine lighthouse was painted in 1850, then moved out.\n")
    job = (await call(real, leaving, "DELETE", f"/collections/{leaving.collection}")).json()
    events = await call(real, leaving, "GET", f"/jobs/{job['id']}/events")
    assert '"finished"' in events.text
    assert (await call(real, leaving, "GET", f"/jobs/{job['id']}")).json()["status"] == "succeeded"
    assert (await call(real, two.theirs, "GET", f"/jobs/{job['id']}")).status_code == 404


async def test_the_socket_keeps_to_the_reach(two: Two) -> None:
    question = json.dumps({"question": QUESTION, "collection": two.theirs.collection})
    async with (
        serving(two.real.app) as (host, port),
        connect(f"ws://{host}:{port}/ask/ws", additional_headers=two.mine.headers) as socket,
    ):
        await socket.send(question)
        event = json.loads(await socket.recv())
    assert (event["event"], event["data"]["code"]) == ("error", "collection_not_found")
