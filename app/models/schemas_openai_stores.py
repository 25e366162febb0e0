"""OpenAI's wire: vector stores, and searches in them."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from app.core.ids import prefixed
from app.models import records
from app.models.domain import Passage
from app.models.records import Scalar
from app.models.scalars import clean_metadata
from app.models.schemas import BOUNDED, EXAMPLE_ID, NO_NUL, NUMERIC, Filters, Flag, In, Out, Question, Text
from app.models.schemas_openai import seconds
from app.models.schemas_openai_citations import FILE
from app.models.schemas_openai_files import EXAMPLE_FILE, Listed
from app.models.schemas_openai_storefiles import Chunking, FileIds
from app.models.stores import FileCounts, VectorStore

STORE = "vs_"
EXAMPLE_STORE = prefixed(STORE, EXAMPLE_ID)


class ExpiresAfter(In):
    anchor: Literal["last_active_at"] = "last_active_at"
    days: Annotated[int, Field(ge=1, le=365), NUMERIC]


StoreName = Annotated[Text, StringConstraints(max_length=256)]
StoreMetadata = Annotated[
    dict[str, str],
    AfterValidator(clean_metadata),
    Field(
        description="At most 16 keys of 64 characters; text of 512.",
        json_schema_extra=BOUNDED | {"additionalProperties": {"type": "string", "maxLength": 512, "pattern": NO_NUL}},
    ),
]


class NewStore(In):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "reports", "expires_after": {"anchor": "last_active_at", "days": 7}}]}
    )

    name: StoreName | None = None
    description: Annotated[Text, StringConstraints(max_length=2000)] | None = None
    file_ids: FileIds | None = None
    chunking_strategy: Chunking | None = None
    expires_after: ExpiresAfter | None = None
    metadata: StoreMetadata | None = None


class StoreChange(In):
    """What is left out stays; `expires_after: null` lifts the term."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "reports since 2015"}]})

    name: StoreName | None = None
    expires_after: ExpiresAfter | None = None
    metadata: StoreMetadata | None = None

    def changes(self) -> dict[str, Any]:
        """As VectorStoreService.update takes them."""
        given: dict[str, Any] = {}
        if "expires_after" in self.model_fields_set:
            given["expires_days"] = self.expires_after.days if self.expires_after else None
        if self.name is not None:
            given["name"] = self.name
        if self.metadata is not None:
            given["metadata"] = self.metadata
        return given


class StoreCounts(Out):
    in_progress: int
    completed: int
    failed: int
    cancelled: int
    total: int

    @classmethod
    def counted(cls, counts: FileCounts) -> "StoreCounts":
        return cls.of(counts)


class Store(Out):
    id: str = Field(examples=[EXAMPLE_STORE])
    object: Literal["vector_store"] = "vector_store"
    created_at: int
    name: str = Field(examples=["reports"])
    collection: str = Field(description="DocuBot's own: the collection that it is.", examples=["reports"])
    usage_bytes: int
    file_counts: StoreCounts
    status: Literal["expired", "in_progress", "completed"]
    expires_after: ExpiresAfter | None
    expires_at: int | None
    last_active_at: int
    metadata: dict[str, Any]

    @classmethod
    def stored(cls, store: VectorStore) -> "Store":
        collection, expires_at = store.collection, store.expires_at
        over = expires_at is not None and expires_at <= datetime.now(UTC).replace(tzinfo=None)
        days = collection.expires_days
        return cls(
            id=prefixed(STORE, collection.id),
            created_at=seconds(collection.created_at),
            name=collection.label or collection.name,
            collection=collection.name,
            usage_bytes=store.counts.bytes,
            file_counts=StoreCounts.counted(store.counts),
            status="expired" if over else "in_progress" if store.counts.in_progress else "completed",
            expires_after=None if days is None else ExpiresAfter(days=days),
            expires_at=None if expires_at is None else seconds(expires_at),
            last_active_at=seconds(store.active_at),
            metadata=dict(collection.metadata),
        )


class StoreList(Listed[Store]):
    pass


# ---------------------------------------------------------------- searches


class HybridWeights(In):
    """How much either side counts in the fusion; only their ratio matters."""

    embedding_weight: Annotated[float, Field(ge=0, le=1e6), NUMERIC]
    text_weight: Annotated[float, Field(ge=0, le=1e6), NUMERIC]

    @model_validator(mode="after")
    def _one_counts(self) -> "HybridWeights":
        if self.embedding_weight + self.text_weight == 0:
            raise ValueError("at least one weight is above 0")
        return self


_EVEN = 0.5


class Ranking(In):
    ranker: Literal["auto", "default-2024-08-21", "default-2024-11-15"] = "auto"
    score_threshold: Annotated[float, Field(ge=0, le=1), NUMERIC] | None = None
    hybrid_search: HybridWeights | None = None

    @property
    def keyword_weight(self) -> float | None:
        weights = self.hybrid_search
        return None if weights is None else weights.text_weight / (weights.text_weight + weights.embedding_weight)


class SearchRanking(Ranking):
    """`ranker: "none"`: by the fusion alone, both sides as they are tuned unless weights are given."""

    ranker: Literal["none", "auto", "default-2024-08-21", "default-2024-11-15"] = "auto"  # type: ignore[assignment]

    @property
    def keyword_weight(self) -> float | None:
        given = super().keyword_weight
        return _EVEN if given is None and self.ranker == "none" else given


class StoreSearch(In):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"query": "net revenues 2023", "max_num_results": 5, "rewrite_query": False}]}
    )

    query: Question | Annotated[list[Question], Field(min_length=1, max_length=10)]
    filters: Filters | None = None
    max_num_results: Annotated[int, Field(ge=1, le=50), NUMERIC] = 10
    ranking_options: SearchRanking = SearchRanking()
    rewrite_query: Flag = Field(default=False, description="`search_query` tells what was searched for.")


class ResultContent(Out):
    type: Literal["text"] = "text"
    text: str = Field(examples=["Net revenues of $26.5 billion increased 5%."])


class SearchHit(Out):
    """OpenAI's fields; those after `content` are DocuBot's."""

    file_id: str = Field(examples=[EXAMPLE_FILE])
    filename: str = Field(examples=["annual-report.pdf"])
    score: float = Field(examples=[0.83])
    attributes: dict[str, Scalar]
    content: list[ResultContent]
    document_id: str
    page: int | None
    page_end: int | None
    section: str | None

    @classmethod
    def found(cls, passage: Passage, document: records.Document | None) -> "SearchHit":
        paged = passage.locator is None or passage.locator.kind == "page"
        file_id = document.file_id if document and document.file_id else passage.document_id
        return cls.of(
            passage,
            file_id=prefixed(FILE, file_id),
            attributes=dict(document.metadata) if document else {},
            content=[ResultContent(text=passage.text)],
            page=passage.spans[0].page if paged and passage.spans else None,
            page_end=passage.spans[-1].page if paged and passage.spans else None,
            section=passage.headings[-1] if passage.headings else None,
        )


class SearchPage(Out):
    object: Literal["vector_store.search_results.page"] = "vector_store.search_results.page"
    search_query: list[str] = Field(examples=[["net revenues 2023"]])
    data: list[SearchHit]
    has_more: Literal[False] = False
    next_page: None = None
