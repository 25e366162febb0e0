"""What callers ask of the services: uploads, searches, questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.core.errors import DocubotError
from app.models.domain import Blob, Turn
from app.models.records import Document, Filter, Scalar
from app.models.translation import Term

# ---------------------------------------------------------------- uploads


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file part of an upload, its bytes already stored (or `error` says why not)."""

    filename: str
    blob: Blob | None
    head: bytes = b""
    """Its first bytes, enough to tell what it is."""
    error: DocubotError | None = None
    file_id: str | None = None
    """The stored file that it comes from; such files are told apart by it, not by their bytes."""
    archive: str | None = None
    """The ZIP that it came in."""
    path: str | None = None
    """Where it was in there."""


@dataclass(frozen=True, slots=True)
class UploadOptions:
    collection: str = "default"
    metadata: Mapping[str, Scalar] = field(default_factory=dict)
    language: str | None = None
    password: str | None = None
    chunk_tokens: int | None = None
    chunk_overlap: int | None = None


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    filename: str
    error: DocubotError | None = None
    document: Document | None = None
    version: int = 1
    sha256: str | None = None
    bytes: int = 0
    job_id: str | None = None
    duplicate: bool = False
    archive: str | None = None
    path: str | None = None


# ---------------------------------------------------------------- searches


@dataclass(frozen=True, slots=True)
class SearchRequest:
    question: str
    collection: str = "default"
    document_ids: tuple[str, ...] | None = None
    filters: Filter | None = None
    top_k: int | None = None
    """None: the setting's default."""
    keyword_weight: float | None = None
    """0..1, the vector side has the rest; None: as it was tuned."""
    score_floor: float | None = None
    """Passages that score less are left out; the setting's own floor holds all the same."""


@dataclass(frozen=True, slots=True)
class AskRequest:
    question: str
    collection: str = "default"
    document_ids: tuple[str, ...] | None = None
    filters: Filter | None = None
    top_k: int | None = None
    conversation_id: str | None = None
    answer_language: str | None = None
    mode: Literal["auto", "generate", "extract"] = "auto"
    explain: bool = False
    history: tuple[Turn, ...] | None = None
    """What was said before, where the caller keeps it; None: what the conversation has."""
    keep: bool = True
    """Whether the turn is stored."""
    keyword_weight: float | None = None
    score_floor: float | None = None
    """Both as in a search."""
    rewrite: bool = False
    """The model words the question anew and takes it apart, before it is searched for."""
    strict: bool = False
    """Sentences of a model that nothing supports are taken out."""
    token_budget: int | None = None
    """Of the model, for prompts and replies together; None: as the settings limit each."""
    cache: bool = True
    """Whether an answer given before will do."""
    quote_language: str | None = None
    """Wire code; each citation then carries its quote's translation."""
    terms: tuple[Term, ...] = ()
    """Of a glossary, for the answer and for translated quotes."""
    translation_id: str | None = None
    """A document's translation, whose words quotes are given in."""
