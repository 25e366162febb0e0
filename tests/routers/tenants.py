"""Tenants with something of every kind, on both wires."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from app.core.ids import prefixed
from tests.routers.real import Real

QUESTION = "When was the tangerine lighthouse painted?"


@dataclass
class Tenant:
    """One who may do everything within the collections of its name, and what it has there."""

    name: str
    headers: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)
    """By the name of the path parameter that takes it."""

    @property
    def collection(self) -> str:
        return f"{self.name}-卷"


async def call(real: Real, tenant: Tenant, method: str, path: str, **content: Any) -> httpx.Response:
    return await real.http.request(method, path, headers=tenant.headers | content.pop("headers", {}), **content)


async def settle(real: Real, tenant: Tenant, text: str) -> Tenant:
    """Upload, ask and read, so that there is something of every kind."""
    files = {"file": (f"{tenant.name}.txt", text.encode())}
    reply = await call(real, tenant, "POST", "/upload", files=files, data={"collection": tenant.collection})
    assert reply.status_code == 202, reply.text
    [document] = reply.json()["documents"]
    async for _ in real.services.jobs.events(document["job_id"]):
        pass
    body = {"question": QUESTION, "collection": tenant.collection}
    answer = (await call(real, tenant, "POST", "/ask", json=body)).json()
    assert answer["citations"], answer
    tenant.ids |= {
        "document_id": document["id"],
        "job_id": document["job_id"],
        "conversation_id": answer["conversation_id"],
        "message_id": answer["message_id"],
        "name": tenant.collection,
        "number": "1",
    }
    tenant.ids |= await settle_on_the_other_wire(real, tenant)
    tenant.ids |= await settle_with_a_webhook(real, tenant)
    return tenant


async def settle_with_a_webhook(real: Real, tenant: Tenant) -> dict[str, str]:
    body = {"url": f"https://hooks.invalid/{tenant.name}-hook", "events": ["job.failed"]}
    made = (await call(real, tenant, "POST", "/webhooks", json=body)).json()
    sent = (await call(real, tenant, "POST", f"/webhooks/{made['id']}/test")).json()
    return {"webhook_id": made["id"], "delivery_id": sent["id"]}


async def settle_on_the_other_wire(real: Real, tenant: Tenant) -> dict[str, str]:
    """What OpenAI's wire calls the same things, and what there is on it alone."""
    [store] = (await call(real, tenant, "GET", "/v1/vector_stores")).json()["data"]
    file = prefixed("file-", tenant.ids["document_id"])
    path = f"/v1/vector_stores/{store['id']}/file_batches"
    batch = (await call(real, tenant, "POST", path, json={"file_ids": [file]})).json()
    tools = [{"type": "file_search", "vector_store_ids": [store["id"]]}]
    body = {"model": "docubot", "input": QUESTION, "tools": tools}
    response = (await call(real, tenant, "POST", "/v1/responses", json=body)).json()
    return {
        "vector_store_id": store["id"],
        "file_id": file,
        "batch_id": batch["id"],
        "response_id": response["id"],
        "model": f"docubot/{tenant.collection}",
    }
