"""OpenAI's wire: the files in a vector store, one by one and in batches."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from app.core.errors import DocumentError, UnsupportedMediaType
from app.core.ids import prefixed
from app.models import records, stores
from app.models.records import Scalar
from app.models.schemas import EXAMPLE_ID, NUMERIC, In, Out, Text
from app.models.schemas_openai import Attributes, seconds
from app.models.schemas_openai_citations import FILE
from app.models.schemas_openai_files import EXAMPLE_FILE, Listed
from app.models.storestates import state_of

BATCH = "vsfb_"
_STORE = "vs_"
MAX_BATCH = 2000

FileIds = Annotated[list[Text], Field(max_length=MAX_BATCH, examples=[[EXAMPLE_FILE]])]


class StaticSizes(In):
    max_chunk_size_tokens: Annotated[int, Field(ge=100, le=4096), NUMERIC] = 800
    chunk_overlap_tokens: Annotated[int, Field(ge=0), NUMERIC] = 400

    @model_validator(mode="after")
    def _half_at_most(self) -> "StaticSizes":
        if self.chunk_overlap_tokens * 2 > self.max_chunk_size_tokens:
            raise ValueError("chunk_overlap_tokens is at most half of max_chunk_size_tokens")
        return self


class StaticChunking(In):
    type: Literal["static"]
    static: StaticSizes


class OtherChunking(Out):
    """By the setting CHUNK_TOKENS and without overlap, when nothing was asked for."""

    type: Literal["other"] = "other"


class AutoChunking(In):
    type: Literal["auto"]


Chunking = Annotated[AutoChunking | StaticChunking, Field(discriminator="type")]


class Attaching(In):
    """How files become documents of the store."""

    attributes: Attributes | None = None
    chunking_strategy: Chunking | None = None

    def sizes(self) -> tuple[int | None, int | None]:
        """Tokens a chunk, and of overlap; None: the setting's."""
        if not isinstance(self.chunking_strategy, StaticChunking):
            return None, None
        asked = self.chunking_strategy.static
        return asked.max_chunk_size_tokens, asked.chunk_overlap_tokens


class NewStoreFile(Attaching):
    model_config = ConfigDict(json_schema_extra={"examples": [{"file_id": EXAMPLE_FILE, "attributes": {"year": 2023}}]})

    file_id: Text


class NewFileBatch(Attaching):
    model_config = ConfigDict(json_schema_extra={"examples": [{"file_ids": [EXAMPLE_FILE]}]})

    file_ids: FileIds | None = None
    files: Annotated[list[NewStoreFile], Field(max_length=MAX_BATCH)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "NewFileBatch":
        if bool(self.file_ids) == bool(self.files):
            raise ValueError("exactly one of file_ids and files names at least one file")
        return self

    def each(self) -> list[NewStoreFile]:
        if self.files:
            return self.files
        return [
            NewStoreFile(file_id=file_id, attributes=self.attributes, chunking_strategy=self.chunking_strategy)
            for file_id in self.file_ids or ()
        ]


class NewAttributes(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"attributes": {"year": 2023}}]})

    attributes: Attributes = Field(description="Replaces all of the file's attributes.")


class LastError(Out):
    code: Literal["server_error", "unsupported_file", "invalid_file"]
    message: str


class StoreFile(Out):
    id: str = Field(examples=[EXAMPLE_FILE])
    object: Literal["vector_store.file"] = "vector_store.file"
    created_at: int
    vector_store_id: str
    usage_bytes: int
    status: Literal["in_progress", "completed", "cancelled", "failed"]
    last_error: LastError | None
    attributes: dict[str, Scalar]
    chunking_strategy: StaticChunking | OtherChunking
    filename: str = Field(description="DocuBot's own, as is `document_id`.")
    document_id: str = Field(examples=[EXAMPLE_ID])

    @classmethod
    def stored(cls, document: records.Document) -> "StoreFile":
        return cls.of(
            document,
            id=prefixed(FILE, document.file_id or document.id),
            object="vector_store.file",
            created_at=seconds(document.created_at),
            vector_store_id=prefixed(_STORE, document.collection_id),
            usage_bytes=document.bytes,
            status=state_of(document.status),
            last_error=_last_error(document),
            attributes=dict(document.metadata),
            chunking_strategy=_chunking(document),
            document_id=document.id,
        )


class StoreFileList(Listed[StoreFile]):
    pass


class StoreFileText(Out):
    type: Literal["text"] = "text"
    text: str = Field(examples=["Net revenues of $26.5 billion increased 5%."])


class StoreFileContent(Out):
    """The text that was read, one item a page."""

    object: Literal["vector_store.file_content.page"] = "vector_store.file_content.page"
    file_id: str
    filename: str
    attributes: dict[str, Scalar]
    data: list[StoreFileText]
    has_more: Literal[False] = False
    next_page: None = None


class BatchCounts(Out):
    in_progress: int
    completed: int
    failed: int
    cancelled: int
    total: int


class FileBatch(Out):
    id: str = Field(examples=[prefixed(BATCH, EXAMPLE_ID)])
    object: Literal["vector_store.files_batch"] = "vector_store.files_batch"
    created_at: int
    vector_store_id: str
    status: Literal["in_progress", "completed", "cancelled", "failed"]
    file_counts: BatchCounts

    @classmethod
    def stored(cls, batch: stores.FileBatch) -> "FileBatch":
        counts = batch.counts
        ended = "cancelled" if batch.cancelled else "completed"
        if counts.total and counts.failed == counts.total:
            ended = "failed"
        return cls.of(
            batch,
            id=prefixed(BATCH, batch.id),
            object="vector_store.files_batch",
            created_at=seconds(batch.created_at),
            vector_store_id=prefixed(_STORE, batch.collection_id),
            status="in_progress" if counts.in_progress else ended,
            file_counts=BatchCounts.of(counts),
        )


def _codes(class_: type[DocumentError]) -> set[str]:
    return {class_.code}.union(*(_codes(child) for child in class_.__subclasses__()))


def _last_error(document: records.Document) -> LastError | None:
    if document.error_code is None:
        return None
    kinds = {UnsupportedMediaType.code: "unsupported_file"} | dict.fromkeys(_codes(DocumentError), "invalid_file")
    message = f"{document.error_code}: {document.error_message or ''}"
    return LastError.model_validate({"code": kinds.get(document.error_code, "server_error"), "message": message})


def _chunking(document: records.Document) -> StaticChunking | OtherChunking:
    if document.chunk_tokens is None:
        return OtherChunking()
    sizes = StaticSizes(max_chunk_size_tokens=document.chunk_tokens, chunk_overlap_tokens=document.chunk_overlap or 0)
    return StaticChunking(type="static", static=sizes)
