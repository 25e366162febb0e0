"""Tells webhooks what happened: rows that are written in the transaction that makes it true, so that neither is lost
without the other. The sender takes it from there."""

from typing import Any

from app.db import deliveries, webhooks
from app.db import jobs as job_rows
from app.db import versions as version_rows
from app.db.session import Connection, now
from app.logic.webhooks import message, told_of
from app.models.access import covers
from app.models.jobs import Job, JobStatus
from app.models.records import JobRecord
from app.models.webhooks import Event, EventType, Webhook

WAKE = "webhooks"
"""What the sender listens to at the feed."""


async def announce(connection: Connection, event: Event) -> None:
    """One message to each webhook that wants it and may know it, in the caller's transaction."""
    await _send(connection, await webhooks.enabled(connection), event)


async def announce_end(connection: Connection, job: Job, status: JobStatus, error: dict[str, str]) -> None:
    """Of a job, in the transaction that ends it."""
    kinds = told_of(job.kind, status, job.payload)
    listening = await webhooks.enabled(connection) if kinds else []
    if not listening:
        return
    record = await job_rows.record(connection, job.id)
    for kind in kinds:
        about = await _document(connection, record, job) if kind.value.startswith("document.") else _job(record)
        failure = {"code": error["error_code"], "message": error.get("error_message", "")} if error else None
        data = about | {"status": _status(kind, status), "error": failure}
        await _send(connection, listening, Event(kind, data, record.collection))


def _status(kind: EventType, status: JobStatus) -> str:
    if kind is EventType.DOCUMENT_READY:
        return "ready_with_warnings" if status is JobStatus.SUCCEEDED_WITH_WARNINGS else "ready"
    return status.value if kind.value.startswith("job.") else kind.value.removeprefix("document.")


def _job(record: JobRecord) -> dict[str, Any]:
    return {
        "job_id": record.id,
        "kind": record.kind,
        "collection": record.collection,
        "document_id": record.document_id,
        "attempt": record.attempt,
    }


async def _document(connection: Connection, record: JobRecord, job: Job) -> dict[str, Any]:
    told = {"document_id": record.document_id, "collection": record.collection, "job_id": record.id}
    version = await version_rows.find(connection, job.version_id) if job.version_id else None
    if version is None:  # it is deleted
        return told
    return told | {"filename": version.filename, "version": version.number, "pages": version.page_count}


async def _send(connection: Connection, listening: list[Webhook], event: Event) -> None:
    body: str | None = None
    for webhook in listening:
        if _wants(webhook, event):
            body = body or message(event.type, now(), event.data)
            await deliveries.add(connection, webhook.id, event.type, body)


def _wants(webhook: Webhook, event: Event) -> bool:
    if webhook.events and event.type not in webhook.events:
        return False
    if event.collection is None:
        return webhook.reach is None or webhook.tenant == event.tenant
    return covers(webhook.reach, event.collection)
