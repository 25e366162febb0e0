"""Files of OpenAI's wire: bytes that are kept before, and after, they are a document of some collection."""

from collections.abc import Callable, Sequence
from datetime import datetime

from app.core.acting import actor
from app.core.errors import (
    DocumentNotFound,
    EmptyFile,
    FileNotFound,
    QuotaExceeded,
    UnsupportedMediaType,
)
from app.db import audit as audit_rows
from app.db import collections as collection_rows
from app.db import files as rows
from app.db import versions as version_rows
from app.db.session import Connection, Database
from app.logic.mediatype import SUPPORTED, sniff
from app.models.access import Caller
from app.models.audit import Action
from app.models.domain import Blob
from app.models.records import StoredFile
from app.models.requests import ReceivedFile
from app.models.stores import File, Window
from app.ports import BlobStore
from app.services.documents import DocumentService
from app.services.quotas import QuotaService


class FileService:
    """What a caller may see: the files of their own tenant, and those that lie in collections they reach."""

    def __init__(self, database: Database, blobs: BlobStore, documents: DocumentService, quotas: QuotaService) -> None:
        self._database = database
        self._blobs = blobs
        self._documents = documents
        self._quotas = quotas

    async def create(
        self, caller: Caller, received: ReceivedFile, purpose: str, expires_at: datetime | None = None
    ) -> File:
        """Durable on return. Raises EmptyFile, UnsupportedMediaType (what no collection would take is refused here),
        QuotaExceeded."""
        try:
            async with self._database.write() as connection:
                return await self._add(connection, caller, received, purpose, expires_at)
        except (EmptyFile, UnsupportedMediaType, QuotaExceeded) as error:
            if received.blob is not None:
                await self._drop_bytes(received.blob.sha256)
            if isinstance(error, QuotaExceeded):
                await self._quotas.tell(error)
            raise

    async def _add(
        self,
        connection: Connection,
        caller: Caller,
        received: ReceivedFile,
        purpose: str,
        expires_at: datetime | None,
    ) -> File:
        blob, media_type = _checked(received)
        await self._quotas.check_file(connection, blob.sha256, blob.size)
        added = await rows.add(
            connection,
            tenant=caller.tenant,
            filename=received.filename,
            media_type=media_type,
            sha256=blob.sha256,
            bytes=blob.size,
            purpose=purpose,
            expires_at=expires_at,
            key_id=actor().key_id,
        )
        await audit_rows.note(connection, Action.FILE_UPLOAD, item=added.id)
        return added

    async def get(self, caller: Caller, file_id: str) -> File:
        """Raises FileNotFound."""
        async with self._database.read() as connection:
            return await self.visible(connection, caller, file_id)

    async def visible(self, connection: Connection, caller: Caller, file_id: str) -> File:
        """Raises FileNotFound, for a file out of reach as well."""
        found = await rows.by_id(connection, file_id)
        if caller.reach is None or (found.tenant is not None and found.tenant == caller.tenant):
            return found
        where = {found.collection} if found.collection else set()
        where |= {name for _, name in await rows.documents_of(connection, file_id)}
        if not any(caller.may(name) for name in where):
            raise FileNotFound
        return found

    async def list(self, caller: Caller, window: Window, purpose: str | None) -> tuple[list[File], bool]:
        async with self._database.read() as connection:
            names = await reachable(connection, caller)
            return await rows.listing(connection, window, tenant=caller.tenant, names=names, purpose=purpose)

    async def content(self, caller: Caller, file_id: str) -> StoredFile:
        """The audit log tells who took it. Raises FileNotFound."""
        found = await self.get(caller, file_id)
        try:
            path = await self._blobs.local_path(found.sha256)
        except FileNotFoundError:
            raise FileNotFound("The stored bytes are missing from the data folder. Upload the file again.") from None
        async with self._database.write() as connection:
            await audit_rows.note(connection, Action.FILE_DOWNLOAD, collection=found.collection, item=file_id)
        return StoredFile(path, found.filename, found.media_type, found.sha256, found.bytes)

    async def delete(self, caller: Caller, file_id: str) -> None:
        """With every document made of it that the caller reaches; bytes go when nothing else has them. Raises
        FileNotFound."""
        async with self._database.write() as connection:
            found = await self.visible(connection, caller, file_id)
            made = await rows.documents_of(connection, file_id)
            await rows.remove(connection, file_id)
            await audit_rows.note(connection, Action.FILE_DELETE, collection=found.collection, item=file_id)
        for document_id, name in made:
            if caller.may(name):
                await self.delete_document(document_id)
        await self._drop_bytes(found.sha256)

    async def delete_expired(self, moment: datetime) -> int:
        """Files whose time has come; their documents stay as long as their collection keeps them."""
        async with self._database.write() as connection:
            gone = [await rows.by_id(connection, key) for key in await rows.expired(connection, moment)]
            for file in gone:
                await rows.remove(connection, file.id)
                await audit_rows.note(connection, Action.FILE_DELETE, item=file.id)
        for file in gone:
            await self._drop_bytes(file.sha256)
        return len(gone)

    async def delete_document(self, document_id: str) -> None:
        """Once: whoever comes second finds it gone."""
        try:
            await self._documents.delete(document_id)
        except DocumentNotFound:
            return

    async def _drop_bytes(self, sha256: str) -> None:
        async with self._database.write() as connection:  # keeps uploads of the same bytes out meanwhile
            if not await version_rows.uses_of(connection, sha256):
                await self._blobs.delete(sha256)


async def keep_by_itself(connection: Connection, caller: Caller, file: File) -> None:
    """Give a document that is its own file a row as a file, so that it outlives the document."""
    if file.tenant is None:
        await rows.add(
            connection,
            id=file.id,
            created_at=file.created_at,
            tenant=caller.tenant,
            filename=file.filename,
            media_type=file.media_type,
            sha256=file.sha256,
            bytes=file.bytes,
            purpose=file.purpose,
            key_id=file.key_id,
        )


async def reachable(connection: Connection, caller: Caller) -> Sequence[str] | None:
    """Names of the collections that the caller reaches; None for all."""
    if caller.reach is None:
        return None
    may: Callable[[str], bool] = caller.may
    return [name for name in await collection_rows.names(connection) if may(name)]


def _checked(received: ReceivedFile) -> tuple[Blob, str]:
    if received.error is not None:
        raise received.error
    if received.blob is None or received.blob.size == 0:
        raise EmptyFile
    media_type = sniff(received.head, received.filename)
    if media_type is None:
        raise UnsupportedMediaType(f"The content is of no supported type. Supported: {', '.join(SUPPORTED.values())}.")
    return received.blob, media_type
