"""What leaves by itself: files, vector stores and sessions whose term is over, and old lines of the webhooks' log."""

import asyncio
from datetime import timedelta

from app.core.errors import DocubotError
from app.core.logging import get_logger
from app.db import deliveries
from app.db import documents as document_rows
from app.db import sessions as session_rows
from app.db.session import Database, now
from app.services.files import FileService
from app.services.translate_files import TranslateFileService
from app.services.vector_stores import VectorStoreService

_SECONDS = 60.0
_DELIVERIES_KEPT = timedelta(days=30)
_log = get_logger(__name__)


class RetentionService:
    def __init__(
        self, database: Database, files: FileService, stores: VectorStoreService, translated: TranslateFileService
    ) -> None:
        self._database = database
        self._files = files
        self._stores = stores
        self._translated = translated

    async def sweep(self) -> int:
        """Delete what is due and tell how many files and documents went. The stores themselves stay, as expired."""
        moment = now()
        async with self._database.write() as connection:
            await deliveries.forget(connection, moment - _DELIVERIES_KEPT)
            await session_rows.forget_expired(connection, moment)
        gone = await self._files.delete_expired(moment) + await self._translated.delete_old()
        for collection in await self._stores.expired(moment):
            async with self._database.read() as connection:
                leaving = await document_rows.ids_of_collection(connection, collection.id)
            for document_id in leaving:
                await self._files.delete_document(document_id)
            gone += len(leaving)
        return gone

    async def watch(self) -> None:
        """Sweep now and every minute, for ever."""
        while True:
            try:
                await self.sweep()
            except DocubotError as error:
                _log.warning("sweep_failed", reason=error.detail)
            await asyncio.sleep(_SECONDS)
