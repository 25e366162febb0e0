"""Files in vector stores: documents of a collection, made of stored files, one by one or in batches."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from anyio import to_thread

from app.core.errors import DocubotError, FileNotFound, StorageUnavailable
from app.db import audit as audit_rows
from app.db import documents as document_rows
from app.db import files as file_rows
from app.db import stores as rows
from app.db import versions as version_rows
from app.db.session import Database
from app.logic.mediatype import HEAD_BYTES
from app.models.access import Caller
from app.models.audit import Action
from app.models.domain import Blob
from app.models.records import Document, Scalar
from app.models.requests import ReceivedFile, UploadOptions
from app.models.stores import Attachment, File, FileBatch, Window
from app.ports import BlobStore
from app.services.documents import DocumentService
from app.services.files import FileService, keep_by_itself
from app.services.jobs import JobService
from app.services.uploads import UploadService
from app.services.vector_stores import VectorStoreService


class StoreFileService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        uploads: UploadService,
        documents: DocumentService,
        jobs: JobService,
        *,
        files: FileService,
        stores: VectorStoreService,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._uploads = uploads
        self._documents = documents
        self._jobs = jobs
        self._files = files
        self._stores = stores

    async def attach(self, caller: Caller, store_id: str, wanted: Sequence[Attachment]) -> list[Document]:
        """Documents for stored files, in order, and their jobs; a file that is in the store already stays as it is.

        All or none: raises VectorStoreNotFound, VectorStoreExpired, FileNotFound, EmbeddingMismatch, QuotaExceeded.
        """
        store = await self._stores.usable(caller, store_id)
        async with self._database.read() as connection:
            found = [await self._files.visible(connection, caller, item.file_id) for item in wanted]
        received = [(await self._received(file), _options(item)) for file, item in zip(found, wanted, strict=True)]
        async with self._database.write() as connection:
            for file in {file.id: file for file in found}.values():
                if (await file_rows.by_id(connection, file.id)).tenant is None:
                    here = await document_rows.by_file(connection, store_id, file.id)
                    if here is None:  # else it is of this very store: nothing to do
                        await keep_by_itself(connection, caller, file)
        outcomes = await self._uploads.accept_all(store.collection.name, received)
        return [outcome.document for outcome in outcomes if outcome.document is not None]

    async def attach_first(self, caller: Caller, store_id: str, wanted: Sequence[Attachment]) -> None:
        """As `attach`, to a store that was just made for these files: it goes again when they cannot be in it."""
        try:
            await self.attach(caller, store_id, wanted)
        except DocubotError:
            await self._stores.delete(caller, store_id)
            raise

    async def get(self, caller: Caller, store_id: str, file_id: str) -> Document:
        """Raises VectorStoreNotFound, FileNotFound."""
        async with self._database.read() as connection:
            await self._stores.visible(connection, caller, store_id)
            found = await document_rows.by_file(connection, store_id, file_id)
        if found is None:
            raise FileNotFound("The vector store has no such file.")
        return found

    async def list(
        self, caller: Caller, store_id: str, window: Window, *, state: str | None, batch_id: str | None = None
    ) -> tuple[list[Document], bool]:
        """The window's ids are files'. Raises VectorStoreNotFound, FileBatchNotFound, FileNotFound (of the window)."""
        async with self._database.read() as connection:
            await self._stores.visible(connection, caller, store_id)
            if batch_id is not None:
                await rows.batch(connection, store_id, batch_id)
            cursors = {}
            for name in ("after", "before"):
                key = getattr(window, name)
                found = None if key is None else await document_rows.by_file(connection, store_id, key)
                if key is not None and found is None:
                    raise FileNotFound(f"The vector store has no file of the id that `{name}` names.")
                cursors[name] = None if found is None else found.id
            own = Window(window.limit, descending=window.descending, **cursors)
            return await rows.documents_in(connection, own, collection_id=store_id, state=state, batch_id=batch_id)

    async def set_attributes(
        self, caller: Caller, store_id: str, file_id: str, attributes: Mapping[str, Scalar]
    ) -> Document:
        """Raises VectorStoreNotFound, FileNotFound."""
        found = await self.get(caller, store_id, file_id)
        return await self._documents.update(found.id, attributes, None)

    async def detach(self, caller: Caller, store_id: str, file_id: str) -> None:
        """The document goes, the file stays. Raises VectorStoreNotFound, FileNotFound."""
        document = await self.get(caller, store_id, file_id)
        async with self._database.write() as connection:
            if document.file_id is None:
                await keep_by_itself(connection, caller, await file_rows.by_id(connection, document.id))
        await self._files.delete_document(document.id)

    async def texts(self, caller: Caller, store_id: str, file_id: str) -> tuple[Document, Sequence[str]]:
        """The text that was read, page by page. Raises VectorStoreNotFound, FileNotFound."""
        document = await self.get(caller, store_id, file_id)
        async with self._database.read() as connection:
            version = await version_rows.shown(connection, document.id, None)
            return document, [page.text for page in await version_rows.all_pages(connection, version.id)]

    # ------------------------------------------------------------ batches

    async def attach_batch(self, caller: Caller, store_id: str, wanted: Sequence[Attachment]) -> FileBatch:
        documents = await self.attach(caller, store_id, wanted)
        async with self._database.write() as connection:
            batch_id = await rows.add_batch(connection, store_id, [document.id for document in documents])
            return await rows.batch(connection, store_id, batch_id)

    async def batch(self, caller: Caller, store_id: str, batch_id: str) -> FileBatch:
        """Raises VectorStoreNotFound, FileBatchNotFound."""
        async with self._database.read() as connection:
            await self._stores.visible(connection, caller, store_id)
            return await rows.batch(connection, store_id, batch_id)

    async def cancel_batch(self, caller: Caller, store_id: str, batch_id: str) -> FileBatch:
        """Ask every unfinished document of it to stop. Raises VectorStoreNotFound, FileBatchNotFound."""
        await self.batch(caller, store_id, batch_id)
        async with self._database.write() as connection:
            await rows.cancel_batch(connection, batch_id)
            store = await self._stores.visible(connection, caller, store_id)
            await audit_rows.note(connection, Action.JOB_CANCEL, collection=store.collection.name, item=batch_id)
        window = Window(limit=100, descending=False)
        while True:
            found, more = await self.list(caller, store_id, window, state="in_progress", batch_id=batch_id)
            for document in found:
                if document.job_id is not None:
                    await self._jobs.cancel(document.job_id)
            if not more:
                return await self.batch(caller, store_id, batch_id)
            window = Window(limit=100, after=found[-1].file_id or found[-1].id, descending=False)

    async def _received(self, file: File) -> ReceivedFile:
        try:
            path = await self._blobs.local_path(file.sha256)
            head = await to_thread.run_sync(_head, path)
        except OSError:
            raise StorageUnavailable("The file's bytes are not in the data folder any more. Upload it again.") from None
        return ReceivedFile(file.filename, Blob(file.sha256, file.bytes), head, file_id=file.id)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _options(item: Attachment) -> UploadOptions:
    return UploadOptions(metadata=item.attributes, chunk_tokens=item.chunk_tokens, chunk_overlap=item.chunk_overlap)
