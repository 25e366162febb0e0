"""The wire: webhooks, and the log of what was sent to them."""

import json
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from app.models.access import Reach
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, NUMERIC, Flag, In, Instant, Out, Page, Text
from app.models.schemas_access import Pattern
from app.models.webhooks import Delivery as DeliveryRecord
from app.models.webhooks import DeliveryStatus, EventType
from app.models.webhooks import Webhook as Record

_EXAMPLE: dict[str, Any] = {
    "id": EXAMPLE_ID,
    "url": "https://hooks.example.com/docubot",
    "description": "",
    "events": ["document.ready", "document.failed"],
    "collections": ["handbook"],
    "enabled": True,
    "disabled_reason": None,
    "previous_secret_until": None,
    "created_at": EXAMPLE_TIME,
    "updated_at": EXAMPLE_TIME,
}


def _can_be_chosen(kind: EventType) -> EventType:
    if kind is EventType.WEBHOOK_TEST:
        raise ValueError("is sent to every webhook that is tested")
    return kind


_URL = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#]+$"
Url = Annotated[
    Text,
    StringConstraints(pattern=_URL, max_length=2000),
    Field(
        description="https, at a public address; WEBHOOK_NETWORKS allows others.",
        examples=[_EXAMPLE["url"]],
        json_schema_extra={"pattern": _URL},
    ),
]
Description = Annotated[Text, StringConstraints(max_length=500)]
Events = Annotated[
    list[Annotated[EventType, AfterValidator(_can_be_chosen)]],
    Field(max_length=len(EventType), description="Empty: all of them.", examples=[_EXAMPLE["events"]]),
]
Collections = Annotated[
    list[Pattern],
    Field(
        min_length=1, max_length=100, description="Names; `team-a-*` stands for all that begin so.", examples=[["a"]]
    ),
]


def _reach(names: list[str] | None) -> Reach:
    return None if names is None or "*" in names else tuple(sorted(set(names)))


class NewWebhook(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"url": _EXAMPLE["url"], "events": _EXAMPLE["events"]}]})

    url: Url
    events: Events = Field(default_factory=list)
    collections: Collections | None = Field(None, description="Left out: all that the caller reaches.")
    description: Description = ""

    @property
    def reach(self) -> Reach:
        return _reach(self.collections)


class WebhookChange(In):
    """What is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"enabled": False}]})

    url: Url | None = None
    events: Events | None = None
    collections: Collections | None = Field(None, description="null: all that the caller reaches.")
    description: Description | None = None
    enabled: Flag | None = Field(None, description="What waited for a disabled one goes on when it is enabled.")

    def changes(self) -> dict[str, Any]:
        """By the names of the service."""
        given = self.model_dump(exclude_unset=True)
        changes = {name: value for name, value in given.items() if value is not None and name != "collections"}
        if "events" in changes:
            changes["events"] = [EventType(kind).value for kind in dict.fromkeys(changes["events"])]
        return changes | ({"reach": _reach(given["collections"])} if "collections" in given else {})


class Rotation(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_seconds": 86_400}]})

    overlap_seconds: Annotated[
        int,
        Field(ge=0, le=604_800, description="How long the secret of before signs too, beside the new one."),
        NUMERIC,
    ] = 86_400

    @property
    def overlap(self) -> timedelta:
        return timedelta(seconds=self.overlap_seconds)


class Webhook(Out):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    url: str
    description: str
    events: list[EventType] = Field(description="Empty: all of them.")
    collections: list[str] | None = Field(description="null: all.")
    enabled: bool
    disabled_reason: str | None = Field(
        description="`gone`: its target answered 410. `failing`: it took nothing for days. PATCH enables it again."
    )
    previous_secret_until: Instant | None = Field(description="Until then two secrets sign.")
    created_at: Instant
    updated_at: Instant

    @classmethod
    def shown(cls, record: Record, **more: Any) -> Self:
        reach = None if record.reach is None else list(record.reach)
        return cls.of(record, collections=reach, previous_secret_until=record.previous_until, **more)


class SecretWebhook(Webhook):
    """Store `secret` now: it is shown when the webhook is made and when its secret is rotated, and never else."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE | {"secret": "whsec_…44 characters…"}]})

    secret: str


class WebhookList(Page[Webhook]):
    pass


class Attempt(Out):
    at: Instant
    status: int | None = Field(description="The target's HTTP status.", examples=[204])
    error: str | None = Field(
        description="Else `target_refused`, `not_resolved`, `not_connected`, `tls_failed`, `timed_out`, `broken_reply`."
    )
    milliseconds: int


class Delivery(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "type": "document.ready",
                    "status": "delivered",
                    "attempts": [{"at": EXAMPLE_TIME, "status": 204, "error": None, "milliseconds": 87}],
                    "next_attempt_at": None,
                    "message": {"type": "document.ready", "timestamp": EXAMPLE_TIME, "data": {"status": "ready"}},
                    "created_at": EXAMPLE_TIME,
                    "finished_at": EXAMPLE_TIME,
                }
            ]
        }
    )

    id: str = Field(description="What the header `webhook-id` says, the same at each attempt.")
    type: EventType
    status: DeliveryStatus
    attempts: list[Attempt] = Field(description="The last 20, oldest first.")
    next_attempt_at: Instant | None
    message: dict[str, Any] = Field(description="The body as it was sent.")
    created_at: Instant
    finished_at: Instant | None

    @classmethod
    def shown(cls, record: DeliveryRecord) -> "Delivery":
        pending = record.status is DeliveryStatus.PENDING
        return cls.of(
            record,
            attempts=[Attempt.of(item) for item in record.attempts],
            next_attempt_at=record.run_after if pending else None,
            message=json.loads(record.body),
        )


class DeliveryList(Page[Delivery]):
    pass
