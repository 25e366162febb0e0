"""Documents as clients see them: list, open, change, delete, try again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import chain

from app.core.errors import DocumentNotFound, NotRetryable, Unavailable
from app.db import audit as audit_rows
from app.db import chunks as chunk_rows
from app.db import collections as collection_rows
from app.db import documents as rows
from app.db import jobs as job_rows
from app.db import versions as version_rows
from app.db.session import Database
from app.db.versions import Version
from app.logic.lineboxes import of_words
from app.models.access import Reach
from app.models.audit import Action, Outcome
from app.models.domain import Box, Source, Word
from app.models.jobs import DocumentStatus, JobKind, JobStatus, Lane
from app.models.pictures import WrittenPage
from app.models.records import (
    DeleteReceipt,
    Document,
    DocumentVersion,
    Filter,
    JobRecord,
    Listing,
    PageReport,
    ParseReport,
    Scalar,
    StoredChunk,
    StoredFile,
    StoredPage,
)
from app.ports import BlobStore, JobQueue, Parser
from app.services.worker import Worker


class DocumentService:
    def __init__(self, database: Database, blobs: BlobStore, parser: Parser, worker: Worker, queue: JobQueue) -> None:
        self._database = database
        self._blobs = blobs
        self._parser = parser
        self._worker = worker
        self._queue = queue

    async def list(
        self,
        collection: str | None,
        status: DocumentStatus | None,
        filters: Filter | None,
        cursor: str | None,
        limit: int,
        reach: Reach = None,
    ) -> Listing[Document]:
        """Newest first. Raises CollectionNotFound."""
        async with self._database.read() as connection:
            found = None if collection is None else await collection_rows.by_name(connection, collection)
            return await rows.listing(
                connection,
                collection_id=None if found is None else found.id,
                status=status,
                filters=filters,
                cursor=cursor,
                limit=limit,
                reach=reach,
            )

    async def several(self, document_ids: Sequence[str]) -> dict[str, Document]:
        """By id; those that are gone are left out."""
        found: dict[str, Document] = {}
        async with self._database.read() as connection:
            for document_id in dict.fromkeys(document_ids):
                with suppress(DocumentNotFound):
                    found[document_id] = await rows.by_id(connection, document_id)
        return found

    async def get(self, document_id: str) -> Document:
        """Raises DocumentNotFound."""
        async with self._database.read() as connection:
            return await rows.by_id(connection, document_id)

    async def update(self, document_id: str, metadata: Mapping[str, Scalar] | None, filename: str | None) -> Document:
        """Change what is given; `metadata` replaces all of it. Raises DocumentNotFound."""
        async with self._database.write() as connection:
            known = await rows.by_id(connection, document_id)
            await audit_rows.note(
                connection, Action.DOCUMENT_CHANGE, collection=known.collection, document_id=document_id
            )
            if metadata is not None:
                await rows.set_metadata(connection, known, metadata)
            if filename is not None:
                await rows.change(connection, document_id, filename=filename)
            return await rows.by_id(connection, document_id)

    async def delete(self, document_id: str) -> DeleteReceipt:
        """Invisible at once, gone on return; says what went. Raises DocumentNotFound."""
        async with self._database.write() as connection:
            document = await rows.by_id(connection, document_id)
            unfinished = await job_rows.unfinished_of(connection, [document_id])
            await rows.change(connection, document_id, status=DocumentStatus.DELETING, live_version_id=None)
            job_id = await job_rows.add(
                connection,
                JobKind.DELETE,
                collection_id=document.collection_id,
                document_id=document_id,
                payload={"what": "document"},
                running=True,
            )
            await audit_rows.note(
                connection, Action.DOCUMENT_DELETE, collection=document.collection, document_id=document_id
            )
        for job in unfinished:
            await self._worker.cancel(job.id)
        done = await self._worker.run_now(job_id)
        if "receipt" not in done.payload:
            raise Unavailable("The document is out of sight; the rest of its deletion goes on in the background.")
        return DeleteReceipt(document_id, **done.payload["receipt"])

    async def retry(self, document_id: str) -> JobRecord:
        """Run a failed or cancelled document again, from the stage that failed. Raises NotRetryable."""
        async with self._database.write() as connection:
            document = await rows.by_id(connection, document_id)
            last = await job_rows.latest_of(connection, document_id, JobKind.INGEST)
            if last is None or last.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
                raise NotRetryable
            if document.live_version_id is None:
                await rows.change(
                    connection, document_id, status=DocumentStatus.QUEUED, error_code=None, error_message=None
                )
            job_id = await job_rows.add(
                connection,
                JobKind.INGEST,
                collection_id=document.collection_id,
                document_id=document_id,
                version_id=last.version_id,
            )
            await job_rows.change(connection, job_id, stage=last.stage)
            await audit_rows.note(
                connection,
                Action.DOCUMENT_RETRY,
                Outcome.QUEUED,
                collection=document.collection,
                document_id=document_id,
                item=job_id,
            )
            record = await job_rows.record(connection, job_id)
        await self._queue.notify(Lane.READ)
        return record

    # ------------------------------------------------------------ what is in it

    async def file(self, document_id: str, version: int | None) -> StoredFile:
        """The original; the audit log tells who took it. Raises DocumentNotFound."""
        found = await self._shown(document_id, version)
        try:
            path = await self._blobs.local_path(found.sha256)
        except FileNotFoundError:
            raise DocumentNotFound("The stored file is missing from the data folder. Upload it again.") from None
        async with self._database.write() as connection:
            document = await rows.by_id(connection, document_id)
            await audit_rows.note(
                connection, Action.DOCUMENT_DOWNLOAD, collection=document.collection, document_id=document_id
            )
        return StoredFile(path, found.filename, found.media_type, found.sha256, found.bytes)

    async def source(self, version_id: str) -> Source:
        """A version's file as the parser takes it, for boxes. Raises DocumentNotFound."""
        async with self._database.read() as connection:
            found = await version_rows.by_id(connection, version_id)
        return await self._source(found)

    async def words(self, version_id: str, pages: Sequence[int]) -> dict[int, tuple[Word, ...]]:
        """Where the words of those pages stand that were read by OCR."""
        async with self._database.read() as connection:
            return await version_rows.words(connection, version_id, pages)

    async def versions(self, document_id: str, cursor: int | None, limit: int) -> Listing[DocumentVersion]:
        """Those that are kept, newest first; the cursor is the number of the last one seen. Raises DocumentNotFound."""
        async with self._database.read() as connection:
            return await version_rows.listing(connection, document_id, cursor, limit)

    async def page(self, document_id: str, number: int, version: int | None) -> StoredPage:
        """Raises DocumentNotFound, PageNotFound."""
        found = await self._shown(document_id, version)
        async with self._database.read() as connection:
            return await version_rows.page(connection, found.id, number)

    async def page_image(
        self,
        document_id: str,
        number: int,
        *,
        version: int | None,
        scale: float,
        highlight: Sequence[Box],
        quotes: Sequence[tuple[int, int]],
    ) -> bytes:
        """PNG of a page; `scale` 1.0 is 72 dpi, `quotes` are stretches of its text. Raises DocumentNotFound,
        PageNotFound."""
        found = await self._shown(document_id, version)
        async with self._database.read() as connection:
            page = await version_rows.page(connection, found.id, number)
            words = (await version_rows.words(connection, found.id, [number])).get(number) if quotes else None
        source = await self._source(found)
        if words is not None:
            boxes = [of_words(words, *quote) for quote in quotes]
        else:
            boxes = await self._parser.boxes(source, [(number, *quote) for quote in quotes])
        return await self._parser.render(
            source,
            number,
            scale=scale,
            highlight=[*highlight, *chain.from_iterable(boxes)],
            text=WrittenPage(page.text, page.language, tuple(quotes)),
        )

    async def chunks(self, document_id: str, cursor: int | None, limit: int) -> Listing[StoredChunk]:
        """Of the live version, in order; the cursor is the ordinal of the last one seen."""
        found = await self._shown(document_id, None)
        async with self._database.read() as connection:
            return await chunk_rows.listing(connection, found.id, cursor, limit)

    async def report(self, document_id: str, version: int | None) -> ParseReport:
        """What was read, page by page, and what could not be. Raises DocumentNotFound."""
        found = await self._shown(document_id, version)
        async with self._database.read() as connection:
            pages = await version_rows.page_reports(connection, found.id)
        return ParseReport(
            document_id=document_id,
            version=found.number,
            parser=found.parser,
            page_count=found.page_count,
            characters=found.character_count,
            pages=tuple(pages),
            pages_without_text=tuple(page.number for page in pages if not _has_text(page)),
            pages_read_by_ocr=tuple(page.number for page in pages if page.ocr_confidence is not None),
            warnings=found.warnings,
        )

    async def _shown(self, document_id: str, version: int | None) -> Version:
        async with self._database.read() as connection:
            return await version_rows.shown(connection, document_id, version)

    async def _source(self, version: Version) -> Source:
        try:
            path = await self._blobs.local_path(version.sha256)
        except FileNotFoundError:
            raise DocumentNotFound("The stored file is missing from the data folder. Upload it again.") from None
        return Source(path, version.media_type, version.filename, version.password)


def _has_text(page: PageReport) -> bool:
    return page.characters > 0 and (page.has_text_layer or page.ocr_confidence is not None)
