"""Uploads: bytes first, then one transaction that promises the work. The hash decides before any of it is done."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.core.acting import actor
from app.core.errors import (
    EmptyFile,
    QuotaExceeded,
    StorageUnavailable,
    UnsupportedMediaType,
)
from app.db import audit as audit_rows
from app.db import documents as document_rows
from app.db import jobs as job_rows
from app.db import versions as version_rows
from app.db.session import Connection, Database
from app.logic.containers import ARCHIVE
from app.logic.mediatype import SUPPORTED, sniff
from app.models.audit import Action, Outcome
from app.models.domain import Blob
from app.models.jobs import DocumentStatus, JobKind, Lane
from app.models.records import Collection, Document
from app.models.requests import ReceivedFile, UploadOptions, UploadOutcome
from app.ports import BlobStore, BlobWriter, JobQueue
from app.services.archives import ArchiveService, Expanded
from app.services.collections import CollectionService
from app.services.quotas import QuotaService

# Bytes; small files overtake large ones.
_SMALL = 100_000


class UploadService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        queue: JobQueue,
        collections: CollectionService,
        archives: ArchiveService,
        *,
        quotas: QuotaService,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._queue = queue
        self._collections = collections
        self._archives = archives
        self._quotas = quotas

    async def writer(self) -> BlobWriter:
        """Where the bytes of one file part go while they arrive."""
        return await self._blobs.writer(provisional=True)

    async def accept(self, files: Sequence[ReceivedFile], options: UploadOptions) -> list[UploadOutcome]:
        """Documents and ingest jobs for stored files, one outcome each, in order; durable on return.

        In the place of a ZIP stand the files that are in it. A file's own problem is in its outcome. Raises
        EmbeddingMismatch when the collection takes no new documents.
        """
        expanded = await self.expand(files)
        try:
            outcomes = await self.accept_each(options.collection, [(file, options) for file in expanded.files])
        finally:
            await self.forget(expanded.spent)
        pairs = zip(expanded.files, outcomes, strict=True)
        return [replace(outcome, archive=file.archive, path=file.path) for file, outcome in pairs]

    async def expand(self, files: Sequence[ReceivedFile]) -> Expanded:
        """The files, and in the place of each ZIP those that are in it."""
        return await self._archives.expand(files)

    async def accept_all(
        self, collection_name: str, files: Sequence[tuple[ReceivedFile, UploadOptions]]
    ) -> list[UploadOutcome]:
        """All or none, each file with options of its own. Raises what is wrong with the first that is not taken."""
        outcomes: list[UploadOutcome] = []
        try:
            async with self._database.write() as connection:
                collection = await self._collections.ensure(connection, collection_name)
                for file, options in files:
                    outcome = await self._accept_one(connection, collection, file, options)
                    if outcome.error is not None:
                        raise outcome.error
                    await _note(connection, Action.DOCUMENT_UPLOAD, collection.name, outcome)
                    outcomes.append(outcome)
        except QuotaExceeded as error:
            await self._quotas.tell(error)
            raise
        await self._settle(*(file for file, _ in files))
        await self._queue.notify(Lane.READ)
        return outcomes

    async def accept_each(
        self, collection_name: str, files: Sequence[tuple[ReceivedFile, UploadOptions]]
    ) -> list[UploadOutcome]:
        """The same, but for those with a problem of their own, which is then in their outcome."""
        outcomes: list[UploadOutcome] = []
        async with self._database.write() as connection:
            collection = await self._collections.ensure(connection, collection_name)
            for file, options in files:
                try:
                    outcomes.append(await self._accept_one(connection, collection, file, options))
                except (UnsupportedMediaType, EmptyFile, StorageUnavailable, QuotaExceeded) as error:
                    await self._forget(connection, file)
                    outcomes.append(UploadOutcome(file.filename, error=error))
                await _note(connection, Action.DOCUMENT_UPLOAD, collection.name, outcomes[-1])
        await self._settle(*(file for file, _ in files))
        for outcome in outcomes:
            if isinstance(outcome.error, QuotaExceeded):
                await self._quotas.tell(outcome.error)
        await self._queue.notify(Lane.READ)
        return outcomes

    async def forget(self, files: Sequence[ReceivedFile]) -> None:
        """Drop the bytes of files that were only looked at, unless a document has the same."""
        async with self._database.write() as connection:  # keeps uploads of the same bytes out meanwhile
            for file in files:
                await self._forget(connection, file)

    async def _settle(self, *files: ReceivedFile) -> None:
        """Documents have these bytes now, or nobody wants them: no start has to look after them."""
        for sha256 in {file.blob.sha256 for file in files if file.blob is not None}:
            await self._blobs.keep(sha256)

    async def _forget(self, connection: Connection, file: ReceivedFile) -> None:
        """Bytes of a file that is not taken go, unless a document has the same."""
        if file.blob is None:
            return
        if await version_rows.uses_of(connection, file.blob.sha256):
            await self._blobs.keep(file.blob.sha256)
        else:
            await self._blobs.delete(file.blob.sha256)

    async def replace(self, document_id: str, file: ReceivedFile, options: UploadOptions) -> UploadOutcome:
        """A new version of a document; the live one goes on answering until it is whole. Raises DocumentNotFound,
        QuotaExceeded."""
        try:
            outcome = await self._replace(document_id, file, options)
        except QuotaExceeded as error:
            await self._quotas.tell(error)
            raise
        await self._settle(file)
        if not outcome.duplicate:
            await self._queue.notify(Lane.READ)
        return outcome

    async def _replace(self, document_id: str, file: ReceivedFile, options: UploadOptions) -> UploadOutcome:
        async with self._database.write() as connection:
            document = await document_rows.by_id(connection, document_id)
            try:
                blob, media_type = await self.check(file)
                if blob.sha256 == document.sha256 and document.live_version_id is not None:
                    same = _duplicate(file, blob, document)
                    await _note(connection, Action.DOCUMENT_REPLACE, document.collection, same)
                    return same
                await self._quotas.check_document(connection, blob.sha256, blob.size, document_id)
            except (UnsupportedMediaType, EmptyFile, QuotaExceeded):
                await self._forget(connection, file)
                raise
            number = document.latest_version + 1
            values: dict[str, Any] = {"latest_version": number}
            if document.live_version_id is None:
                values |= {"status": DocumentStatus.QUEUED, "error_code": None, "error_message": None}
            await document_rows.change(connection, document_id, **values)
            version = _version_values(file, blob, media_type, number, options)
            job_id = await self._add_version(connection, document.collection_id, document_id, version)
            document = await document_rows.by_id(connection, document_id)
            outcome = UploadOutcome(file.filename, None, document, number, blob.sha256, blob.size, job_id)
            await _note(connection, Action.DOCUMENT_REPLACE, document.collection, outcome)
        return outcome

    async def _accept_one(
        self, connection: Connection, collection: Collection, file: ReceivedFile, options: UploadOptions
    ) -> UploadOutcome:
        if file.error is not None:
            return UploadOutcome(file.filename, error=file.error)
        blob, media_type = await self.check(file)
        if file.file_id is None:
            known = await document_rows.by_hash(connection, collection.id, blob.sha256)
        else:
            known = await document_rows.by_file(connection, collection.id, file.file_id)
        if known is not None and known.status not in (DocumentStatus.FAILED, DocumentStatus.CANCELLED):
            return _duplicate(file, blob, known)
        known_id = None if known is None else known.id
        await self._quotas.check_document(connection, blob.sha256, blob.size, known_id)
        if known is not None:
            job_id = await self._once_more(connection, known, options)
            known = await document_rows.by_id(connection, known.id)
            return UploadOutcome(file.filename, None, known, known.version, blob.sha256, blob.size, job_id)
        document_id = await document_rows.add(
            connection,
            collection_id=collection.id,
            filename=file.filename,
            media_type=media_type,
            language=options.language,
            metadata=options.metadata,
            file_id=file.file_id,
            chunk_tokens=options.chunk_tokens,
            chunk_overlap=options.chunk_overlap,
        )
        values = _version_values(file, blob, media_type, 1, options)
        job_id = await self._add_version(connection, collection.id, document_id, values)
        document = await document_rows.by_id(connection, document_id)
        return UploadOutcome(file.filename, None, document, 1, blob.sha256, blob.size, job_id)

    async def _once_more(self, connection: Connection, document: Document, options: UploadOptions) -> str:
        """The bytes of a document that failed came again, perhaps with the password that was missing."""
        version = await version_rows.shown(connection, document.id, None)
        brought: dict[str, Any] = {"key_id": actor().key_id}  # it counts against whoever brought it last
        if options.password is not None:
            brought["password"] = options.password
        await version_rows.change(connection, version.id, **brought)
        await document_rows.change(
            connection, document.id, status=DocumentStatus.QUEUED, error_code=None, error_message=None
        )
        return await job_rows.add(
            connection,
            JobKind.INGEST,
            collection_id=document.collection_id,
            document_id=document.id,
            version_id=version.id,
            priority=_priority(version.bytes),
        )

    async def _add_version(
        self, connection: Connection, collection_id: str, document_id: str, values: dict[str, Any]
    ) -> str:
        version_id = await version_rows.add(connection, document_id=document_id, collection_id=collection_id, **values)
        return await job_rows.add(
            connection,
            JobKind.INGEST,
            collection_id=collection_id,
            document_id=document_id,
            version_id=version_id,
            priority=_priority(values["bytes"]),
        )

    async def check(self, file: ReceivedFile) -> tuple[Blob, str]:
        """A file's bytes and type. Raises EmptyFile, UnsupportedMediaType, StorageUnavailable."""
        if file.error is not None:
            raise file.error
        if file.blob is None or file.blob.size == 0:
            raise EmptyFile
        media_type = sniff(file.head, file.filename)
        if media_type is None:
            raise UnsupportedMediaType(
                f"The content is of no supported type. Supported: {', '.join(SUPPORTED.values())}."
            )
        if media_type == ARCHIVE:
            raise UnsupportedMediaType("A ZIP holds documents and is none itself. POST it to /upload.")
        if not await self._blobs.exists(file.blob.sha256):  # the same bytes were deleted while these arrived
            raise StorageUnavailable("The file was being deleted at this moment. Upload it again.")
        return file.blob, media_type


def _version_values(
    file: ReceivedFile, blob: Blob, media_type: str, number: int, options: UploadOptions
) -> dict[str, Any]:
    return {
        "number": number,
        "sha256": blob.sha256,
        "bytes": blob.size,
        "filename": file.filename,
        "media_type": media_type,
        "password": options.password,
        "language": options.language,
        "key_id": actor().key_id,
    }


async def _note(connection: Connection, action: Action, collection: str, told: UploadOutcome) -> None:
    outcome = Outcome.UNCHANGED if told.duplicate else Outcome.QUEUED
    await audit_rows.note(
        connection,
        action,
        outcome if told.error is None else Outcome.REFUSED,
        collection=collection,
        document_id=None if told.document is None else told.document.id,
        item=None if told.duplicate else told.job_id,
    )


def _duplicate(file: ReceivedFile, blob: Blob, document: Document) -> UploadOutcome:
    return UploadOutcome(
        file.filename, None, document, document.version, blob.sha256, blob.size, document.job_id, duplicate=True
    )


def _priority(size: int) -> int:
    """0 for small files, one more for each tenfold: a letter does not wait behind an encyclopaedia."""
    return max(0, round(math.log10(max(size, 1) / _SMALL)))
