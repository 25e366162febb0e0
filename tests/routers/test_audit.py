"""The audit log over the wire: who may read it, what each call that changes something leaves in it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.models.access import Scope
from app.models.audit import Action, AuditFilter
from app.routers.declared import declared
from tests.fakes.openai_server import Reply, running
from tests.routers.checks import assert_problem
from tests.routers.real import Real, open_real

pytestmark = pytest.mark.anyio
SECRET = "Tangerine lighthouse 灯塔 मकान"

SAYS_NOTHING = {
    ("POST", "/search"): "reads",
    ("POST", "/ask"): "reads, and keeps a conversation, whose questions the log must not tell",
    ("POST", "/messages/{message_id}/feedback"): "a thumb on an answer",
    ("POST", "/translate"): "a text that was sent, which is no document",
    ("POST", "/translate_file"): "the same",
    ("POST", "/detect"): "the same",
    ("POST", "/suggest"): "the same",
    ("POST", "/v1/chat/completions"): "reads",
    ("POST", "/v1/responses"): "reads",
    ("POST", "/v1/embeddings"): "reads",
    ("POST", "/v1/vector_stores/{vector_store_id}/search"): "reads",
    ("POST", "/mcp"): "its tools use the same services: see below",
    ("DELETE", "/mcp"): "ends a session of the protocol",
    ("POST", "/token"): "told of the user who signs in: tests/routers/test_token.py",
    ("POST", "/token/revoke"): "the same",
    ("PUT", "/me/password"): "the same",
}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def real(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Real]:
    with running() as openai:
        openai.default = Reply(hang=True)  # so that a translation can be cancelled and retried
        settings = {"openai_base_url": openai.base_url, "llm_model": "fake", "llm_max_retries": 0}
        async with open_real(tmp_path_factory.mktemp("audit"), **settings) as opened:
            yield opened


class Walk:
    """Calls as one key, and what each of them left in the log."""

    def __init__(self, real: Real, key: Any) -> None:
        self.real = real
        self.key = key
        self.headers = {"x-api-key": key.secret}
        self.walked: set[tuple[str, str]] = set()

    async def entries(self, **params: Any) -> list[dict[str, Any]]:
        reply = await self.real.http.get("/audit", headers=self.headers, params={"limit": 100, **params})
        assert reply.status_code == 200, reply.text
        items: list[dict[str, Any]] = reply.json()["items"]
        return items

    async def call(self, method: str, path: str, ids: dict[str, str], action: str, **content: Any) -> Any:
        """The call's answer; it must have left one entry, of this action."""
        request_id = f"walk-{len(self.walked)}-{new_id()}"
        headers = self.headers | {"x-request-id": request_id} | content.pop("headers", {})
        reply: httpx.Response = await self.real.http.request(method, path.format(**ids), headers=headers, **content)
        assert reply.is_success, (path, reply.text)
        [entry] = [entry for entry in await self.entries() if entry["request_id"] == request_id]
        assert (entry["action"], entry["caller"]) == (action, f"key:{self.key.key.id}"), path
        assert entry["caller_name"] == "test"
        self.walked.add((method, path))
        is_json = reply.headers.get("content-type", "").startswith("application/json")
        return reply.json() if is_json and reply.content else None

    async def settled(self, job_id: str) -> None:
        async for _ in self.real.services.jobs.events(job_id):
            pass


def a_file(text: str) -> dict[str, Any]:
    return {"files": {"file": ("a.txt", f"{SECRET} {text}".encode())}}


async def documents(walk: Walk, ids: dict[str, str]) -> None:
    await walk.call("POST", "/collections", ids, "collection.create", json={"name": "卷"})
    await walk.call("PATCH", "/collections/{name}", ids, "collection.change", json={"description": "x"})
    made = await walk.call("POST", "/upload", ids, "document.upload", **a_file("one"), data={"collection": "卷"})
    ids["document_id"], job_id = made["documents"][0]["id"], made["documents"][0]["job_id"]
    await walk.settled(job_id)
    await walk.call("POST", "/jobs/{job_id}/cancel", {"job_id": job_id}, "job.cancel")
    change = {"metadata": {"secret": SECRET}}
    await walk.call("PATCH", "/documents/{document_id}", ids, "document.change", json=change)
    again = await walk.call("PUT", "/documents/{document_id}/file", ids, "document.replace", **a_file("two"))
    await walk.settled(again["job_id"])
    await walk.call("GET", "/documents/{document_id}/file", ids, "document.download")
    await walk.call("POST", "/collections/{name}/reindex", ids, "collection.reindex")


async def translations(walk: Walk, ids: dict[str, str]) -> None:
    body = {"target": "de"}
    made = await walk.call("POST", "/documents/{document_id}/translate", ids, "document.translate", json=body)
    ids["translation_id"] = made["id"]
    await walk.real.services.jobs.cancel(made["job_id"])
    address = "/documents/{document_id}/translations/{translation_id}"
    await walk.call("POST", f"{address}/retry", ids, "translation.retry")
    await walk.call("DELETE", address, ids, "translation.delete")
    terms = {"terms": [{"source": SECRET, "target": "x"}]}
    await walk.call("POST", "/glossaries", ids, "glossary.create", json={"name": "卷", **terms})
    await walk.call("PUT", "/glossaries/{name}", ids, "glossary.change", json=terms)
    table = {"content": b"a,b\n", "headers": {"content-type": "text/csv"}}
    await walk.call("PUT", "/glossaries/{name}/csv", ids, "glossary.change", **table)
    await walk.call("DELETE", "/glossaries/{name}", ids, "glossary.delete")


async def stores(walk: Walk, ids: dict[str, str]) -> None:
    form = {**a_file("three"), "data": {"purpose": "assistants"}}
    file = await walk.call("POST", "/v1/files", ids, "file.upload", **form)
    store = await walk.call("POST", "/v1/vector_stores", ids, "collection.create", json={"name": "store"})
    ids |= {"file_id": file["id"], "vector_store_id": store["id"]}
    base = "/v1/vector_stores/{vector_store_id}"
    await walk.call("POST", base, ids, "collection.change", json={"name": "other"})
    await walk.call("POST", f"{base}/files", ids, "document.upload", json={"file_id": file["id"]})
    change = {"attributes": {"year": 1907}}
    await walk.call("POST", f"{base}/files/{{file_id}}", ids, "document.change", json=change)
    files = {"file_ids": [file["id"]]}
    batch = await walk.call("POST", f"{base}/file_batches", ids, "document.upload", json=files)
    async for _ in walk.real.services.jobs.events((await newest_job(walk))["id"]):
        pass
    ids["batch_id"] = batch["id"]
    await walk.call("POST", f"{base}/file_batches/{{batch_id}}/cancel", ids, "job.cancel")
    await walk.call("DELETE", f"{base}/files/{{file_id}}", ids, "document.delete")
    await walk.call("GET", "/v1/files/{file_id}/content", ids, "file.download")
    await walk.call("DELETE", "/v1/files/{file_id}", ids, "file.delete")
    await walk.call("DELETE", base, ids, "collection.delete")


async def newest_job(walk: Walk) -> dict[str, Any]:
    found: dict[str, Any] = (await walk.real.http.get("/jobs", headers=walk.headers)).json()["items"][0]
    return found


async def the_rest(walk: Walk, ids: dict[str, str]) -> None:
    broken = {"files": {"file": ("a.pdf", b"%PDF-1.7 broken")}, "data": {"collection": "卷"}}
    made = await walk.call("POST", "/upload", ids, "document.upload", **broken)
    await walk.settled(made["documents"][0]["job_id"])
    await walk.call(
        "POST", "/documents/{document_id}/retry", {"document_id": made["documents"][0]["id"]}, "document.retry"
    )
    ids["conversation_id"] = await walk.real.services.conversations.store(
        None, new_id(), collection="卷", question=f"What of {SECRET}?", standalone=None, answer={}
    )
    await walk.call("DELETE", "/conversations/{conversation_id}", ids, "conversation.delete")
    await walk.call("DELETE", "/documents/{document_id}", ids, "document.delete")
    await walk.call("DELETE", "/collections/{name}", ids, "collection.delete")
    hook = {"url": "https://hooks.invalid/", "description": SECRET}
    made = await walk.call("POST", "/webhooks", ids, "webhook.create", json=hook)
    ids["webhook_id"] = made["id"]
    await walk.call("PATCH", "/webhooks/{webhook_id}", ids, "webhook.change", json={"enabled": True})
    await walk.call("POST", "/webhooks/{webhook_id}/rotate", ids, "webhook.rotate")
    sent = await walk.call("POST", "/webhooks/{webhook_id}/test", ids, "webhook.test")
    ids["delivery_id"] = sent["id"]
    await walk.call("POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/retry", ids, "webhook.retry")
    await walk.call("DELETE", "/webhooks/{webhook_id}", ids, "webhook.delete")
    key = await walk.call("POST", "/keys", ids, "key.create", json={"name": "门", "scopes": ["read"]})
    ids["key_id"] = key["id"]
    await walk.call("PATCH", "/keys/{key_id}", ids, "key.change", json={"name": "Tor"})
    await walk.call("POST", "/keys/{key_id}/rotate", ids, "key.rotate")
    await walk.call("DELETE", "/keys/{key_id}", ids, "key.revoke")
    new = {"username": "Tangerine", "password": f"{SECRET} 12", "roles": [{"role": "reader"}]}
    ids["user_id"] = (await walk.call("POST", "/users", ids, "user.create", json=new))["id"]
    await walk.call("PATCH", "/users/{user_id}", ids, "user.change", json={"disabled": True})
    await walk.call("DELETE", "/users/{user_id}", ids, "user.delete")


async def test_every_call_that_changes_something_leaves_one_entry(real: Real) -> None:
    walk = Walk(real, await real.key(Scope.ADMIN))
    ids = {"name": "卷"}
    for part in (documents, translations, stores, the_rest):
        await part(walk, ids)
    changing = {
        (method, path)
        for path, methods, _ in declared(real.app.routes)
        for method in methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert changing - walk.walked == SAYS_NOTHING.keys()
    told = json.dumps(await walk.entries(), ensure_ascii=False)
    for secret in ("Tangerine", "灯塔", walk.key.secret, "a.txt"):
        assert secret not in told
    assert {entry["action"] for entry in await walk.entries()} <= set(Action)


async def test_an_export_holds_all_of_it_oldest_first(real: Real) -> None:
    walk = Walk(real, await real.key(Scope.ADMIN))
    for _ in range(3):
        await walk.call("POST", "/keys", {}, "key.create", json={"name": "x", "scopes": ["read"]})
    params = {"key": walk.key.key.id}
    listed = await walk.entries(**params)
    assert len(listed) == 3
    reply = await real.http.get("/audit", headers=walk.headers, params={"format": "jsonl", **params})
    assert reply.headers["content-type"] == "application/jsonl"
    assert reply.headers["content-disposition"].startswith("attachment")
    assert [json.loads(line) for line in reply.text.splitlines()] == listed[::-1]
    first = (await real.http.get("/audit", headers=walk.headers, params={"limit": 2, **params})).json()
    rest = (
        await real.http.get("/audit", headers=walk.headers, params={"cursor": first["next_cursor"], **params})
    ).json()
    assert first["items"] + rest["items"] == listed
    assert rest["next_cursor"] is None
    since = {"since": listed[0]["at"].replace("Z", "+00:00"), **params}
    assert await walk.entries(**since) == listed[:1]
    assert await walk.entries(until="0001-01-01T00:00:00+14:00", **params) == []
    assert await walk.entries(since="9999-12-31T23:59:59-14:00", **params) == []
    assert await walk.entries(document_id=new_id()) == []


async def test_only_an_admin_reads_it_and_nobody_changes_it(real: Real) -> None:
    every = frozenset(Scope) - {Scope.ADMIN}
    for headers in (await real.headers(*every), await real.headers(*every, reach=("卷",))):
        for params in ({}, {"format": "jsonl"}):
            assert_problem(await real.http.get("/audit", headers=headers, params=params), 403, "scope_missing")
    assert_problem(await real.http.get("/audit"), 401, "unauthorized")
    admin = await real.headers(Scope.ADMIN)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert_problem(await real.http.request(method, "/audit", headers=admin), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"cursor": "x"}, 400, "invalid_cursor"),
        ({"document_id": "x"}, 404, "document_not_found"),
        ({"key": "key:1"}, 404, "key_not_found"),
        ({"since": "yesterday"}, 422, "unprocessable"),
        ({"since": "1764374400"}, 422, "unprocessable"),
        ({"since": "-1.02e-20"}, 422, "unprocessable"),
        ({"until": "2026-11-22T00:00:00"}, 422, "unprocessable"),
        ({"action": "document.read"}, 422, "unprocessable"),
        ({"format": "csv"}, 422, "unprocessable"),
        ({"limit": 101}, 422, "unprocessable"),
    ],
)
async def test_wrong_questions_are_told_what_is_wrong(
    real: Real, params: dict[str, str], status: int, code: str
) -> None:
    headers = await real.headers(Scope.ADMIN)
    assert_problem(await real.http.get("/audit", headers=headers, params=params), status, code)


async def test_an_open_door_is_told_as_such(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with open_real(tmp_path_factory.mktemp("open")) as real:
        files = [("file", ("a.txt", b"a text")), ("file", ("b.bin", b"\x00\x01\x02"))]
        assert (await real.http.post("/upload", files=files)).status_code == 202
        refused, taken, made = (await real.http.get("/audit")).json()["items"]
        assert {entry["caller"] for entry in (refused, taken, made)} == {"open"}
        assert (made["action"], taken["outcome"], refused["outcome"]) == ("collection.create", "queued", "refused")
        again = await real.http.post("/upload", files=files[:1])
        assert again.json()["documents"][0]["duplicate"]
        assert (await real.http.get("/audit")).json()["items"][0]["outcome"] == "unchanged"
        await real.key(Scope.ADMIN)
        [made, *_] = (await real.services.audit.list(AuditFilter(), None, 1)).items
        assert (made.action, made.caller) == (Action.KEY_CREATE, "docubot")


async def test_a_tool_of_the_protocol_is_told_like_a_call(real: Real) -> None:
    walk = Walk(real, await real.key(Scope.ADMIN))
    arguments = {"filename": "a.txt", "content": "a text by a tool", "collection": "tools"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "upload", "arguments": arguments}}
    headers = walk.headers | {"accept": "application/json, text/event-stream", "x-request-id": "by-a-tool"}
    reply = await real.http.post("/mcp", headers=headers, json=call)
    assert reply.status_code == 200, reply.text
    told = [entry for entry in await walk.entries() if entry["collection"] == "tools"]
    assert [entry["action"] for entry in told] == ["document.upload", "collection.create"], reply.text
    assert {(entry["caller"], entry["request_id"]) for entry in told} == {(f"key:{walk.key.key.id}", "by-a-tool")}
