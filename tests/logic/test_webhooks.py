"""What is sent to webhooks, how it is signed, and when it is tried again."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from app.logic.webhooks import WAITS, headers, message, shown_secret, told_of, wait_before, within_reach
from app.models.jobs import JobKind, JobStatus
from app.models.webhooks import EventType

OLD, NEW = b"o" * 32, b"n" * 32


def test_the_published_example_is_signed_as_published() -> None:
    """From the test vectors of the specification's own libraries."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    moment = datetime.fromtimestamp(1614265330, UTC).replace(tzinfo=None)
    made = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", moment, b'{"test": 2432232314}', [secret])
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (made["webhook-id"], made["webhook-timestamp"]) == ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330")


def test_a_receiver_verifies_with_either_secret_while_they_overlap() -> None:
    body = message(EventType.DOCUMENT_READY, datetime(2026, 11, 22), {"filename": "年报 हिन्दी.pdf"}).encode()
    moment = datetime.now(UTC).replace(tzinfo=None)
    sent = headers("1", moment, body, [NEW, OLD])
    for key in (OLD, NEW):
        told = Verifier(shown_secret(key)).verify(body, sent)
        assert told["data"]["filename"] == "年报 हिन्दी.pdf"
    for wrong in ({"webhook-id": "2"}, {"webhook-timestamp": str(int(sent["webhook-timestamp"]) + 1)}):
        with pytest.raises(WebhookVerificationError):
            Verifier(shown_secret(NEW)).verify(body, sent | wrong)
    with pytest.raises(WebhookVerificationError):
        Verifier(shown_secret(NEW)).verify(body + b" ", sent)
    with pytest.raises(WebhookVerificationError):
        Verifier(shown_secret(b"x" * 32)).verify(body, sent)
    late = headers("1", moment - timedelta(minutes=6), body, [NEW])
    with pytest.raises(WebhookVerificationError):
        Verifier(shown_secret(NEW)).verify(body, late)


def test_a_message_tells_type_time_and_data() -> None:
    told = json.loads(message(EventType.JOB_FAILED, datetime(2026, 11, 22, 12), {"job_id": "1"}))
    assert told == {"type": "job.failed", "timestamp": "2026-11-22T12:00:00Z", "data": {"job_id": "1"}}


def test_waits_grow_for_three_days_and_then_end() -> None:
    waits = [wait_before(tries, jitter=0.0) for tries in range(1, len(WAITS) + 1)]
    assert waits == sorted(WAITS)
    assert 3 * 86_400 < sum(WAITS) < 4 * 86_400
    assert wait_before(len(WAITS) + 1, jitter=0.0) is None
    assert wait_before(1, jitter=1.0) == pytest.approx(WAITS[0] * 1.1)
    assert wait_before(1, jitter=0.0, retry_after=120.0) == 120.0
    assert wait_before(3, jitter=0.0, retry_after=1.0) == WAITS[2]
    assert wait_before(1, jitter=0.0, retry_after=1e12) == 86_400.0


@pytest.mark.parametrize(
    ("names", "reach", "within"),
    [
        (None, None, True),
        (("a",), None, True),
        (None, ("a",), False),
        (("a",), ("a", "b"), True),
        (("a", "c"), ("a", "b"), False),
        (("team-a-*",), ("team-*",), True),
        (("team-*",), ("team-a-*",), False),
        (("team-*",), ("team-*",), True),
        (("*",), ("team-*",), False),
        (("team",), ("team-*",), False),
        (("a*",), ("a",), False),
    ],
)
def test_a_webhook_reaches_no_further_than_its_maker(
    names: tuple[str, ...] | None, reach: tuple[str, ...] | None, within: bool
) -> None:
    assert within_reach(names, reach) is within


def test_which_ends_are_told() -> None:
    ready = told_of(JobKind.INGEST, JobStatus.SUCCEEDED_WITH_WARNINGS, {})
    assert ready == [EventType.DOCUMENT_READY, EventType.JOB_SUCCEEDED]
    assert told_of(JobKind.INGEST, JobStatus.FAILED, {}) == [EventType.DOCUMENT_FAILED, EventType.JOB_FAILED]
    assert told_of(JobKind.INGEST, JobStatus.CANCELLED, {}) == [EventType.DOCUMENT_CANCELLED, EventType.JOB_CANCELLED]
    deleted = told_of(JobKind.DELETE, JobStatus.SUCCEEDED, {"what": "document"})
    assert deleted == [EventType.DOCUMENT_DELETED, EventType.JOB_SUCCEEDED]
    assert told_of(JobKind.DELETE, JobStatus.SUCCEEDED, {"what": "collection"}) == [EventType.JOB_SUCCEEDED]
    assert told_of(JobKind.TRANSLATE, JobStatus.SUCCEEDED, {}) == [EventType.JOB_SUCCEEDED]
    for housekeeping in ("version", "index", "refill"):
        assert told_of(JobKind.DELETE, JobStatus.SUCCEEDED, {"what": housekeeping}) == []
