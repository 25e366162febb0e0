"""The wire: translated documents."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.models.domain import BlockKind
from app.models.jobs import JobStatus
from app.models.records import JobRecord
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, Failure, Flag, In, Instant, Language, Name, Out, Page, failure
from app.models.translation import DocumentTranslation

Form = Literal["markdown", "html", "bilingual_html", "docx", "pptx", "pdf"]


_FORM = (
    "`bilingual_html`: source and translation side by side. `docx`, `pptx` and `pdf`: the document as it is, with "
    "other text; each is for documents of that format."
)


class TranslateDocument(In):
    target: Language = Field(examples=["de"])
    source: Language | None = Field(None, description="Left out: as recognized, page by page.", examples=["en"])
    output: Form = Field("markdown", description=_FORM)
    glossary: Name | None = Field(None, description="The name of a stored glossary.", examples=["contracts"])
    dry_run: Flag = Field(False, description="Only tell what it would cost.")


class FailedSegment(Out):
    index: int = Field(description="Which segment of the document, from 0.")
    page: int | None
    text: str = Field(description="What was not translated; it stands marked in the file.")
    reason: str = Field(examples=["marks_changed"])


class MissedTerm(Out):
    index: int
    page: int | None
    term: str = Field(examples=["invoice"])


class Report(Out):
    """How complete it is: `segments` is the sum of the four counts."""

    segments: int
    translated: int
    from_memory: int
    kept: int = Field(description="Nothing to translate in them, or in the target language already.")
    failed: int
    failures: list[FailedSegment]
    missed_terms: list[MissedTerm] = Field(description="Terms of the glossary that were not honoured.")
    unplaced: list[FailedSegment] = Field(
        description="Translated, but not in the file: `no_room`, `no_font`, `not_editable` or `turned`."
    )


class Translation(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "document_id": EXAMPLE_ID,
                    "job_id": EXAMPLE_ID,
                    "status": "succeeded_with_warnings",
                    "progress": 1.0,
                    "error": None,
                    "source": "en",
                    "target": "de",
                    "output": "markdown",
                    "glossary": None,
                    "filename": "annual-report.de.md",
                    "bytes": 20480,
                    "report": {
                        "segments": 120,
                        "translated": 90,
                        "from_memory": 20,
                        "kept": 9,
                        "failed": 1,
                        "failures": [{"index": 7, "page": 2, "text": "See <x1/>.", "reason": "marks_changed"}],
                        "missed_terms": [],
                        "unplaced": [],
                    },
                    "created_at": EXAMPLE_TIME,
                    "finished_at": EXAMPLE_TIME,
                }
            ]
        }
    )

    id: str
    document_id: str
    job_id: str = Field(description="Follow it at `/jobs/{job_id}/events`.")
    status: JobStatus = Field(description="`succeeded_with_warnings`: there is a file, and `report` lists failures.")
    progress: float
    error: Failure | None
    source: str | None
    target: str
    output: str
    glossary: str | None
    filename: str
    bytes: int
    report: Report | None
    created_at: Instant
    finished_at: Instant | None

    @classmethod
    def from_records(cls, record: DocumentTranslation, job: JobRecord) -> "Translation":
        report = record.report
        return cls.of(
            record,
            status=job.status,
            progress=job.progress,
            error=failure(job),
            report=report
            and Report.of(
                report,
                failures=[FailedSegment.of(item) for item in report.failures],
                missed_terms=[MissedTerm.of(item) for item in report.missed_terms],
                unplaced=[FailedSegment.of(item) for item in report.unplaced],
            ),
        )


class TranslationItem(Out):
    """A translation in a list; its own address tells how it goes."""

    id: str = Field(examples=[EXAMPLE_ID])
    job_id: str
    source: str | None
    target: str = Field(examples=["de"])
    output: str = Field(examples=["markdown"])
    filename: str
    bytes: int
    created_at: Instant
    finished_at: Instant | None


class TranslationList(Page[TranslationItem]):
    pass


class AlignedCell(Out):
    source: str = Field(examples=["Invoices are due within 30 days."])
    target: str = Field(examples=["Rechnungen sind innerhalb von 30 Tagen fällig."])
    failed: bool = Field(description="`target` is the source still: it could not be translated.")


class AlignedBlock(Out):
    """A heading, a paragraph or a list's item: one row of one cell. A table: its rows of cells."""

    kind: BlockKind
    level: int = Field(description="Of a heading, from 1.", examples=[0])
    mark: str = Field(description="Of a list's item: what stands before it.", examples=[""])
    rows: list[list[AlignedCell]]


class AlignedPage(Out):
    number: int = Field(examples=[1])
    blocks: list[AlignedBlock]


class AlignedPageList(Page[AlignedPage]):
    pass


class Price(Out):
    prompt: float
    completion: float
    total: float


class Estimate(Out):
    segments: int = Field(examples=[120])
    kept: int = Field(examples=[9])
    from_memory: int = Field(examples=[20])
    to_translate: int = Field(examples=[91])
    prompt_tokens: int = Field(description="About.", examples=[15_000])
    completion_tokens: int = Field(description="About.", examples=[9_000])
    price: Price | None = Field(None, description="By LLM_PRICE_INPUT and LLM_PRICE_OUTPUT; null while they are 0.")
