"""The services of ingestion on real SQLite, files and confined parser, with the ports' offline doubles."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.adapters.blobs.local import LocalBlobs
from app.adapters.compute import InlineCompute
from app.adapters.embeddings.hashing import HashingEmbedder
from app.adapters.keywords.memory import MemoryKeywordIndex
from app.adapters.parsers.sandbox import SandboxParser
from app.adapters.queue.local import LocalQueue
from app.adapters.rerank.linear import LinearReranker
from app.adapters.vectors.exact import ExactIndex
from app.core.clock import WallClock
from app.db.migrate import migrate
from app.db.session import Database
from app.models.archives import ArchiveLimits
from app.models.jobs import Job, JobKind, JobStatus
from app.models.records import JobRecord
from app.models.requests import ReceivedFile, UploadOptions, UploadOutcome
from app.services.archives import ArchiveService
from app.services.collections import CollectionService
from app.services.conversations import ConversationService
from app.services.deletion import DeletionService
from app.services.documents import DocumentService
from app.services.feed import Feed
from app.services.indexing import Indexer
from app.services.ingest import Engines, IngestRules, IngestService
from app.services.jobs import JobService
from app.services.outcomes import Handler
from app.services.quotas import QuotaService
from app.services.recovery import RecoveryService
from app.services.reindex import ReindexService
from app.services.retriever import Engines as SearchEngines
from app.services.retriever import RetrieverService
from app.services.uploads import UploadService
from app.services.worker import Worker

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
REPORT = SAMPLES / "aurora-annual-report-2025.pdf"


def words(text: str) -> int:
    """Stands in for the tokenizer: about one token for four characters."""
    return len(text) // 4 + 1


@dataclass
class Kit:
    database: Database
    engines: Engines
    queue: LocalQueue = field(default_factory=LocalQueue)
    feed: Feed = field(default_factory=Feed)
    wrapped: Mapping[JobKind, Handler] = field(default_factory=dict)
    concurrency: int = 2
    rules: IngestRules = field(default_factory=IngestRules)
    idle: float = 5.0
    clock: WallClock | None = None
    observe: Callable[[Job, str, str], None] = lambda *_: None
    bounds: ArchiveLimits = field(default_factory=lambda: ArchiveLimits(files=100, bytes=1 << 26))

    def __post_init__(self) -> None:
        engines = self.engines
        quotas = QuotaService(self.database, self.feed)
        indexer = Indexer(self.database, engines.compute, engines.embedder, engines.keywords, engines.vectors)
        handlers: dict[JobKind, Handler] = {
            JobKind.INGEST: IngestService(self.database, engines, words, self.rules, quotas=quotas),
            JobKind.DELETE: DeletionService(self.database, engines.blobs, engines.keywords, engines.vectors),
            JobKind.REINDEX: ReindexService(
                self.database, indexer, engines.embedder, engines.keywords, engines.vectors
            ),
        } | dict(self.wrapped)
        self.worker = Worker(
            self.database,
            self.queue,
            self.feed,
            handlers,
            concurrency=self.concurrency,
            max_attempts=3,
            idle=self.idle,
            observe=self.observe,
        )
        self.collections = CollectionService(self.database, engines.embedder, self.queue)
        archives = ArchiveService(engines.blobs, engines.parser, self.bounds)
        self.uploads = UploadService(
            self.database, engines.blobs, self.queue, self.collections, archives, quotas=quotas
        )
        self.documents = DocumentService(self.database, engines.blobs, engines.parser, self.worker, self.queue)
        self.jobs = JobService(self.database, self.feed, self.worker, self.queue)
        self.conversations = ConversationService(self.database)
        self.recovery = RecoveryService(
            self.database, engines.blobs, engines.keywords, engines.vectors, self.queue, clock=self.clock
        )
        search = SearchEngines(engines.embedder, engines.keywords, engines.vectors, LinearReranker())
        self.retriever = RetrieverService(self.database, search, top_k=8, score_floor=0.0)

    async def received(self, content: bytes, filename: str) -> ReceivedFile:
        writer = await self.uploads.writer()
        await writer.write(content)
        return ReceivedFile(filename, await writer.commit(), content[:4096])

    async def upload(
        self, content: bytes | Path, filename: str | None = None, options: UploadOptions | None = None
    ) -> UploadOutcome:
        data = content.read_bytes() if isinstance(content, Path) else content
        name = filename or (content.name if isinstance(content, Path) else "file.txt")
        [outcome] = await self.uploads.accept([await self.received(data, name)], options or UploadOptions())
        return outcome

    async def ended(self, job_id: str | None, limit: float = 60.0) -> JobRecord:
        """The job, once it has ended."""
        assert job_id is not None
        async with asyncio.timeout(limit):
            async for _ in self.jobs.events(job_id):
                pass
        return await self.jobs.get(job_id)

    async def ingested(self, content: bytes | Path, filename: str | None = None, **options: Any) -> UploadOutcome:
        """Upload and wait until it answers."""
        outcome = await self.upload(content, filename, UploadOptions(**options))
        job = await self.ended(outcome.job_id)
        assert job.status in (JobStatus.SUCCEEDED, JobStatus.SUCCEEDED_WITH_WARNINGS), job
        return outcome


@asynccontextmanager
async def open_kit(folder: Path, *, start: bool = True, **changes: Any) -> AsyncIterator[Kit]:
    """A kit over `folder`; `changes` replace engines or Kit fields."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'docubot.sqlite3'}")
    await migrate(database)
    engines = Engines(
        blobs=LocalBlobs(folder / "files"),
        parser=SandboxParser(),
        compute=InlineCompute(),
        embedder=HashingEmbedder(),
        keywords=MemoryKeywordIndex(),
        vectors=ExactIndex(),
    )
    engines = replace(engines, **{name: value for name, value in changes.items() if hasattr(engines, name)})
    fields = {name: value for name, value in changes.items() if not hasattr(engines, name)}
    kit = Kit(database, engines, **fields)
    await kit.recovery.recover()
    if start:
        kit.worker.start()
    try:
        yield kit
    finally:
        await kit.worker.stop()
        await engines.parser.close()
        await database.close()
