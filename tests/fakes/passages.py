"""Passages for tests, made from the text of pages."""

from app.models.domain import Passage, Span


def passage(
    *pages: str, language: str | None = "en", first_page: int = 1, offset: int = 0, **fields: object
) -> Passage:
    """A passage whose text is that of `pages`, page by page; on its first page it begins at `offset`."""
    spans = tuple(
        Span(first_page + index, offset if index == 0 else 0, (offset if index == 0 else 0) + len(text))
        for index, text in enumerate(pages)
    )
    values: dict[str, object] = {
        "chunk_id": "chunk",
        "document_id": "document",
        "version_id": "version",
        "version": 1,
        "filename": "report.pdf",
        "media_type": "application/pdf",
        "title": None,
        "text": "\n".join(pages),
        "spans": spans,
        "page_labels": {},
        "headings": (),
        "locator": None,
        "language": language,
        "score": 0.8,
    }
    return Passage(**{**values, **fields})  # type: ignore[arg-type]
