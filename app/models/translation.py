"""What is translated, and what became of it: frozen values between the pure logic, the store and the wire."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from app.models.domain import BlockKind

MOST_TERMS = 5000
"""Of a glossary."""
LONGEST_TERM = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest text that is translated by itself: a paragraph, a heading, a cell, or some sentences of a long one.

    `text` is what the model sees. In it <x1/> stands for what must not change and <g2>…</g2> for formatting around
    words; `kept[n - 1]` holds what stands there in the document: one string for an x, opening and closing for a g.
    """

    raw: str
    """As it stands in the document."""
    text: str
    kept: tuple[tuple[str, ...], ...] = ()
    markup: bool = False
    """`raw` is HTML: what is put in its place is escaped."""


@dataclass(frozen=True, slots=True)
class Template:
    """A document cut up: what is copied as it is, and segments to translate, in order."""

    parts: tuple[str | Segment, ...]

    @property
    def segments(self) -> list[Segment]:
        return [part for part in self.parts if isinstance(part, Segment)]


@dataclass(frozen=True, slots=True)
class Pair:
    """Wire codes of languages. `source` None: the model tells it by itself."""

    source: str | None
    target: str


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a glossary. `target` None: the term stays as it is."""

    source: str
    target: str | None
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """Whose translation memory is read and filled: no text crosses from one scope to another."""

    scope: str
    document_id: str | None = None
    """Of whose text the new entries are; they leave with it."""


class Outcome(StrEnum):
    TRANSLATED = "translated"
    REMEMBERED = "from_memory"
    KEPT = "kept"  # nothing to translate in it: numbers, code, or the target language already
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the segment `index`."""

    index: int
    outcome: Outcome
    text: str
    """As it goes into the document; of a failed one, what stood there."""
    reason: str | None = None
    """Of a failed one: a stable word, see `logic.translation_checks.ADVICE`, or `model_unavailable`."""
    missed: tuple[str, ...] = ()
    """Source terms of the glossary that occur in it and whose translations do not."""


@dataclass(frozen=True, slots=True)
class FailedSegment:
    index: int
    page: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class MissedTerm:
    index: int
    page: int | None
    term: str


@dataclass(frozen=True, slots=True)
class Report:
    """How complete a translation is: `segments` is the sum of the four counts."""

    segments: int = 0
    translated: int = 0
    from_memory: int = 0
    kept: int = 0
    failed: int = 0
    failures: tuple[FailedSegment, ...] = ()
    missed_terms: tuple[MissedTerm, ...] = ()
    unplaced: tuple[FailedSegment, ...] = ()
    """Translated, but not in the file: there was no room, or no font."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a translation would cost: `segments` in the document, of which the model is asked for `to_translate`."""

    segments: int
    kept: int
    from_memory: int
    to_translate: int
    prompt_tokens: int
    completion_tokens: int


Format = Literal["text", "html"]
Output = Literal["markdown", "html", "bilingual_html", "docx", "pptx", "pdf"]


@dataclass(frozen=True, slots=True)
class Detected:
    language: str
    confidence: float
    """0..1."""


@dataclass(frozen=True, slots=True)
class TextTranslation:
    """One text of a request."""

    text: str
    detected: Detected | None = None
    """When the language was to be recognized."""
    alternatives: tuple[str, ...] = ()
    failures: tuple[Done, ...] = ()
    missed: tuple[str, ...] = ()
    """Terms of the glossary that were not honoured."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms by name, of one tenant. `source` and `target` None: for any language."""

    name: str
    source: str | None
    target: str | None
    terms: tuple[Term, ...]
    version: int
    """Grows with each change of the terms."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TranslatedFile:
    """A stored file that can be downloaded."""

    id: str
    sha256: str
    bytes: int
    filename: str
    media_type: str
    failed: tuple[FailedSegment, ...] = ()
    """What of it is not translated, told to whoever asked for it once."""


@dataclass(frozen=True, slots=True)
class TranslationOptions:
    """What a request says of how its texts are translated."""

    target: str
    source: str | None = None
    format: Format = "text"
    alternatives: int = 0
    glossary: tuple[Term, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentTranslation:
    """A translation of one version of a document, asked for, on its way or done. Times are UTC, naive."""

    id: str
    document_id: str
    version_id: str
    job_id: str
    """The latest job that worked on it."""
    source: str | None
    target: str
    output: Output
    glossary: str | None
    terms: tuple[Term, ...]
    report: Report | None
    sha256: str | None
    """Of the finished file."""
    bytes: int
    filename: str
    media_type: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlignedCell:
    """Plain text on both sides; `failed`: the target is the source still."""

    source: str
    target: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class AlignedBlock:
    """A heading, a paragraph, a list's item (one row of one cell), or a table's rows of cells."""

    kind: BlockKind
    rows: tuple[tuple[AlignedCell, ...], ...]
    level: int = 0
    mark: str = ""
    """Of a list's item: what stands before it."""


@dataclass(frozen=True, slots=True)
class AlignedPage:
    """A page of a translated document beside its source."""

    number: int
    blocks: tuple[AlignedBlock, ...]


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    target: str
    source: str | None = None
    output: Output = "markdown"
    glossary: str | None = None
    terms: tuple[Term, ...] = ()
