"""Documents in another language: ask for one, see how it goes, fetch the file, try again what failed."""

from pathlib import PurePath

from app.core.errors import (
    DocumentNotFound,
    LLMNotConfigured,
    NotRetryable,
    TranslationNotFound,
    TranslationNotReady,
)
from app.db import audit as audit_rows
from app.db import documents as document_rows
from app.db import jobs as job_rows
from app.db import translations as rows
from app.db import versions as version_rows
from app.db.session import Connection, Database, now
from app.models.audit import Action, Outcome
from app.models.jobs import JobKind, JobStatus, Lane
from app.models.records import JobRecord, Listing, StoredFile, page_of
from app.models.translation import AlignedPage, DocumentTranslation, Estimate, TranslationRequest
from app.ports import BlobStore, JobQueue
from app.services.translate_files import drop_unused
from app.services.translate_job import work_of
from app.services.translation_drafts import TranslationDrafts
from app.services.translator import Translator
from app.services.worker import Worker


class DocumentTranslationService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        drafts: TranslationDrafts,
        translator: Translator,
        worker: Worker,
        queue: JobQueue,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._drafts = drafts
        self._translator = translator
        self._worker = worker
        self._queue = queue

    async def request(self, document_id: str, request: TranslationRequest) -> tuple[DocumentTranslation, JobRecord]:
        """Queue a translation of what is shown of the document.

        Raises DocumentNotFound, OutputNotPossible, FontMissing, LLMNotConfigured, TokenQuotaExceeded.
        """
        if not self._translator.configured:
            raise LLMNotConfigured
        await self._translator.admit()
        async with self._database.write() as connection:
            await document_rows.by_id(connection, document_id)
            version = await version_rows.shown(connection, document_id, None)
            if not version.page_count:
                raise DocumentNotFound("The document has not been read yet. Translate it once its job has ended.")
            suffix, media_type = self._drafts.form(version, request.output, request.target)
            identity = await rows.add(
                connection,
                request,
                document_id=document_id,
                version_id=version.id,
                filename=f"{PurePath(version.filename).stem}.{request.target}{suffix}",
                media_type=media_type,
            )
            record = await self._queued(connection, identity)
            made = await rows.by_id(connection, identity)
            await _note(connection, Action.DOCUMENT_TRANSLATE, Outcome.QUEUED, made)
        await self._queue.notify(Lane.TRANSLATE)
        return made, record

    async def estimate(self, document_id: str, request: TranslationRequest) -> Estimate:
        """What it would cost. Raises DocumentNotFound, OutputNotPossible, FontMissing, DocumentError."""
        async with self._database.read() as connection:
            await document_rows.by_id(connection, document_id)
            version = await version_rows.shown(connection, document_id, None)
            pages = await version_rows.all_pages(connection, version.id)
        asked = DocumentTranslation(
            id="",
            document_id=document_id,
            version_id=version.id,
            job_id="",
            source=request.source,
            target=request.target,
            output=request.output,
            glossary=request.glossary,
            terms=request.terms,
            report=None,
            sha256=None,
            bytes=0,
            filename="",
            media_type="",
            created_at=now(),
            finished_at=None,
        )
        draft = await self._drafts.open(asked, version, pages)
        return await self._translator.estimate(work_of(asked, version, pages, draft.found))

    async def list(self, document_id: str, cursor: str | None, limit: int) -> Listing[DocumentTranslation]:
        """Newest first. Raises DocumentNotFound."""
        async with self._database.read() as connection:
            await document_rows.by_id(connection, document_id)
            return await rows.listing(connection, document_id, cursor, limit)

    async def get(self, document_id: str, identity: str) -> tuple[DocumentTranslation, JobRecord]:
        """Raises DocumentNotFound, TranslationNotFound."""
        async with self._database.read() as connection:
            found = await self._found(connection, document_id, identity)
            return found, await job_rows.record(connection, found.job_id)

    async def finished(self, collection: str, identity: str) -> DocumentTranslation:
        """One of a document in that collection. Raises TranslationNotFound, TranslationNotReady."""
        async with self._database.read() as connection:
            found = await rows.by_id(connection, identity)
            document = await document_rows.by_id(connection, found.document_id)
        if document.collection != collection:
            raise TranslationNotFound
        if found.sha256 is None:
            raise TranslationNotReady
        return found

    async def file(self, document_id: str, identity: str) -> StoredFile:
        """Raises DocumentNotFound, TranslationNotFound, TranslationNotReady."""
        async with self._database.read() as connection:
            found = await self._found(connection, document_id, identity)
        if found.sha256 is None:
            raise TranslationNotReady
        try:
            path = await self._blobs.local_path(found.sha256)
        except FileNotFoundError:
            raise TranslationNotFound("The file is missing from the data folder. Retry the translation.") from None
        return StoredFile(path, found.filename, found.media_type, found.sha256, found.bytes)

    async def pages(self, document_id: str, identity: str, after: int | None, limit: int) -> Listing[AlignedPage]:
        """The finished translation beside its source, in order; the cursor is the number of the last page seen.

        Raises DocumentNotFound, TranslationNotFound, TranslationNotReady.
        """
        async with self._database.read() as connection:
            found = await self._found(connection, document_id, identity)
            if found.sha256 is None:
                raise TranslationNotReady
            items = await rows.pages(connection, identity, after or 0, limit + 1)
        return page_of(items, limit, lambda page: str(page.number))

    async def retry(self, document_id: str, identity: str) -> tuple[DocumentTranslation, JobRecord]:
        """Run again what failed; the rest comes from the memory. Raises NotRetryable when there is nothing to do,
        TokenQuotaExceeded."""
        await self._translator.admit()
        async with self._database.write() as connection:
            found = await self._found(connection, document_id, identity)
            last = await job_rows.record(connection, found.job_id)
            if not last.status.final:
                raise NotRetryable("The translation is still under way.")
            if last.status is JobStatus.SUCCEEDED:
                raise NotRetryable("Every segment of this translation is done already.")
            record = await self._queued(connection, identity)
            await _note(connection, Action.TRANSLATION_RETRY, Outcome.QUEUED, found)
            found = await rows.by_id(connection, identity)
        await self._queue.notify(Lane.TRANSLATE)
        return found, record

    async def delete(self, document_id: str, identity: str) -> None:
        """With its file; a job under way is cancelled. Raises DocumentNotFound, TranslationNotFound."""
        async with self._database.read() as connection:
            found = await self._found(connection, document_id, identity)
        await self._worker.cancel(found.job_id)
        async with self._database.write() as connection:
            found = await self._found(connection, document_id, identity)
            await rows.remove(connection, identity)
            await _note(connection, Action.TRANSLATION_DELETE, Outcome.DONE, found)
            if found.sha256 is not None:
                await drop_unused(connection, self._blobs, found.sha256)

    async def _found(self, connection: Connection, document_id: str, identity: str) -> DocumentTranslation:
        await document_rows.by_id(connection, document_id)
        found = await rows.by_id(connection, identity)
        if found.document_id != document_id:
            raise TranslationNotFound
        return found

    async def _queued(self, connection: Connection, identity: str) -> JobRecord:
        found = await rows.by_id(connection, identity)
        version = await version_rows.by_id(connection, found.version_id)
        job_id = await job_rows.add(
            connection,
            JobKind.TRANSLATE,
            collection_id=version.collection_id,
            document_id=found.document_id,
            version_id=found.version_id,
            payload={"translation_id": identity},
            lane=Lane.TRANSLATE,
        )
        await rows.assign(connection, identity, job_id)
        return await job_rows.record(connection, job_id)


async def _note(connection: Connection, action: Action, outcome: Outcome, made: DocumentTranslation) -> None:
    document = await document_rows.by_id(connection, made.document_id)
    await audit_rows.note(
        connection, action, outcome, collection=document.collection, document_id=document.id, item=made.id
    )
