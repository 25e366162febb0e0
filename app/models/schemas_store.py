"""The wire: collections, jobs, conversations, health, plain translation."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from app.models.jobs import JobStatus
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, Failure, In, Instant, Metadata, Name, Out, Page, Text

# ---------------------------------------------------------------- collections

Description = Annotated[Text, StringConstraints(max_length=2000), Field(examples=["Annual reports since 2015"])]


class Collection(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "name": "reports",
                    "description": "Annual reports since 2015",
                    "metadata": {},
                    "embedding_model": "multilingual-e5-small",
                    "dimension": 384,
                    "documents": 12,
                    "chunks": 6144,
                    "created_at": EXAMPLE_TIME,
                    "updated_at": EXAMPLE_TIME,
                }
            ]
        }
    )

    id: str
    name: str
    description: str
    metadata: dict[str, Any]
    embedding_model: str
    dimension: int
    documents: int
    chunks: int
    created_at: Instant
    updated_at: Instant


class CollectionList(Page[Collection]):
    pass


class NewCollection(In):
    name: Name = Field(examples=["reports"])
    description: Description = ""
    metadata: Metadata = Field(default_factory=dict)


class CollectionChange(In):
    description: Description | None = None
    metadata: Metadata | None = None


# ---------------------------------------------------------------- jobs


class Job(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "kind": "ingest",
                    "status": "running",
                    "collection": "default",
                    "document_id": EXAMPLE_ID,
                    "version": 1,
                    "stage": "parse",
                    "progress": 0.35,
                    "attempt": 1,
                    "error": None,
                    "created_at": EXAMPLE_TIME,
                    "updated_at": EXAMPLE_TIME,
                    "finished_at": None,
                }
            ]
        }
    )

    id: str
    kind: str = Field(description="ingest, delete, reindex or translate.")
    status: JobStatus
    collection: str
    document_id: str | None
    version: int | None
    stage: str | None
    progress: float = Field(description="0 to 1.")
    attempt: int
    error: Failure | None
    created_at: Instant
    updated_at: Instant
    finished_at: Instant | None


class JobList(Page[Job]):
    pass


class JobEvent(Out):
    """One step of a job; `number` counts from 1 without gaps and is the event's id in the stream."""

    number: int
    type: str = Field(description="queued, started, stage, progress, retrying or finished.")
    data: dict[str, Any]
    created_at: Instant


# ---------------------------------------------------------------- conversations


class Conversation(Out):
    id: str = Field(examples=[EXAMPLE_ID])
    collection: str = Field(examples=["default"])
    title: str = Field(examples=["What were net revenues in 2023?"])
    created_at: Instant
    updated_at: Instant


class ConversationList(Page[Conversation]):
    pass


class ConversationMessage(Out):
    id: str = Field(examples=[EXAMPLE_ID])
    question: str = Field(examples=["And in 2021?"])
    standalone: str | None = Field(
        description="The question as it was searched for.", examples=["What were net revenues in 2021?"]
    )
    answer: dict[str, Any] = Field(description="The whole answer object, as POST /ask gave it.")
    rating: Literal["up", "down"] | None
    note: str | None
    created_at: Instant


class ConversationDetail(Conversation):
    messages: list[ConversationMessage] = Field(description="Oldest first.")


class Feedback(In):
    rating: Literal["up", "down"] = Field(examples=["down"])
    note: Annotated[Text, StringConstraints(max_length=4000)] | None = Field(
        None, examples=["The figure is of 2022, not of 2023."]
    )


# ---------------------------------------------------------------- health


class Health(Out):
    status: Literal["ok"] = "ok"
    version: str = Field(examples=["0.1.0"])


class Dependency(Out):
    name: str = Field(examples=["database"])
    ok: bool
    required: bool
    latency_ms: float = Field(examples=[0.8])
    reason: str | None = Field(None, description="What is wrong, or a remark.")


class Readiness(Out):
    status: Literal["ready", "degraded", "not_ready"] = Field(
        description="`degraded`: something that DocuBot can do without is down."
    )
    dependencies: list[Dependency]
