"""Webhooks: who is told of what, and each message on its way. Times are UTC, naive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.models.access import Reach


class EventType(StrEnum):
    DOCUMENT_READY = "document.ready"  # a version answers; with warnings too
    DOCUMENT_FAILED = "document.failed"
    DOCUMENT_CANCELLED = "document.cancelled"
    DOCUMENT_DELETED = "document.deleted"
    JOB_SUCCEEDED = "job.succeeded"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    QUOTA_EXCEEDED = "quota.exceeded"
    WEBHOOK_TEST = "webhook.test"  # asked for by POST /webhooks/{id}/test; goes to any webhook


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up


@dataclass(frozen=True, slots=True)
class Event:
    type: EventType
    data: Mapping[str, Any]
    collection: str | None = None
    """The name of the one it concerns; None: of none, then it is for those of `tenant`."""
    tenant: str = ""
    """See `Caller.tenant`."""


@dataclass(frozen=True, slots=True)
class Webhook:
    id: str
    tenant: str
    url: str
    description: str
    events: tuple[EventType, ...]
    """Empty: all."""
    reach: Reach
    """The collections that it is told of."""
    enabled: bool
    disabled_reason: str | None
    """`gone` (its target answered 410) or `failing`; None where a person did it."""
    secret_number: int
    """Secrets are derived, not stored: this one is current ..."""
    previous_number: int | None
    previous_until: datetime | None
    """... and this one signs beside it until then."""
    created_at: datetime
    updated_at: datetime

    def secret_numbers(self, moment: datetime) -> tuple[int, ...]:
        """Of the secrets that sign at `moment`, the current one first."""
        overlapping = self.previous_number is not None and self.previous_until is not None
        if overlapping and self.previous_until is not None and moment < self.previous_until:
            return (self.secret_number, self.previous_number or 0)
        return (self.secret_number,)


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one try: the target's HTTP status, or why there is none."""

    status: int | None
    error: str | None = None
    """`target_refused`, `not_resolved`, `not_connected`, `tls_failed`, `timed_out` or `broken_reply`."""
    retry_after: float | None = None
    """Seconds that the target asks to wait."""


@dataclass(frozen=True, slots=True)
class Attempt:
    at: datetime
    status: int | None
    error: str | None
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one webhook."""

    id: str
    webhook_id: str
    type: EventType
    body: str
    """What is signed and sent, byte for byte in UTF-8."""
    status: DeliveryStatus
    tries: int
    """Since it was made, or since a person asked for it again."""
    attempts: tuple[Attempt, ...]
    """The last of them, oldest first."""
    run_after: datetime
    """When it is tried next, while it is pending."""
    created_at: datetime
    finished_at: datetime | None
