"""A document service that remembers what it was asked."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.core.errors import DocumentNotFound, PageNotFound
from app.core.ids import new_id
from app.models.domain import BlockKind, Span
from app.models.records import (
    DeleteReceipt,
    Document,
    JobRecord,
    Listing,
    PageReport,
    ParseReport,
    StoredChunk,
    StoredFile,
    StoredPage,
)
from tests.routers.samples import a_document, a_job


class FakeDocuments:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stored: dict[str, Document] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.media_type = "application/pdf"

    def add(self, **values: Any) -> Document:
        document = a_document(**values)
        self.stored[document.id] = document
        return document

    async def list(self, *arguments: Any) -> Listing[Document]:
        self.calls.append(("list", *arguments))
        return Listing(tuple(self.stored.values()), new_id())

    async def get(self, document_id: str) -> Document:
        if document_id not in self.stored:
            raise DocumentNotFound()
        return self.stored[document_id]

    async def update(self, document_id: str, metadata: Mapping[str, Any] | None, filename: str | None) -> Document:
        document = await self.get(document_id)
        return replace(document, metadata=metadata or document.metadata, filename=filename or document.filename)

    async def delete(self, document_id: str) -> DeleteReceipt:
        await self.get(document_id)
        return DeleteReceipt(document_id, 1, 1, 2, 5, 5, 5)

    async def retry(self, document_id: str) -> JobRecord:
        await self.get(document_id)
        return a_job(document_id=document_id)

    async def file(self, document_id: str, version: int | None) -> StoredFile:
        document = await self.get(document_id)
        path = self.folder / "blob"
        path.write_bytes(b"%PDF-1.7 " + b"x" * 100)
        return StoredFile(path, document.filename, self.media_type, document.sha256, path.stat().st_size)

    async def page(self, document_id: str, number: int, version: int | None) -> StoredPage:
        await self.get(document_id)
        if number > 2:
            raise PageNotFound()
        return StoredPage(number, "iv", "हिन्दी में €100 — “quote” தமிழ்", 612.0, 792.0, "hi", None, True)

    async def page_image(self, document_id: str, number: int, **options: Any) -> bytes:
        self.calls.append(("page_image", document_id, number, options))
        return b"\x89PNG"

    async def chunks(self, document_id: str, cursor: int | None, limit: int) -> Listing[StoredChunk]:
        self.calls.append(("chunks", cursor, limit))
        chunk = StoredChunk(new_id(), new_id(), 7, "text", (Span(1, 0, 4),), ("Item 7",), 2, BlockKind.TABLE)
        return Listing((chunk,), "7")

    async def report(self, document_id: str, version: int | None) -> ParseReport:
        page = PageReport(1, "i", 40, "hi", True, 0)
        return ParseReport(document_id, version or 1, "pdfium", 2, 40, (page,), (2,), (), ())
