"""From stored bytes to a document that answers: parse, chunk, keyword index, embed, vector index, publish.

Each stage ends in a transaction that names the next one, and each begins by clearing what an interrupted run of itself
may have left. So a crash at any point resumes, and nobody ever sees a half: a first version becomes visible when all
of its text can be found by keyword, a later one only when it is whole, in one step with its predecessor's leaving.
Versions of one document may be ingested side by side; one that a later version has overtaken steps aside.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import timedelta

from app.core.errors import EmbeddingMismatch, VectorIndexUnavailable
from app.core.tracing import span
from app.db import chunks as chunk_rows
from app.db import collections as collection_rows
from app.db import documents as document_rows
from app.db import jobs as job_rows
from app.db import versions as version_rows
from app.db.session import Connection, Database, now
from app.db.versions import Version
from app.models.domain import Page
from app.models.jobs import DocumentStatus, Job, JobKind, Lane, Stage
from app.ports import BlobStore, Compute, Embedder, KeywordIndex, Parser, VectorIndex
from app.services import analysis
from app.services.indexing import Indexer
from app.services.outcomes import HandOver
from app.services.page_reader import PageReader
from app.services.progress import JobProgress
from app.services.quotas import QuotaService

_HEADING_TOKENS = 64

# How far a job is when a stage begins; embedding is what takes the time.
_BEGINS: dict[Stage, float] = {
    Stage.PARSE: 0.0,
    Stage.CHUNK: 0.15,
    Stage.KEYWORD: 0.2,
    Stage.EMBED: 0.25,
    Stage.VECTOR: 0.93,
    Stage.PUBLISH: 0.99,
}


@dataclass(frozen=True, slots=True)
class Engines:
    """The ports that ingestion drives."""

    blobs: BlobStore
    parser: Parser
    compute: Compute
    embedder: Embedder
    keywords: KeywordIndex
    vectors: VectorIndex


@dataclass(frozen=True, slots=True)
class IngestRules:
    """What the settings say of ingestion: tokens a chunk, and days that a replaced version can still be opened."""

    chunk_tokens: int = 256
    retention_days: int = 30
    stretch: int = analysis.STRETCH
    """Characters of pages that are analysed at once."""


class IngestService:
    """The handler of ingest jobs."""

    def __init__(
        self,
        database: Database,
        engines: Engines,
        count_tokens: Callable[[str], int],
        rules: IngestRules,
        *,
        quotas: QuotaService,
    ) -> None:
        self._database = database
        self._engines = engines
        self._count_tokens = count_tokens
        self._chunk_tokens = rules.chunk_tokens
        self._retention = timedelta(days=rules.retention_days)
        self._stretch = rules.stretch
        self._indexer = Indexer(database, engines.compute, engines.embedder, engines.keywords, engines.vectors)
        share = _BEGINS[Stage.CHUNK] - _BEGINS[Stage.PARSE]
        self._reader = PageReader(database, engines.blobs, engines.parser, quotas, share=share)
        self._stages: dict[Stage, Callable[[Version, JobProgress], Awaitable[None]]] = {
            Stage.PARSE: self._parse,
            Stage.CHUNK: self._chunk,
            Stage.KEYWORD: self._keyword,
            Stage.EMBED: self._embed,
            Stage.VECTOR: self._vector,
            Stage.PUBLISH: self._publish,
        }

    # ------------------------------------------------------------ as a job

    async def run(self, job: Job, progress: JobProgress) -> bool:
        """Run the stages from `job.stage` on. Returns whether the parse report holds warnings."""
        version_id = _version_of(job)
        order = list(self._stages)
        first = order.index(Stage(job.stage)) if job.stage else 0
        if not (await self._version(version_id)).keyword_ready:  # a failure took it out of the index again
            first = min(first, order.index(Stage.KEYWORD))
        if first <= order.index(Stage.EMBED):
            await self._set_status(version_id, DocumentStatus.PROCESSING)
        for stage in order[first:]:
            if stage is not Stage.PUBLISH and await self._is_overtaken(version_id):
                continue
            await progress.enter(stage.value, _BEGINS[stage])
            if stage is Stage.EMBED and job.lane is not Lane.EMBED:
                raise HandOver(Lane.EMBED)
            with span(stage.value):
                await self._stages[stage](await self._version(version_id), progress)
        return bool((await self._version(version_id)).warnings)

    async def undo(self, job: Job) -> None:
        """After a cancel: nothing of this version stays but its row, so that it can be retried."""
        await self._withdraw(job, DocumentStatus.CANCELLED, None, None)

    async def give_up(self, job: Job, code: str, message: str) -> None:
        await self._withdraw(job, DocumentStatus.FAILED, code, message)

    async def _withdraw(self, job: Job, status: DocumentStatus, code: str | None, message: str | None) -> None:
        version_id = _version_of(job)
        async with self._database.write() as connection:
            version = await version_rows.find(connection, version_id)
            if version is None:  # deleted meanwhile, with all that it had
                return
            state = await document_rows.live_version(connection, version.document_id)
            if state is None or state[0] is DocumentStatus.DELETING:  # which takes all away, and counts it
                return
            if not await version_rows.is_overtaken(connection, version):
                values = {"error_code": code, "error_message": message}
                if state[1] in (None, version_id):  # else an older version goes on answering
                    values |= {"status": status, "live_version_id": None}
                await document_rows.change(connection, version.document_id, **values)
            await version_rows.change(connection, version_id, keyword_ready=False, vectors_ready=False)
            collection = await collection_rows.by_id(connection, version.collection_id)
            made = await chunk_rows.ids_of_version(connection, version_id)
        await self._engines.keywords.remove(version.collection_id, [version_id])
        if collection is not None and made:
            with suppress(VectorIndexUnavailable):  # what stays behind is not visible, and `check` finds it
                await self._engines.vectors.delete(collection.index_id, made)
        if status is DocumentStatus.CANCELLED:
            async with self._database.write() as connection:
                await version_rows.clear(connection, version_id)
                await chunk_rows.replace(connection, version, [])
                await job_rows.change(connection, job.id, stage=None)

    # ------------------------------------------------------------ stages

    async def _parse(self, version: Version, progress: JobProgress) -> None:
        """Meanwhile the process that will analyze the text starts, if none does yet."""
        warming = asyncio.ensure_future(self._engines.compute.run(analysis.warm, self._count_tokens))
        warming.add_done_callback(lambda done: done.cancelled() or done.exception())  # the work itself will tell
        try:
            await self._reader.read(version, progress)
        finally:
            warming.cancel()

    async def _chunk(self, version: Version, progress: JobProgress) -> None:
        async with self._database.write(alone=False) as connection:
            await chunk_rows.replace(connection, version, [])
        title, count, spoken, last = version.title, 0, Counter[str](), 0
        while pages := await self._pages_after(version, last):
            made = await self._engines.compute.run(
                analysis.analyze, pages, self._count_tokens, version.title, self._sizes(version)
            )
            async with self._database.write(alone=False) as connection:
                await chunk_rows.add(connection, version, made.chunks, before=count)
                await version_rows.set_languages(connection, version.id, made.page_languages, first=pages[0].number)
            title = made.title if pages[0].number == 1 else title
            count, spoken = count + len(made.chunks), spoken + Counter(made.characters)
            last = pages[-1].number
        language = version.language or max(spoken, key=lambda code: spoken[code], default=None)
        async with self._database.write(alone=False) as connection:
            await version_rows.change(connection, version.id, chunk_count=count, title=title, language=language)

    async def _pages_after(self, version: Version, number: int) -> list[Page]:
        async with self._database.read() as connection:
            return await version_rows.pages_after(connection, version.id, number, characters=self._stretch)

    async def _keyword(self, version: Version, progress: JobProgress) -> None:
        await self._indexer.put_keywords(version)
        async with self._database.write() as connection:
            await version_rows.change(connection, version.id, keyword_ready=True)
            document = await document_rows.by_id(connection, version.document_id)
            if document.live_version_id is None:
                await document_rows.go_live(connection, document, version, DocumentStatus.SEARCHABLE)

    async def _embed(self, version: Version, progress: JobProgress) -> None:
        total, begin = version.chunk_count, _BEGINS[Stage.EMBED]
        async with aclosing(self._indexer.embed_missing(version)) as steps:
            async for done in steps:
                share = begin + done / total * (_BEGINS[Stage.VECTOR] - begin)
                await progress.advance(Stage.EMBED.value, share, {"chunks": done, "of": total})
                if done < total and await progress.should_make_way():
                    raise HandOver(Lane.EMBED)

    async def _vector(self, version: Version, progress: JobProgress) -> None:
        async with self._database.read() as connection:
            collection = await collection_rows.by_id(connection, version.collection_id)
        if collection is None or collection.embedding_model != self._engines.embedder.model:
            raise EmbeddingMismatch
        await self._indexer.fill_vectors(version, collection.embedding_model, collection.index_id)
        async with self._database.write() as connection:
            now_serving = await collection_rows.by_id(connection, version.collection_id)
            same = now_serving is not None and now_serving.index_id == collection.index_id
            await version_rows.change(connection, version.id, vectors_ready=same)
        if not same:  # a reindex finished meanwhile: fill the index that took over
            await self._vector(version, progress)

    async def _publish(self, version: Version, progress: JobProgress) -> None:
        async with self._database.write() as connection:
            document = await document_rows.by_id(connection, version.document_id)
            if await version_rows.is_overtaken(connection, version):
                await self._retire(connection, version, version.id)
                return
            status = DocumentStatus.READY_WITH_WARNINGS if version.warnings else DocumentStatus.READY
            await document_rows.go_live(connection, document, version, status)
            if document.live_version_id not in (None, version.id):
                await self._retire(connection, version, document.live_version_id)

    async def _retire(self, connection: Connection, version: Version, retired_id: str) -> None:
        """Queue the leaving of a version that answers no more, or never will: the indexes now, text and file later."""
        for what, when in (("index", now()), ("version", now() + self._retention)):
            job_id = await job_rows.add(
                connection,
                JobKind.DELETE,
                collection_id=version.collection_id,
                document_id=version.document_id,
                version_id=retired_id,
                priority=10,
                payload={"what": what},
            )
            await job_rows.change(connection, job_id, run_after=when)

    # ------------------------------------------------------------ small things

    def _sizes(self, version: Version) -> analysis.Sizes:
        """As asked for, so far as the model reads a chunk together with its headings."""
        if version.chunk_tokens is None:
            return analysis.Sizes(self._chunk_tokens)
        longest = min(version.chunk_tokens, self._engines.embedder.max_tokens - _HEADING_TOKENS)
        return analysis.Sizes(longest, min(version.chunk_overlap or 0, longest // 2))

    async def _version(self, version_id: str) -> Version:
        async with self._database.read() as connection:
            return await version_rows.by_id(connection, version_id)

    async def _is_overtaken(self, version_id: str) -> bool:
        async with self._database.read() as connection:
            return await version_rows.is_overtaken(connection, await version_rows.by_id(connection, version_id))

    async def _set_status(self, version_id: str, status: DocumentStatus) -> None:
        async with self._database.write() as connection:
            version = await version_rows.by_id(connection, version_id)
            document = await document_rows.by_id(connection, version.document_id)
            if document.live_version_id is None:
                await document_rows.change(connection, document.id, status=status, error_code=None, error_message=None)


def _version_of(job: Job) -> str:
    assert job.version_id is not None  # noqa: S101 - ingest jobs are made with one
    return job.version_id
