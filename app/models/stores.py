"""Files that stand by themselves, and vector stores: collections as OpenAI's clients see them. Times are UTC, naive."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.models.records import Collection, Scalar


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for: at most `limit` items after, or right before, an item named by its id."""

    limit: int = 20
    after: str | None = None
    before: str | None = None
    descending: bool = True

    def capped(self, most: int) -> "Window":
        return replace(self, limit=min(self.limit, most))


@dataclass(frozen=True, slots=True)
class File:
    """Bytes that were uploaded, in a collection or not."""

    id: str
    filename: str
    media_type: str
    sha256: str
    bytes: int
    purpose: str
    created_at: datetime
    expires_at: datetime | None = None
    tenant: str | None = None
    """Of a file that stands by itself; None: it is a document, and lies where that lies."""
    collection: str | None = None
    key_id: str | None = None
    """Of the API key that brought it in."""


@dataclass(frozen=True, slots=True)
class FileCounts:
    in_progress: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    bytes: int = 0

    @property
    def total(self) -> int:
        return self.in_progress + self.completed + self.failed + self.cancelled


@dataclass(frozen=True, slots=True)
class VectorStore:
    """A collection as OpenAI's wire sees it."""

    collection: Collection
    counts: FileCounts

    @property
    def active_at(self) -> datetime:
        return self.collection.last_active_at or self.collection.updated_at

    @property
    def expires_at(self) -> datetime | None:
        days = self.collection.expires_days
        return None if days is None else self.active_at + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class FileBatch:
    id: str
    collection_id: str
    cancelled: bool
    created_at: datetime
    counts: FileCounts


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is to become a document of a collection, and how."""

    file_id: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    chunk_tokens: int | None = None
    chunk_overlap: int | None = None
