"""The wire: what a dry run answers."""

from typing import Any

from pydantic import Field

from app.models.schemas import Out


class Estimate(Out):
    pages: int = Field(examples=[120])
    characters: int = Field(examples=[401_233])
    tokens: int = Field(description="That the embedding model would read.", examples=[98_400])
    chunks: int = Field(examples=[512])
    ocr_pages: int = Field(description="Pages that OCR would have to read; their text is guessed.", examples=[3])
    price: float = Field(description="Of embedding, at EMBEDDING_PRICE a million tokens.", examples=[0.002])
    seconds: float = Field(description="Until it is ready, with nothing else in the queue.", examples=[104.5])


class EstimatedDocument(Out):
    """One file of a dry run: what it would bring, or why it would fail (`error`)."""

    filename: str = Field(examples=["annual-report.pdf"])
    archive: str | None = Field(default=None, description="The ZIP that it came in.", examples=["reports.zip"])
    path: str | None = Field(default=None, description="Where it was in the ZIP.", examples=["2023/annual-report.pdf"])
    bytes: int = Field(default=0, examples=[1_048_576])
    sha256: str | None = None
    media_type: str | None = Field(default=None, examples=["application/pdf"])
    duplicate: bool = Field(default=False, description="Known already: an upload would do no new work.")
    estimate: Estimate | None = None
    error: dict[str, Any] | None = Field(default=None, description="A problem; null when the file could be read.")


class UploadEstimate(Out):
    documents: list[EstimatedDocument]
    total: Estimate = Field(description="Of the files that would be new work.")
