"""What an answer tells while it is made: `Started`, `PassagesFound`, then `Delta` and `CitationFound`, then `Done`.

The texts of the deltas, joined, are the final answer's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.models.citations import Citation, Sentence
from app.models.domain import Passage, Usage

Mode = Literal["generate", "extract"]
Status = Literal["answered", "partial", "not_found"]
Reason = Literal["no_match", "low_score", "filtered_out", "empty_collection"]


@dataclass(frozen=True, slots=True)
class AnswerResult:
    answer: str
    status: Status
    reason: Reason | None
    """Why nothing was found; None when something was."""
    mode: Mode
    language: str | None
    """ISO 639-1 of the answer, as far as it is known."""
    citations: tuple[Citation, ...]
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    conversation_id: str | None
    message_id: str
    usage: Usage | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage."""
    fallback: str | None = None
    """Why the model asked for did not write (all of) this answer; None when it did, or was not asked."""
    standalone: str | None = None
    """The question as it was searched for, when it differs from the one asked."""
    queries: tuple[str, ...] = ()
    """What else was searched for."""
    removed: int = 0
    """Sentences taken out because nothing supports them; only where that was asked for."""
    cached: bool = False
    """Given before, and no document has changed since."""


@dataclass(frozen=True, slots=True)
class Started:
    conversation_id: str | None
    """None until the first turn of a new conversation is stored."""
    message_id: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class PassagesFound:
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    text: str


@dataclass(frozen=True, slots=True)
class CitationFound:
    citation: Citation


@dataclass(frozen=True, slots=True)
class Done:
    result: AnswerResult


AnswerEvent = Started | PassagesFound | Delta | CitationFound | Done
