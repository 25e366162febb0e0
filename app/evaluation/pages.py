"""The stored text of documents, as the checks of quotes read it: what was used last is kept."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from app.evaluation.gold import Folded
from app.logic.quotes import fold
from app.services.documents import DocumentService

_KEPT = 16
"""Documents; a large one has some megabytes of text."""


@dataclass(frozen=True)
class DocumentText:
    """Text by page number."""

    pages: dict[int, str]

    @cached_property
    def folded(self) -> dict[int, Folded]:
        return {number: fold(text) for number, text in self.pages.items()}


class StoredPages:
    def __init__(self, documents: DocumentService) -> None:
        self._documents = documents
        self._known: OrderedDict[str, DocumentText] = OrderedDict()

    async def of(self, document_id: str) -> DocumentText:
        """Raises DocumentNotFound."""
        if document_id not in self._known:
            report = await self._documents.report(document_id, None)
            texts = {
                page.number: (await self._documents.page(document_id, page.number, None)).text for page in report.pages
            }
            self._known[document_id] = DocumentText(texts)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(document_id)
        return self._known[document_id]
