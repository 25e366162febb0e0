"""OpenAI's wire: models, chat completions, embeddings."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.models.schemas import EXAMPLE_ID, NUMERIC, Filters, Flag, In, Language, Out, Text
from app.models.schemas_answers import Ids, TopK
from app.models.schemas_openai_citations import ChatAnnotation

ModelName = Annotated[Text, Field(max_length=200, examples=["docubot/reports"])]

# ---------------------------------------------------------------- models


class Model(Out):
    id: str = Field(examples=["docubot/reports"])
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["docubot"] = "docubot"


class ModelList(Out):
    object: Literal["list"] = "list"
    data: list[Model]


# ---------------------------------------------------------------- chat completions


class ChatMessage(BaseModel):
    """One message. What an earlier answer carried beside its text may stay in it: it is not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[dict[str, Any]] | None = Field(None, examples=["What were net revenues in 2023?"])
    tool_calls: list[Any] | None = None


class StreamOptions(BaseModel):
    include_usage: Flag = False


class AnswerOptions(In):
    """DocuBot's own: what /ask takes beside the question."""

    mode: Literal["auto", "generate", "extract"] = "auto"
    document_ids: Ids | None = None
    filters: Filters | None = None
    top_k: TopK | None = None
    answer_language: Language | None = None
    footnotes: Flag = Field(
        default=False, description="Adds the citations to the text as well, for clients that show only it."
    )


class ChatRequest(BaseModel):
    """Parameters beside these are known, too: those that merely tune a model are named in the response's header
    `X-DocuBot-Ignored`, those that DocuBot cannot follow are refused."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "model": "docubot",
                    "messages": [{"role": "user", "content": "What were net revenues in 2023?"}],
                    "docubot": {"footnotes": True},
                }
            ]
        },
    )

    model: ModelName
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: Flag | None = None
    stream_options: StreamOptions | None = None
    docubot: AnswerOptions = AnswerOptions()


class ChatUsage(Out):
    """Of the language model; zeros when the answer is made of verbatim sentences."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class ChatAnswer(Out):
    role: Literal["assistant"] = "assistant"
    content: str = Field(examples=["Net revenues were $26.5 billion [1]."])
    refusal: None = None
    annotations: list[ChatAnnotation]


class ChatChoice(Out):
    index: Literal[0] = 0
    message: ChatAnswer
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Verdict(Out):
    """What DocuBot says of its answer beside OpenAI's fields; the same words as POST /ask."""

    status: str = Field(examples=["answered"])
    reason: str | None
    mode: str = Field(examples=["generate"])
    language: str | None
    fallback: str | None
    standalone: str | None = Field(description="The question as it was searched for, when it differs.")
    sentences: list[dict[str, Any]]


class ChatCompletion(Out):
    id: str = Field(examples=[f"chatcmpl-{EXAMPLE_ID.replace('-', '')}"])
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoice]
    usage: ChatUsage
    docubot: Verdict


# ---------------------------------------------------------------- embeddings


class EmbeddingRequest(In):
    model: ModelName = Field(examples=["multilingual-e5-small"])
    input: Text | list[Text] = Field(examples=["Net revenues were $26.5 billion."])
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, NUMERIC] | None = Field(None, description="The model's own number, if any.")
    user: str | None = None
    input_type: Literal["query", "passage"] = Field(
        "passage", description="DocuBot's own: whether the text is searched for or searched in."
    )


class Embedding(Out):
    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str = Field(examples=[[0.012, -0.034]])


class EmbeddingUsage(Out):
    prompt_tokens: int
    total_tokens: int


class EmbeddingList(Out):
    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: EmbeddingUsage
