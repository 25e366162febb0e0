"""What the audit log tells: who did what to which thing. Never texts, questions, file names or secrets."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What was done, as noun and verb."""

    DOCUMENT_UPLOAD = "document.upload"
    DOCUMENT_REPLACE = "document.replace"  # a new version
    DOCUMENT_CHANGE = "document.change"  # metadata or name
    DOCUMENT_RETRY = "document.retry"
    DOCUMENT_DELETE = "document.delete"
    DOCUMENT_DOWNLOAD = "document.download"  # the original
    DOCUMENT_TRANSLATE = "document.translate"
    TRANSLATION_RETRY = "translation.retry"
    TRANSLATION_DELETE = "translation.delete"
    COLLECTION_CREATE = "collection.create"
    COLLECTION_CHANGE = "collection.change"
    COLLECTION_DELETE = "collection.delete"
    COLLECTION_REINDEX = "collection.reindex"
    CONVERSATION_DELETE = "conversation.delete"
    FILE_UPLOAD = "file.upload"
    FILE_DELETE = "file.delete"
    FILE_DOWNLOAD = "file.download"
    GLOSSARY_CREATE = "glossary.create"
    GLOSSARY_CHANGE = "glossary.change"
    GLOSSARY_DELETE = "glossary.delete"
    JOB_CANCEL = "job.cancel"
    KEY_CREATE = "key.create"
    KEY_CHANGE = "key.change"  # its name or its quotas
    KEY_ROTATE = "key.rotate"
    KEY_REVOKE = "key.revoke"
    WEBHOOK_CREATE = "webhook.create"
    WEBHOOK_CHANGE = "webhook.change"
    WEBHOOK_ROTATE = "webhook.rotate"
    WEBHOOK_TEST = "webhook.test"
    WEBHOOK_RETRY = "webhook.retry"  # of one delivery
    WEBHOOK_DELETE = "webhook.delete"
    USER_CREATE = "user.create"
    USER_CHANGE = "user.change"
    USER_PASSWORD = "user.password"  # noqa: S105 - what happened to it
    USER_DELETE = "user.delete"
    SESSION_START = "session.start"
    SESSION_END = "session.end"
    SESSION_REUSE = "session.reuse"  # a refresh token came twice: one of two who have it stole it


class Outcome(StrEnum):
    DONE = "done"
    QUEUED = "queued"  # promised: a job does the rest
    UNCHANGED = "unchanged"  # it was so already
    REFUSED = "refused"  # one file of an upload whose others were taken


@dataclass(frozen=True, slots=True)
class AuditEntry:
    id: str
    at: datetime
    """UTC, naive."""
    caller: str
    """See `core.acting.Actor`."""
    caller_name: str
    action: Action
    collection: str | None
    """Its name at that time."""
    document_id: str | None
    item: str | None
    """What else was meant: the id of a key, user, session, job, translation, conversation or file, or the name of a
    glossary."""
    outcome: Outcome
    request_id: str | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """All that is given must hold. `since` counts, `until` does not; both UTC, naive."""

    since: datetime | None = None
    until: datetime | None = None
    document_id: str | None = None
    caller: str | None = None
    action: Action | None = None
