"""Work in the background, and what it makes of a document: a job is a row, frozen as it was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_WARNINGS = "succeeded_with_warnings"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self not in (JobStatus.QUEUED, JobStatus.RUNNING)


class DocumentStatus(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    SEARCHABLE = "searchable"  # by keyword; vectors still to come
    READY = "ready"
    READY_WITH_WARNINGS = "ready_with_warnings"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETING = "deleting"


class JobKind(StrEnum):
    INGEST = "ingest"
    DELETE = "delete"
    REINDEX = "reindex"
    TRANSLATE = "translate"


class Lane(StrEnum):
    """Queues that do not wait for each other: a document is read while others are still being embedded."""

    READ = "read"
    EMBED = "embed"
    TRANSLATE = "translate"


class Stage(StrEnum):
    """Of an ingest job, in the order they run; a retry starts at the one that failed."""

    PARSE = "parse"
    CHUNK = "chunk"
    KEYWORD = "keyword"
    EMBED = "embed"
    VECTOR = "vector"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    kind: JobKind
    status: JobStatus
    collection_id: str
    document_id: str | None
    version_id: str | None
    stage: str | None
    progress: float
    attempt: int
    interruptions: int
    priority: int
    lane: Lane
    error_code: str | None
    error_message: str | None
    cancel_requested: bool
    payload: Mapping[str, Any] = field(default_factory=dict)
