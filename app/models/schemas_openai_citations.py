"""OpenAI's wire: a checked citation as an annotation, with the keys of ours that the SDKs keep."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from app.core.ids import prefixed
from app.models.citations import Citation
from app.models.schemas import EXAMPLE_ID, Out
from app.models.schemas_documents import Locator

FILE = "file-"


class FileCitation(Out):
    """`index` is where the citation stands in the text, as OpenAI has it; the keys after it are DocuBot's."""

    type: Literal["file_citation"] = "file_citation"
    file_id: str = Field(examples=[FILE + EXAMPLE_ID.replace("-", "")])
    filename: str = Field(examples=["annual-report.pdf"])
    index: int
    start_index: int = Field(description="The stretch of the answer that rests on the quote.")
    end_index: int
    number: int = Field(description="The [n] in the text.")
    document_id: str
    version: int
    page: int | None = Field(examples=[48])
    page_label: str | None
    locator: Locator | None
    section: str | None
    quote: str = Field(examples=["net revenues of $26.5 billion"])
    quote_start: int = Field(description="In characters of the stored page text.")
    quote_end: int
    boxes: list[tuple[float, float, float, float]] = Field(description="In points, origin at the page's top left.")
    verified: Literal["exact", "normalized", "none"]
    score: float

    @classmethod
    def cited(cls, citation: Citation, file_id: str) -> "FileCitation":
        return cls.of(
            citation,
            type="file_citation",
            file_id=prefixed(FILE, file_id),
            index=citation.answer_end,
            start_index=citation.answer_start,
            end_index=citation.answer_end,
        )


class UrlCitation(Out):
    start_index: int
    end_index: int
    title: str = Field(examples=["annual-report.pdf, page 48"])
    url: str = Field(examples=[f"http://127.0.0.1:8000/documents/{EXAMPLE_ID}/file#page=48"])


class ChatAnnotation(Out):
    """Chat completions know no other annotation than `url_citation`: front ends show it as a link to the page."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation
    file_citation: FileCitation

    @classmethod
    def cited(cls, citation: Citation, file_id: str, base_url: str) -> "ChatAnnotation":
        page = "" if citation.page is None else f"#page={citation.page}"
        url = f"{base_url}/documents/{citation.document_id}/file{page}"
        link = UrlCitation(
            start_index=citation.answer_start, end_index=citation.answer_end, title=place(citation), url=url
        )
        return cls(url_citation=link, file_citation=FileCitation.cited(citation, file_id))


def place(citation: Citation) -> str:
    """Where a quote stands, for people: the file, and its page, sheet or section."""
    if citation.locator is not None and citation.locator.kind != "page":
        return f"{citation.filename}, {citation.locator.value}"
    return citation.filename if citation.page is None else f"{citation.filename}, page {citation.page}"


def footnotes(citations: Iterable[Citation]) -> str:
    """The citations as text, one line each; empty when there are none."""
    lines = [f"[{item.number}] {place(item)}: “{' '.join(item.quote.split())}”" for item in citations]
    return "\n\n" + "\n".join(lines) if lines else ""
