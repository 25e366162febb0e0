"""OpenAI's wire: responses, whose tool is the search in our documents."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.models.schemas import NUMERIC, Filters, Flag, In, Out, Text
from app.models.schemas_openai_chat import AnswerOptions, ModelName
from app.models.schemas_openai_stores import EXAMPLE_STORE, Ranking, StoreMetadata

RESPONSE = "resp_"
EXAMPLE_RESPONSE: dict[str, Any] = {
    "id": "resp_019ab8f26f0c7a519d3e2b8c41d07e55",
    "object": "response",
    "status": "completed",
    "model": "docubot",
    "output": [
        {"type": "file_search_call", "id": "fs_019ab8f2", "status": "completed", "queries": ["net revenues 2023"]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "$26.5 billion [1]."}]},
    ],
}


class FileSearch(In):
    """Where to look. One vector store a request: a search is in one collection."""

    type: Literal["file_search"]
    vector_store_ids: Annotated[list[Text], Field(min_length=1, max_length=1, examples=[[EXAMPLE_STORE]])]
    filters: Filters | None = None
    max_num_results: Annotated[int, Field(ge=1, le=50), NUMERIC] | None = None
    ranking_options: Ranking = Ranking()


class ResponseRequest(BaseModel):
    """Parameters beside these: as in chat completions."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "model": "docubot",
                    "input": "What were net revenues in 2023?",
                    "tools": [{"type": "file_search", "vector_store_ids": [EXAMPLE_STORE]}],
                    "include": ["file_search_call.results"],
                }
            ]
        },
    )

    model: ModelName
    input: Text | Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]
    instructions: Text | None = None
    tools: Annotated[list[dict[str, Any]], Field(max_length=20)] | None = None
    include: list[Text] | None = None
    previous_response_id: Text | None = None
    store: Flag | None = None
    stream: Flag | None = None
    metadata: StoreMetadata | None = None
    docubot: AnswerOptions = AnswerOptions()


class InputTokens(Out):
    cached_tokens: Literal[0] = 0
    cache_write_tokens: Literal[0] = 0


class OutputTokens(Out):
    reasoning_tokens: Literal[0] = 0


class ResponseUsage(Out):
    input_tokens: int = 0
    input_tokens_details: InputTokens = InputTokens()
    output_tokens: int = 0
    output_tokens_details: OutputTokens = OutputTokens()
    total_tokens: int = 0


class Response(Out):
    """OpenAI's response object; `docubot` is what DocuBot says of its answer beside it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_RESPONSE]})

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Literal["in_progress", "completed", "failed"]
    error: dict[str, str] | None = None
    incomplete_details: None = None
    instructions: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    model: str
    output: list[dict[str, Any]]
    parallel_tool_calls: bool = True
    previous_response_id: str | None = None
    store: bool = True
    temperature: float | None = None
    text: dict[str, Any] = Field(default_factory=lambda: {"format": {"type": "text"}})
    tool_choice: str = "auto"
    tools: list[dict[str, Any]] = Field(default_factory=list)
    top_p: float | None = None
    truncation: str = "disabled"
    usage: ResponseUsage | None = None
    docubot: dict[str, Any] | None = None
