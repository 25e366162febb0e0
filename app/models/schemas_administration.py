"""The wire: what an administrator looks at."""

from datetime import date
from typing import Any

from pydantic import Field

from app.models.schemas import EXAMPLE_TIME, Instant, Out, Page


class Setting(Out):
    name: str = Field(examples=["TOP_K"])
    value: Any = Field(description="A secret that is set is masked; one that is not is null.", examples=[8])
    default: Any = Field(examples=[8])
    changed: bool
    secret: bool


class SettingsInForce(Out):
    version: str = Field(description="Of DocuBot.", examples=["0.1.0"])
    settings: list[Setting]


class UsageDay(Out):
    day: date = Field(examples=["2026-11-22"])
    questions: int
    answered: int
    partial: int
    not_found: int
    rated_up: int
    rated_down: int
    prompt_tokens: int
    completion_tokens: int
    versions: int = Field(description="Files that came, new documents and new versions of them.")
    pages: int
    bytes: int
    translations: int
    jobs_failed: int


class CollectionUsage(Out):
    name: str = Field(examples=["default"])
    documents: int
    pages: int = Field(description="With `chunks` and `bytes`: of the versions that answer.")
    chunks: int
    bytes: int
    questions: int


class Usage(Out):
    """Counted from what is stored still: a deleted conversation or document is counted no more."""

    days: list[UsageDay] = Field(description="Oldest first, each day in UTC.")
    collections: list[CollectionUsage]


class Figure(Out):
    """A measure with its 95% interval; docs/evaluation.md tells what each means."""

    value: float = Field(examples=[0.875])
    low: float = Field(examples=[0.75])
    high: float = Field(examples=[0.95])
    cases: int = Field(description="To how many questions it applies.", examples=[40])


class EvaluationRun(Out):
    id: str = Field(examples=["20261122-120000-123-questions"])
    created_at: Instant = Field(examples=[EXAMPLE_TIME])
    version: str = Field(description="Of DocuBot.", examples=["0.1.0"])
    mode: str = Field(examples=["extract"])
    dataset: str = Field(examples=["questions"])
    cases: int = Field(examples=[40])
    documents: int = Field(examples=[12])
    seconds: float = Field(examples=[93.1])
    settings: dict[str, Any] = Field(description="Those that answers depend on.")
    overall: dict[str, Figure] = Field(description="By the name of the measure.")
    has_report: bool


class EvaluationRunList(Page[EvaluationRun]):
    pass


class EvaluationChange(Out):
    """Against the run that this one was compared with."""

    measure: str = Field(examples=["page_recall@5"])
    before: float
    after: float
    p: float
    verdict: str = Field(description="better, worse or same.", examples=["better"])


class EvaluationDetail(EvaluationRun):
    languages: dict[str, dict[str, Figure]]
    by_document: dict[str, dict[str, Figure]]
    compared_with: str | None
    changes: list[EvaluationChange]
