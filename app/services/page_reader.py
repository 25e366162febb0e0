"""The first stage of ingestion: a version's file becomes stored pages, as many as its key may have."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import cast

from app.core.errors import QuotaExceeded, UnreadableDocument
from app.db import versions as version_rows
from app.db.codec import pack_warnings
from app.db.session import Database
from app.db.versions import Version
from app.models.domain import DocumentInfo, Page, ParseEvent, ParseWarning, Source
from app.models.jobs import Stage
from app.ports import BlobStore, Parser
from app.services.progress import JobProgress
from app.services.quotas import QuotaService

_PAGES_A_TRANSACTION = 32


class PageReader:
    """`share`: of the whole job that reading is, 0..1."""

    def __init__(
        self, database: Database, blobs: BlobStore, parser: Parser, quotas: QuotaService, *, share: float
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._parser = parser
        self._quotas = quotas
        self._share = share

    async def read(self, version: Version, progress: JobProgress) -> None:
        """Raises DocumentError's subclasses, and QuotaExceeded: then no page of it stays."""
        try:
            await self._read(version, progress)
        except QuotaExceeded as error:
            async with self._database.write(alone=False) as connection:
                await version_rows.clear_pages(connection, version.id)
            await self._quotas.tell(error)
            raise

    async def source(self, version: Version) -> Source:
        """The version's file as a parser takes it. Raises UnreadableDocument when its bytes are gone."""
        try:
            path = await self._blobs.local_path(version.sha256)
        except FileNotFoundError:
            raise UnreadableDocument("The stored file is missing from the data folder. Upload it again.") from None
        return Source(path, version.media_type, version.filename, version.password)

    async def _read(self, version: Version, progress: JobProgress) -> None:
        room = await self._quotas.room_for_pages(version)
        async with self._database.write(alone=False) as connection:
            await version_rows.clear_pages(connection, version.id)
        info: DocumentInfo | None = None
        warnings: list[ParseWarning] = []
        batch: list[Page] = []
        seen = characters = 0
        parsed = cast("AsyncGenerator[ParseEvent]", self._parser.parse(await self.source(version)))
        async with aclosing(parsed) as events:
            async for event in events:
                if isinstance(event, DocumentInfo):
                    info = event
                elif isinstance(event, ParseWarning):
                    warnings.append(event)
                else:
                    batch.append(event)
                    characters += len(event.text.strip())
                    room.check(seen + len(batch))  # in time: the rest need not be read
                if len(batch) == _PAGES_A_TRANSACTION:
                    seen += await self._store_pages(version.id, batch)
                    await self._tell_pages(progress, seen, info)
        seen += await self._store_pages(version.id, batch)
        if info is None:
            raise UnreadableDocument
        await self._tell_pages(progress, seen, replace(info, page_count=seen))
        if not characters:
            pages = "page 1 has" if seen == 1 else f"pages 1 to {seen} have"
            warnings.append(ParseWarning("no_text", f"Nothing in it can be searched: {pages} no text."))
        values = {"page_count": seen, "character_count": characters, "parser": info.parser, "title": info.title}
        async with self._database.write(alone=room.limit is not None) as connection:
            await self._quotas.check_pages(connection, version, seen)
            await version_rows.change(connection, version.id, warnings=pack_warnings(warnings), **values)

    async def _store_pages(self, version_id: str, batch: list[Page]) -> int:
        async with self._database.write(alone=False) as connection:
            await version_rows.add_pages(connection, version_id, batch)
        stored = len(batch)
        batch.clear()
        return stored

    async def _tell_pages(self, progress: JobProgress, seen: int, info: DocumentInfo | None) -> None:
        total = info.page_count if info else seen
        await progress.advance(Stage.PARSE.value, seen / max(total, 1) * self._share, {"pages": seen, "of": total})
