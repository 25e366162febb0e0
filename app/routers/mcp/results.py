"""What MCP tools give back, as structured results."""

from typing import Any

from pydantic import Field

from app.models.schemas import Out


class Excerpt(Out):
    document_id: str
    filename: str
    page: int | None
    page_end: int | None
    section: str | None
    text: str
    score: float


class Excerpts(Out):
    passages: list[Excerpt]
    reason: str | None = Field(description="Why there are none.")


class CitedAnswer(Out):
    """`citations`: quotes that the server found on the page that they name, each with its [n] and its boxes."""

    answer: str
    status: str
    reason: str | None
    mode: str
    citations: list[dict[str, Any]]


class KnownDocument(Out):
    id: str
    uri: str = Field(description="The resource that holds its text.")
    filename: str
    title: str | None
    collection: str
    status: str
    pages: int
    language: str | None
    metadata: dict[str, Any]


class KnownDocuments(Out):
    documents: list[KnownDocument]
    next_cursor: str | None


class PageText(Out):
    document_id: str
    page: int
    label: str | None
    text: str


class Uploaded(Out):
    document_id: str
    filename: str
    status: str
    pages: int
    duplicate: bool
    error: str | None


class Translated(Out):
    text: str
    source: str | None
    target: str
