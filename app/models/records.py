"""What the store knows of each noun, as frozen values: rows without SQL. Times are UTC, naive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from app.models.domain import BlockKind, Locator, ParseWarning, Span, Turn
from app.models.jobs import DocumentStatus, JobStatus

T = TypeVar("T")
Scalar = str | float | int | bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One cursor page. `next_cursor` is the last id of this page when more follow."""

    items: tuple[T, ...]
    next_cursor: str | None = None


# ---------------------------------------------------------------- filters (OpenAI's grammar)


@dataclass(frozen=True, slots=True)
class Comparison:
    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: str
    value: Scalar | tuple[Scalar, ...]

    @property
    def weight(self) -> int:
        """How many values are compared with."""
        return max(1, len(self.value)) if isinstance(self.value, tuple) else 1


@dataclass(frozen=True, slots=True)
class Compound:
    type: Literal["and", "or"]
    filters: tuple["Comparison | Compound", ...]

    @property
    def weight(self) -> int:
        return sum(part.weight for part in self.filters)


Filter = Comparison | Compound


# ---------------------------------------------------------------- nouns


@dataclass(frozen=True, slots=True)
class Collection:
    id: str
    name: str
    description: str
    metadata: Mapping[str, Any]
    embedding_model: str
    dimension: int
    index_id: str
    created_at: datetime
    updated_at: datetime
    documents: int = 0
    chunks: int = 0
    label: str | None = None
    """Its name as a vector store, where that differs."""
    expires_days: int | None = None
    """Days after `last_active_at` when its documents leave; None: never."""
    last_active_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    collection_id: str
    collection: str
    filename: str
    title: str | None
    media_type: str
    status: DocumentStatus
    language: str | None
    metadata: Mapping[str, Scalar]
    live_version_id: str | None
    version: int
    """Number of the live version; of the latest one while none is live."""
    latest_version: int
    sha256: str
    bytes: int
    page_count: int
    chunk_count: int
    warnings: tuple[ParseWarning, ...]
    error_code: str | None
    error_message: str | None
    job_id: str | None
    """Its latest job."""
    created_at: datetime
    updated_at: datetime
    file_id: str | None = None
    """The file that it was made of; None: it was uploaded as a document and is its own file."""
    chunk_tokens: int | None = None
    chunk_overlap: int | None = None
    """As asked for; None: the setting's."""


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One of a document's files, and what was read of it."""

    number: int
    live: bool
    """Whether it is the one that answers."""
    filename: str
    title: str | None
    media_type: str
    bytes: int
    sha256: str
    language: str | None
    parser: str | None
    page_count: int
    chunk_count: int
    character_count: int
    warnings: tuple[ParseWarning, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredPage:
    number: int
    label: str | None
    text: str
    width: float
    height: float
    language: str | None
    locator: Locator | None
    has_text_layer: bool
    warnings: tuple[ParseWarning, ...] = ()
    ocr_confidence: float | None = None
    """0..1; None where the text comes from the file itself."""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    id: str
    version_id: str
    ordinal: int
    text: str
    spans: tuple[Span, ...]
    headings: tuple[str, ...]
    tokens: int
    kind: BlockKind
    columns: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    path: Path
    filename: str
    media_type: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class PageReport:
    number: int
    label: str | None
    characters: int
    language: str | None
    has_text_layer: bool
    tables: int
    ocr_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ParseReport:
    document_id: str
    version: int
    parser: str | None
    page_count: int
    characters: int
    pages: tuple[PageReport, ...]
    pages_without_text: tuple[int, ...]
    """Those that show something which nobody could read."""
    pages_read_by_ocr: tuple[int, ...]
    warnings: tuple[ParseWarning, ...]


@dataclass(frozen=True, slots=True)
class DeleteReceipt:
    document_id: str
    versions: int
    files: int
    pages: int
    chunks: int
    vectors: int
    keyword_rows: int
    translations: int = 0
    cached_answers: int = 0


@dataclass(frozen=True, slots=True)
class JobRecord:
    id: str
    kind: str
    status: JobStatus
    collection: str
    document_id: str | None
    version: int | None
    stage: str | None
    progress: float
    attempt: int
    error_code: str | None
    error_message: str | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Numbered from 1 per job, without gaps. `type`: queued, started, stage, progress, retrying, finished."""

    number: int
    type: str
    data: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    id: str
    collection: str
    title: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredMessage:
    id: str
    question: str
    standalone: str | None
    answer: Mapping[str, Any]
    """The whole answer object as it went over the wire."""
    rating: Literal["up", "down"] | None
    note: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as far as one of its messages."""

    conversation_id: str
    collection: str
    turns: tuple[Turn, ...]


def page_of(items: Sequence[T], limit: int, cursor_of: Callable[[T], str]) -> Listing[T]:
    """Cut `limit + 1` fetched items to a Listing; the extra one only tells that more follow."""
    kept = tuple(items[:limit])
    return Listing(kept, cursor_of(kept[-1]) if len(items) > limit else None)
