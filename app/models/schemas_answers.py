"""The wire: questions, passages and answers."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, ConfigDict, Field

from app.models import domain
from app.models.events import AnswerResult, Mode, Reason, Status
from app.models.schemas import EXAMPLE_ID, NUMERIC, Filters, Flag, In, Language, Name, Out, Question, Text
from app.models.schemas_documents import Locator, Span

Ids = Annotated[list[Text], Field(max_length=100, examples=[[EXAMPLE_ID]])]
TopK = Annotated[int, Field(ge=1, le=50, examples=[8]), NUMERIC]
Budget = Annotated[int, Field(ge=1024, le=1_000_000, examples=[4000]), NUMERIC]


EXAMPLE_ANSWER: dict[str, Any] = {
    "answer": "Net revenues were $26.5 billion [1].",
    "status": "answered",
    "reason": None,
    "mode": "generate",
    "language": "en",
    "citations": [
        {
            "number": 1,
            "document_id": EXAMPLE_ID,
            "version": 1,
            "filename": "annual-report.pdf",
            "page": 48,
            "page_label": "46",
            "locator": None,
            "section": "Item 7",
            "quote": "net revenues of $26.5 billion",
            "quote_start": 1204,
            "quote_end": 1233,
            "boxes": [[72.0, 301.5, 268.4, 313.2]],
            "answer_start": 0,
            "answer_end": 36,
            "verified": "exact",
            "score": 0.83,
            "chunk_id": EXAMPLE_ID,
        }
    ],
    "sentences": [{"start": 0, "end": 36, "support": 0.91, "citations": [1], "composed": False}],
    "passages": [],
    "conversation_id": EXAMPLE_ID,
    "message_id": EXAMPLE_ID,
    "usage": {"prompt_tokens": 2100, "completion_tokens": 24, "model": "gpt-5-mini", "price": None},
    "timings": {"retrieve_ms": 21.0, "rerank_ms": 8.4, "first_token_ms": 410.0, "total_ms": 902.5},
    "fallback": None,
    "standalone": None,
    "queries": None,
    "removed": 0,
    "cached": False,
}


class Scope(In):
    """Where to look."""

    collection: Name = "default"
    document_ids: Ids | None = Field(None, description="Only these documents.")
    filters: Filters | None = Field(None, description="Only documents whose metadata match.")
    top_k: TopK | None = Field(None, description="How many passages; the setting TOP_K when left out.")
    explain: Flag = Field(False, description="Adds each passage's scores by stage.")


class Search(Scope):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"query": "net revenues 2023", "top_k": 5}]}, validate_by_name=True
    )

    query: Question = Field(validation_alias=AliasChoices("query", "question"))


class Ask(Scope):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "What were net revenues in 2023?"},
                {
                    "question": "And in 2021?",
                    "conversation_id": EXAMPLE_ID,
                    "filters": {"type": "eq", "key": "year", "value": 2023},
                    "stream": True,
                },
            ]
        }
    )

    question: Question
    conversation_id: str | None = Field(None, description="Continues a conversation.")
    answer_language: Language | None = Field(None, description="The question's own when left out.")
    quote_language: Language | None = Field(
        None, description="Each citation then carries its quote's translation too.", examples=["de"]
    )
    glossary: Name | None = Field(
        None, description="A stored glossary, for `answer_language` and `quote_language`.", examples=["contracts"]
    )
    translation_id: str | None = Field(
        None,
        description="Asks of a document's translation: its language and glossary are the answer's and the quotes', "
        "the quotes' translations stand in it, and what is cited is the original's page.",
    )
    mode: Literal["auto", "generate", "extract"] = Field(
        "auto", description="`generate`: by the language model. `extract`: verbatim sentences. `auto`: what there is."
    )
    stream: Flag = Field(False, description="Answer as server-sent events.")
    rewrite: Flag = Field(
        False, description="The model words the question anew and takes it apart for the search; `explain` tells how."
    )
    strict: Flag = Field(False, description="Takes out what a model says and no passage supports; streams at the end.")
    token_budget: Budget | None = Field(
        None, description="Tokens of the model, prompts and replies together. Passages are fitted to it."
    )
    cache: Flag = Field(True, description="`false`: answered anew, even if no document has changed since it was asked.")


class Passage(Out):
    chunk_id: str = Field(examples=[EXAMPLE_ID])
    document_id: str = Field(examples=[EXAMPLE_ID])
    version: int
    filename: str = Field(examples=["annual-report.pdf"])
    title: str | None
    page: int | None = Field(description="The first page; null in formats without pages.", examples=[48])
    page_end: int | None = Field(examples=[48])
    page_label: str | None = Field(description="The number printed on the first page.", examples=["46"])
    locator: Locator | None
    section: str | None = Field(description="The nearest heading.", examples=["Item 7"])
    headings: list[str]
    text: str = Field(examples=["Net revenues of $26.5 billion increased 5%."])
    markdown: str | None = Field(
        description="The text with its tables in Markdown, under their column headings; null where it holds none.",
        examples=["| $ in billions | 2023 | 2022 |\n| --- | --- | --- |\n| Net revenues | 26.5 | 25.2 |"],
    )
    spans: list[Span]
    score: float = Field(description="0 to 1, comparable within one search.", examples=[0.83])
    scores: dict[str, float] | None = Field(None, description="By stage; only with `explain`.")

    @classmethod
    def found(cls, passage: domain.Passage, explain: bool) -> "Passage":
        paged = passage.locator is None or passage.locator.kind == "page"
        pages = [span.page for span in passage.spans] if paged else []
        first = pages[0] if pages else None
        return cls.of(
            passage,
            page=first,
            page_end=pages[-1] if pages else None,
            page_label=None if first is None else passage.page_labels.get(first),
            section=passage.headings[-1] if passage.headings else None,
            scores=dict(passage.scores) if explain else None,
        )


class Found(Out):
    passages: list[Passage]
    reason: Reason | None = Field(description="Why nothing was found; null when something was.")
    degraded: bool = Field(description="The vector side did not take part.")
    timings: dict[str, float] = Field(description="Milliseconds by stage.", examples=[{"keyword": 2.1, "vector": 5.4}])

    @classmethod
    def result(cls, result: domain.SearchResult, explain: bool) -> "Found":
        return cls.of(result, passages=[Passage.found(passage, explain) for passage in result.passages])


class QuoteTranslation(Out):
    """A quote in another language: not the document's words, and not verified."""

    language: str = Field(examples=["de"])
    text: str | None = Field(examples=["Der Umsatz betrug 26,5 Milliarden Dollar."])
    reason: str | None = Field(description="Why there is no text.", examples=["model_unavailable"])


class AnswerCitation(Out):
    """A quote that the server found in the stored text of the page that it names."""

    number: int
    document_id: str
    version: int
    filename: str
    page: int | None
    page_label: str | None
    locator: Locator | None
    section: str | None
    quote: str
    quote_start: int = Field(description="In characters of the stored page text.")
    quote_end: int
    boxes: list[tuple[float, float, float, float]] = Field(description="In points, origin at the page's top left.")
    answer_start: int
    answer_end: int
    verified: Literal["exact", "normalized", "none"]
    score: float
    chunk_id: str
    translation: QuoteTranslation | None = Field(None, description="With `quote_language` or `translation_id`.")


class AnswerSentence(Out):
    """`answer[start:end]`, how far the passages support it, and which citations stand behind it."""

    start: int
    end: int
    support: float = Field(description="0 to 1.")
    citations: list[int]
    composed: bool = Field(
        False,
        description="Not verbatim: a table's cell, told with what heads its row and column.",
    )


class AnswerUsage(Out):
    prompt_tokens: int
    completion_tokens: int
    model: str | None
    price: float | None = Field(
        description="As LLM_PRICE_INPUT and LLM_PRICE_OUTPUT tell; null where they are not set."
    )


class Answer(Out):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_ANSWER]})

    answer: str
    status: Status
    reason: Reason | None
    mode: Mode
    language: str | None
    citations: list[AnswerCitation]
    sentences: list[AnswerSentence]
    passages: list[Passage]
    conversation_id: str | None
    message_id: str
    usage: AnswerUsage | None
    timings: dict[str, float] = Field(description="Milliseconds.")
    fallback: str | None = Field(description="Why the model asked for did not write (all of) this answer.")
    standalone: str | None = Field(description="The question as it was searched for, when it differs.")
    queries: list[str] | None = Field(None, description="What else was searched for; only with `explain`.")
    removed: int = Field(0, description="Sentences that `strict` took out.")
    cached: bool = Field(False, description="Given before, and no document has changed since.")

    @classmethod
    def result(cls, result: AnswerResult, explain: bool) -> "Answer":
        return cls.of(
            result,
            passages=[Passage.found(passage, explain) for passage in result.passages],
            queries=list(result.queries) if explain else None,
        )


def answer_object(result: AnswerResult, explain: bool = False) -> dict[str, Any]:
    """The answer as it goes over the wire, and as conversations keep it."""
    return as_wire(Answer.result(result, explain))


def as_wire(value: Out) -> dict[str, Any]:
    """As JSON has it."""
    return value.model_dump(mode="json")
