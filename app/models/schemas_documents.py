"""The wire: uploads, documents and what is stored of them."""

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from app.models.domain import BlockKind
from app.models.jobs import DocumentStatus
from app.models.records import Scalar
from app.models.requests import UploadOptions, UploadOutcome
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, Failure, In, Instant, Language, Metadata, Name, Out, Page, Text

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def _object(value: Any) -> Any:
    """Metadata comes as JSON in a form field."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("is not a JSON object") from None


class UploadFields(In):
    """The form fields beside the files."""

    collection: Name = "default"
    metadata: Annotated[Metadata, BeforeValidator(_object)] = Field(default_factory=dict)
    language: Language | None = None
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None

    def options(self) -> UploadOptions:
        return UploadOptions(self.collection, self.metadata, self.language, self.password)


class UploadedDocument(Out):
    """One file of an upload: accepted, known already (`duplicate`), or refused (`error`)."""

    id: str | None = Field(default=None, examples=[EXAMPLE_ID])
    filename: str = Field(examples=["annual-report.pdf"])
    status: DocumentStatus | None = Field(default=None, examples=["queued"])
    version: int | None = Field(default=None, examples=[1])
    sha256: str | None = Field(default=None, examples=[_SHA256])
    bytes: int = Field(default=0, examples=[1_048_576])
    job_id: str | None = Field(default=None, examples=[EXAMPLE_ID])
    duplicate: bool = False
    archive: str | None = Field(default=None, description="The ZIP that it came in.", examples=["reports.zip"])
    path: str | None = Field(default=None, description="Where it was in the ZIP.", examples=["2023/annual-report.pdf"])
    error: dict[str, Any] | None = Field(default=None, description="A problem; null when the file was accepted.")

    @classmethod
    def accepted(cls, outcome: UploadOutcome) -> "UploadedDocument":
        document = outcome.document
        return cls.of(outcome, error=None, id=document and document.id, status=document and document.status)


class Upload(Out):
    documents: list[UploadedDocument]


class Warning(Out):
    code: str
    message: str
    page: int | None = None


class Document(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "collection": "default",
                    "filename": "annual-report.pdf",
                    "title": "Annual Report 2023",
                    "media_type": "application/pdf",
                    "status": "ready",
                    "language": "en",
                    "metadata": {"year": 2023},
                    "version": 1,
                    "latest_version": 1,
                    "sha256": _SHA256,
                    "bytes": 1_048_576,
                    "page_count": 120,
                    "chunk_count": 512,
                    "warnings": [],
                    "error": None,
                    "job_id": EXAMPLE_ID,
                    "created_at": EXAMPLE_TIME,
                    "updated_at": EXAMPLE_TIME,
                }
            ]
        }
    )

    id: str
    collection: str
    filename: str
    title: str | None
    media_type: str
    status: DocumentStatus
    language: str | None
    metadata: dict[str, Scalar]
    version: int = Field(description="The version that answers; the latest one while none does.")
    latest_version: int
    sha256: str
    bytes: int
    page_count: int
    chunk_count: int
    warnings: list[Warning]
    error: Failure | None
    job_id: str | None
    created_at: Instant
    updated_at: Instant


class DocumentList(Page[Document]):
    pass


class DocumentChange(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"metadata": {"year": 2023, "audited": True}}]})

    metadata: Metadata | None = Field(None, description="Replaces all of the document's metadata.")
    filename: Annotated[Text, StringConstraints(min_length=1, max_length=255)] | None = None


class DeleteReceipt(Out):
    """What went, counted."""

    document_id: str = Field(examples=[EXAMPLE_ID])
    versions: int = Field(examples=[1])
    files: int = Field(examples=[1])
    pages: int = Field(examples=[120])
    chunks: int = Field(examples=[512])
    vectors: int = Field(examples=[512])
    keyword_rows: int = Field(examples=[512])
    translations: int = Field(examples=[0])
    cached_answers: int = Field(examples=[0])


class DocumentVersion(Out):
    """One of a document's files. Earlier ones are kept for VERSION_RETENTION_DAYS."""

    number: int = Field(examples=[2])
    live: bool = Field(description="Whether it is the one that answers.")
    filename: str = Field(examples=["annual-report.pdf"])
    title: str | None
    media_type: str = Field(examples=["application/pdf"])
    bytes: int = Field(examples=[1_048_576])
    sha256: str = Field(examples=[_SHA256])
    language: str | None = Field(examples=["en"])
    parser: str | None = Field(examples=["pdfium"])
    page_count: int = Field(examples=[120])
    chunk_count: int = Field(examples=[512])
    character_count: int = Field(examples=[401_233])
    warnings: list[Warning]
    created_at: Instant = Field(examples=[EXAMPLE_TIME])


class DocumentVersionList(Page[DocumentVersion]):
    pass


class Locator(Out):
    """Where a unit of text stands in a format without pages."""

    kind: str = Field(examples=["sheet"])
    value: str = Field(examples=["Sheet1!A1:F20"])


class DocumentPage(Out):
    number: int = Field(examples=[48])
    label: str | None = Field(description="The number printed on the page.", examples=["46"])
    text: str = Field(examples=["Net revenues of $26.5 billion increased 5%."])
    width: float = Field(description="In points.", examples=[612.0])
    height: float = Field(examples=[792.0])
    language: str | None = Field(examples=["en"])
    locator: Locator | None
    has_text_layer: bool
    ocr_confidence: float | None = Field(None, description="0..1 where the page was read by OCR.", examples=[0.96])
    warnings: list[Warning]


class Span(Out):
    """Characters `start` to `end` of a page's stored text."""

    page: int
    start: int
    end: int


class Chunk(Out):
    id: str = Field(examples=[EXAMPLE_ID])
    ordinal: int = Field(examples=[0])
    text: str = Field(examples=["Net revenues of $26.5 billion increased 5%."])
    spans: list[Span]
    headings: list[str] = Field(examples=[["Item 7"]])
    tokens: int = Field(examples=[14])
    kind: BlockKind
    columns: str | None = Field(
        description="Of a table: the lines that stand above its columns, here or further up.", examples=[None]
    )


class ChunkList(Page[Chunk]):
    pass


class PageReport(Out):
    number: int
    label: str | None
    characters: int
    language: str | None
    has_text_layer: bool
    ocr_confidence: float | None = Field(None, description="0..1 where the page was read by OCR.", examples=[0.96])
    tables: int


class ParseReport(Out):
    """What was read of a document, page by page, and what could not be."""

    document_id: str = Field(examples=[EXAMPLE_ID])
    version: int = Field(examples=[1])
    parser: str | None = Field(examples=["pdfium"])
    page_count: int = Field(examples=[120])
    characters: int = Field(examples=[401_233])
    pages: list[PageReport]
    pages_without_text: list[int] = Field(examples=[[17]])
    pages_read_by_ocr: list[int] = Field(default_factory=list, examples=[[18, 19]])
    warnings: list[Warning]
