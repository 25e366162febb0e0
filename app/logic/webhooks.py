"""Webhooks without I/O: what is sent, how it is signed, and when it is tried again.

Source: the Standard Webhooks specification 1.0.0 (standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.models.access import Reach
from app.models.jobs import JobKind, JobStatus
from app.models.webhooks import EventType

WAITS = (5.0, 60.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds before each further try: some three days in all, as the specification advises."""
_LONGEST_WAIT = 86_400.0
GONE = 410
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
_NOT_TOLD = frozenset({"index", "version", "refill"})
"""Jobs that DocuBot gives itself, by their payload's `what`."""


def shown_secret(key: bytes) -> str:
    """As receivers' libraries take it."""
    return _SECRET_PREFIX + base64.b64encode(key).decode()


def headers(message_id: str, moment: datetime, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """Of one try at `moment` (UTC, naive): one signature for each key, the current one first."""
    timestamp = int(moment.replace(tzinfo=UTC).timestamp())
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys]
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def message(kind: EventType, moment: datetime, data: Mapping[str, Any]) -> str:
    """The body that tells of an event of `moment` (UTC, naive)."""
    timestamp = moment.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
    return json.dumps(
        {"type": kind.value, "timestamp": timestamp, "data": data}, ensure_ascii=False, separators=(",", ":")
    )


def wait_before(
    tries: int, *, jitter: float, retry_after: float | None = None, waits: Sequence[float] = WAITS
) -> float | None:
    """Seconds until the next try after `tries` failed ones; None: it is given up.

    `jitter` (0..1) adds at most a tenth, so that what failed together does not come back together. A target's
    `retry_after` is a lower bound, of a day at most.
    """
    if tries > len(waits):
        return None
    wait = max(waits[tries - 1], min(retry_after or 0.0, _LONGEST_WAIT))
    return wait * (1 + jitter / 10)


def within_reach(names: Reach, reach: Reach) -> bool:
    """Whether every collection that `names` stand for lies within `reach`; both may end in `*`."""
    if reach is None:
        return True
    if names is None:
        return False
    beginnings = tuple(name[:-1] for name in reach if name.endswith("*"))
    return all(name in reach or name.startswith(beginnings) for name in names)


def told_of(kind: JobKind, status: JobStatus, payload: Mapping[str, Any]) -> list[EventType]:
    """The events that a job's end is; none of a job that nobody asked for."""
    if payload.get("what") in _NOT_TOLD:
        return []
    succeeded = status in (JobStatus.SUCCEEDED, JobStatus.SUCCEEDED_WITH_WARNINGS)
    job = EventType.JOB_SUCCEEDED if succeeded else _JOB[status]
    document: EventType | None = None
    if kind is JobKind.INGEST:
        document = EventType.DOCUMENT_READY if succeeded else _DOCUMENT[status]
    elif kind is JobKind.DELETE and succeeded and payload.get("what") == "document":
        document = EventType.DOCUMENT_DELETED
    return [job] if document is None else [document, job]


_JOB = {JobStatus.FAILED: EventType.JOB_FAILED, JobStatus.CANCELLED: EventType.JOB_CANCELLED}
_DOCUMENT = {JobStatus.FAILED: EventType.DOCUMENT_FAILED, JobStatus.CANCELLED: EventType.DOCUMENT_CANCELLED}
