"""Dry runs: what an upload would bring and cost. Files are read as an ingestion reads them, and nothing is kept."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from anyio import CancelScope

from app.core.errors import CollectionNotFound, DocubotError, EmbeddingMismatch, UnreadableDocument
from app.db import collections as collection_rows
from app.db import documents as document_rows
from app.db import rates as rate_rows
from app.db.session import Database
from app.logic.forecast import Rates, forecast, measured_rate
from app.models.domain import DocumentInfo, OcrRules, Page, ParseWarning, Source
from app.models.estimates import DryOutcome, Estimate
from app.models.requests import ReceivedFile, UploadOptions
from app.ports import Compute
from app.services import analysis
from app.services.ingest import Engines
from app.services.uploads import UploadService

_LACKS_TEXT = frozenset({"no_text_layer", "bad_text_layer"})


class EstimateService:
    """`price`: of a million tokens; `at_once`: files that are read at the same time, whoever asks."""

    def __init__(
        self,
        database: Database,
        engines: Engines,
        uploads: UploadService,
        count_tokens: Callable[[str], int],
        *,
        rates: Rates,
        at_once: int,
    ) -> None:
        self._database = database
        self._engines = engines
        self._uploads = uploads
        self._count_tokens = count_tokens
        self._rates = rates
        self._slots = asyncio.Semaphore(max(1, at_once))
        self._looked_at: Counter[str] = Counter()
        """Hashes by how many dry runs are reading them: the last one puts out the light."""

    async def estimate(self, files: Sequence[ReceivedFile], options: UploadOptions) -> list[DryOutcome]:
        """One outcome a file, in order, and in the place of a ZIP those of the files in it; a file's own problem is in
        its outcome, as in an upload.

        The files' bytes are gone on return, however it ends. Raises EmbeddingMismatch as an upload would.
        """
        expanded = await self._uploads.expand(files)
        return await self._estimate(expanded.files, expanded.spent, options)

    async def _estimate(
        self, files: Sequence[ReceivedFile], spent: Sequence[ReceivedFile], options: UploadOptions
    ) -> list[DryOutcome]:
        held = (*files, *spent)
        hashes = [file.blob.sha256 for file in held if file.blob is not None]
        self._looked_at.update(hashes)
        try:
            rates = await self._measured(options.collection)
            return list(await asyncio.gather(*(self._outcome(file, options, rates) for file in files)))
        finally:
            self._looked_at.subtract(hashes)
            self._looked_at += Counter()  # forgets those that nobody reads
            unread = [file for file in held if file.blob is not None and file.blob.sha256 not in self._looked_at]
            with CancelScope(shield=True):
                await self._uploads.forget(unread)

    async def _measured(self, collection: str) -> Rates:
        async with self._database.read() as connection:
            try:
                found = await collection_rows.by_name(connection, collection)
                if found.embedding_model != self._engines.embedder.model:
                    raise EmbeddingMismatch
            except CollectionNotFound:  # an upload would make it
                pass
            speed = measured_rate(await rate_rows.recently_embedded(connection))
        return Rates(speed, self._rates.price, self._rates.chunk_tokens)

    async def _outcome(self, file: ReceivedFile, options: UploadOptions, rates: Rates) -> DryOutcome:
        try:
            blob, media_type = await self._uploads.check(file)
            path = await self._engines.blobs.local_path(blob.sha256)
            source = Source(path, media_type, file.filename, options.password)
            async with self._slots:
                read = await self._read(source)
        except FileNotFoundError:  # the same bytes were deleted while these arrived
            return _failed(file, UnreadableDocument("The file was being deleted. Send it again."))
        except DocubotError as error:
            return _failed(file, error)
        return DryOutcome(
            filename=file.filename,
            archive=file.archive,
            path=file.path,
            bytes=blob.size,
            sha256=blob.sha256,
            media_type=media_type,
            duplicate=await self._is_known(options.collection, blob.sha256),
            estimate=forecast(read, rates),
        )

    async def _read(self, source: Source) -> Estimate:
        """What is counted, and the seconds that the parser took; pages for OCR are counted and not read."""
        began = time.monotonic()
        scale = _Scale(self._engines.compute, self._count_tokens, self._rates.chunk_tokens, source.filename)
        scans: set[int | None] = set()
        async for event in self._engines.parser.parse(replace(source, ocr=OcrRules(pages=0))):
            if isinstance(event, Page):
                await scale.put(event)
            elif isinstance(event, DocumentInfo):
                scale.title = event.title
            elif isinstance(event, ParseWarning) and event.code in _LACKS_TEXT:
                scans.add(event.page)
        seconds = time.monotonic() - began - scale.seconds
        await scale.weigh()
        return Estimate(
            pages=scale.pages,
            characters=scale.characters,
            tokens=scale.weight.tokens,
            chunks=scale.weight.chunks,
            ocr_pages=len(scans),
            seconds=seconds,
        )

    async def _is_known(self, collection: str, sha256: str) -> bool:
        async with self._database.read() as connection:
            try:
                found = await collection_rows.by_name(connection, collection)
            except CollectionNotFound:
                return False
            return await document_rows.by_hash(connection, found.id, sha256) is not None


class _Scale:
    """Weighs the pages of one file, by stretches, so that a very long one does not fill the memory."""

    def __init__(self, compute: Compute, count_tokens: Callable[[str], int], chunk_tokens: int, filename: str) -> None:
        self._compute = compute
        self._rules = count_tokens, chunk_tokens
        self._filename = filename
        self._held: list[Page] = []
        self._held_characters = 0
        self.title: str | None = None
        self.pages = self.characters = 0
        self.weight = analysis.Weight(0, 0)
        self.seconds = 0.0
        """That it took: it waits for its turn."""

    async def put(self, page: Page) -> None:
        self._held.append(page)
        self.pages += 1
        self.characters += len(page.text)
        self._held_characters += len(page.text)
        if self._held_characters > analysis.STRETCH:
            await self.weigh()

    async def weigh(self) -> None:
        """What is held; call once more at the end."""
        began, (count_tokens, chunk_tokens) = time.monotonic(), self._rules
        more = await self._compute.run(
            analysis.weigh, self._held, count_tokens, self.title, self._filename, chunk_tokens
        )
        self.weight = analysis.Weight(self.weight.chunks + more.chunks, self.weight.tokens + more.tokens)
        self._held, self._held_characters = [], 0
        self.seconds += time.monotonic() - began


def _failed(file: ReceivedFile, error: DocubotError) -> DryOutcome:
    return DryOutcome(file.filename, archive=file.archive, path=file.path, error=error)
