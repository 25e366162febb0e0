"""The values that move between layers: frozen, without behaviour beyond what their fields say.

Offsets are counted in Python characters (Unicode code points) of the stored, NFC-normalized page text. Boxes are in
points (1/72 inch), origin at the page's top left, as the page is shown (rotation applied).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1."""


# ---------------------------------------------------------------- what a parser reads


class BlockKind(StrEnum):
    HEADING = "heading"
    TEXT = "text"
    TABLE = "table"  # one row a line
    FURNITURE = "furniture"  # running headers, footers, page numbers: stored, never put into chunks


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch `text[start:end]` of one page. The blocks of a page are in order and do not overlap."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Of a heading: 1 (title) to 6; else 0."""


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a unit of text stands, in the unit that its format has."""

    kind: Literal["page", "slide", "sheet", "rows", "section", "part"]
    value: str
    """As a person would say it: "48", "Sheet1!A1:F20", "Methods > Data"."""


@dataclass(frozen=True, slots=True)
class Word:
    """`text[start:end]` of a page that was read by OCR, and where it stands."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """One unit of a document's text: a page of a PDF, a slide, a sheet; a whole text file is one."""

    number: int
    """1-based position in the document."""
    text: str
    blocks: tuple[Block, ...] = ()
    label: str | None = None
    """The number printed on the page, where the file tells it ("iv", "46")."""
    width: float = 0.0
    height: float = 0.0
    """In points; 0 where the format has no pages."""
    locator: Locator | None = None
    """Set for formats without pages; such a unit is never cited by page number."""
    has_text_layer: bool = True
    language: str | None = None
    ocr_confidence: float | None = None
    """0..1; None where the text comes from the file itself."""
    words: tuple[Word, ...] = ()
    """Of a page that was read by OCR, in the order of its text: nothing else tells where they stand."""


@dataclass(frozen=True, slots=True)
class OcrProgress:
    """A page has been read by OCR. It says that the parser lives: the Page itself waits for its neighbours."""

    page: int


@dataclass(frozen=True, slots=True)
class ParseWarning:
    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a parser knows of a document before its first page."""

    page_count: int
    parser: str
    title: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


ParseEvent = DocumentInfo | Page | ParseWarning


@dataclass(frozen=True, slots=True)
class OcrRules:
    """How pages without usable text are read."""

    languages: tuple[str, ...] = ()
    """Tesseract's names, tried in this order; "ara+eng" are read together. None: those that are installed."""
    folder: str = ""
    """Where more language data lies; empty: in the usual places."""
    pages: int = 500
    """Of one document, at most."""


@dataclass(frozen=True, slots=True)
class Source:
    """A stored file as a parser gets it."""

    path: Path
    media_type: str
    filename: str
    password: str | None = None
    ocr: OcrRules = OcrRules()


@dataclass(frozen=True, slots=True)
class Blob:
    """Stored bytes, named by their SHA-256 (hex)."""

    sha256: str
    size: int


# ---------------------------------------------------------------- what is searched


@dataclass(frozen=True, slots=True)
class Span:
    """`pages[page].text[start:end]`."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one document, sized for the embedding model.

    `text` is the spans' page text, verbatim, joined by one newline; nothing is added to it.
    """

    ordinal: int
    text: str
    spans: tuple[Span, ...]
    headings: tuple[str, ...] = ()
    """Headings above it, outermost first. Part of what is embedded and indexed, not of what is quoted."""
    tokens: int = 0
    kind: BlockKind = BlockKind.TEXT
    columns: str | None = None
    """The lines above the columns of its first table, which may stand further up in the document; on one line they are
    its last heading where the text lacks them."""


@dataclass(frozen=True, slots=True)
class KeywordEntry:
    """A chunk as the keyword index takes it: tokens, made by `logic.tokens.analyze`."""

    chunk_id: str
    version_id: str
    document_id: str
    body: tuple[str, ...]
    context: tuple[str, ...]
    """Tokens of the file's name, title and headings."""


@dataclass(frozen=True, slots=True)
class KeywordQuery:
    """A question as the keyword index takes it; tokens as `logic.tokens.analyze` makes them."""

    terms: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    """Each must occur whole."""
    preferred: tuple[tuple[str, ...], ...] = ()
    """Phrases that rank a chunk higher where they occur whole."""
    weights: tuple[float, ...] = ()
    """Of each term; none given: all count the same."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of one index: higher is better, scales differ between indexes."""

    chunk_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question, with what is needed to show and to cite it."""

    chunk_id: str
    document_id: str
    version_id: str
    version: int
    filename: str
    media_type: str
    title: str | None
    text: str
    spans: tuple[Span, ...]
    page_labels: Mapping[int, str]
    headings: tuple[str, ...]
    locator: Locator | None
    language: str | None
    score: float
    """0..1, comparable within one search."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """By stage: keyword, vector, fused, rerank; raw."""
    locators: Mapping[int, Locator] = field(default_factory=dict)
    """Of each unit that it reaches into, by its number; `locator` is that of the first."""
    markdown: str | None = None
    """The text with its tables in Markdown; None where it holds none."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    passages: tuple[Passage, ...]
    reason: Literal["no_match", "low_score", "filtered_out", "empty_collection"] | None = None
    """Why there is nothing to answer from; None when there is."""
    degraded: bool = False
    """The vector side did not take part (index down or being rebuilt)."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage."""


# ---------------------------------------------------------------- what is answered


@dataclass(frozen=True, slots=True)
class Usage:
    prompt_tokens: int = 0
    completion_tokens: int = 0
    model: str | None = None
    price: float | None = None
    """Where the settings tell what tokens cost."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation and what was answered."""

    question: str
    answer: str
    standalone: str | None = None
