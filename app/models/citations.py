"""Answers taken apart: sentences, and the quotes that they rest on."""

from dataclasses import dataclass
from typing import Literal

from app.models.domain import Box, Locator


@dataclass(frozen=True, slots=True)
class QuoteTranslation:
    """A quote in another language. It is the model's or the translation's word, not the document's."""

    language: str
    text: str | None
    reason: str | None = None
    """Why there is no text: a stable word."""


@dataclass(frozen=True, slots=True)
class Citation:
    number: int
    document_id: str
    version: int
    filename: str
    page: int | None
    page_label: str | None
    locator: Locator | None
    section: str | None
    quote: str
    quote_start: int
    quote_end: int
    boxes: tuple[Box, ...]
    answer_start: int
    answer_end: int
    verified: Literal["exact", "normalized", "none"]
    score: float
    chunk_id: str
    translation: QuoteTranslation | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """`answer[start:end]`, how far the passages support it (0..1), and which citations stand behind it."""

    start: int
    end: int
    support: float
    citations: tuple[int, ...]
    composed: bool = False
    """Not verbatim: a table's cell, told with the headings of its row and column."""
