"""Services that remember what they were asked and answer what a test told them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.core.config import Settings
from app.core.errors import (
    CollectionNotFound,
    ConversationNotFound,
    IdempotencyConflict,
    JobNotFound,
    MessageNotFound,
    UnsupportedMediaType,
)
from app.core.ids import new_id
from app.models.access import Reach
from app.models.domain import Blob, SearchResult
from app.models.jobs import JobStatus
from app.models.records import Collection, Conversation, Document, JobEvent, JobRecord, Listing, StoredMessage
from app.models.requests import ReceivedFile, UploadOptions, UploadOutcome
from app.services.health import DependencyHealth
from app.services.rates import RateService
from tests.routers.fake_access import FakeAccess, FakeReach
from tests.routers.fake_documents import FakeDocuments
from tests.routers.samples import NOW, a_collection, a_document, a_job, a_passage


@dataclass
class FakeWriter:
    gate: asyncio.Event | None = None
    data: bytearray = field(default_factory=bytearray)
    state: str = "open"

    @property
    def size(self) -> int:
        return len(self.data)

    async def write(self, data: bytes) -> None:
        assert self.state == "open"
        self.data += data
        if self.gate is not None:
            await self.gate.wait()

    async def commit(self) -> Blob:
        assert self.state == "open"
        self.state = "committed"
        return Blob(hashlib.sha256(self.data).hexdigest(), len(self.data))

    async def abort(self) -> None:
        assert self.state != "committed"
        self.state = "aborted"


class FakeUploads:
    """Accepts what begins with %PDF; bytes that came before are duplicates."""

    failure: Exception | None = None
    gate: asyncio.Event | None = None
    """Every write waits for it."""

    def __init__(self) -> None:
        self.writers: list[FakeWriter] = []
        self.accepted: list[tuple[list[ReceivedFile], UploadOptions]] = []
        self.replaced: list[tuple[str, ReceivedFile, UploadOptions]] = []
        self._known: dict[str, Document] = {}

    async def writer(self) -> FakeWriter:
        self.writers.append(FakeWriter(self.gate))
        return self.writers[-1]

    async def accept(self, files: Sequence[ReceivedFile], options: UploadOptions) -> list[UploadOutcome]:
        self.accepted.append((list(files), options))
        if self.failure is not None:
            raise self.failure
        return [self._outcome(file) for file in files]

    async def replace(self, document_id: str, file: ReceivedFile, options: UploadOptions) -> UploadOutcome:
        self.replaced.append((document_id, file, options))
        return self._outcome(file)

    def _outcome(self, file: ReceivedFile) -> UploadOutcome:
        if file.error is not None:
            return UploadOutcome(file.filename, error=file.error)
        assert file.blob is not None
        if not file.head.startswith(b"%PDF"):
            return UploadOutcome(file.filename, error=UnsupportedMediaType())
        known = self._known.get(file.blob.sha256)
        document = known or a_document(filename=file.filename)
        self._known[file.blob.sha256] = document
        return UploadOutcome(
            file.filename,
            document=document,
            sha256=file.blob.sha256,
            bytes=file.blob.size,
            job_id=document.job_id,
            duplicate=known is not None,
        )


class FakeCollections:
    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    async def list(self, cursor: str | None, limit: int, reach: Reach = None) -> Listing[Collection]:
        self.calls.append(("list", cursor, limit))
        return Listing((a_collection(),), "default")

    async def create(self, name: str, description: str, metadata: Mapping[str, Any]) -> Collection:
        return replace(a_collection(name), description=description, metadata=metadata)

    async def get(self, name: str) -> Collection:
        self.calls.append(("get", name))
        if name == "missing":
            raise CollectionNotFound()
        return a_collection(name)

    async def update(self, name: str, description: str | None, metadata: Mapping[str, Any] | None) -> Collection:
        return replace(await self.get(name), description=description or "", metadata=metadata or {})

    async def delete(self, name: str) -> JobRecord:
        await self.get(name)
        return a_job(kind="delete")

    async def reindex(self, name: str) -> JobRecord:
        await self.get(name)
        return a_job(kind="reindex")


class FakeJobs:
    def __init__(self) -> None:
        self.stored: dict[str, JobRecord] = {}
        self.history: list[JobEvent] = []
        self.more = asyncio.Event()
        self.followers = 0
        self.calls: list[tuple[Any, ...]] = []

    def add(self, **values: Any) -> JobRecord:
        job = a_job(**values)
        self.stored[job.id] = job
        return job

    def emit(self, type_: str, **data: Any) -> None:
        self.history.append(JobEvent(len(self.history) + 1, type_, data, NOW))
        self.more.set()

    async def list(self, *arguments: Any) -> Listing[JobRecord]:
        self.calls.append(("list", *arguments))
        return Listing(tuple(self.stored.values()))

    async def get(self, job_id: str) -> JobRecord:
        if job_id not in self.stored:
            raise JobNotFound()
        return self.stored[job_id]

    async def cancel(self, job_id: str) -> JobRecord:
        return replace(await self.get(job_id), status=JobStatus.CANCELLED)

    async def events(self, job_id: str, after: int = 0) -> AsyncIterator[JobEvent]:
        self.followers += 1
        try:
            while True:
                self.more.clear()
                for event in self.history[after:]:
                    after = event.number
                    yield event
                    if event.type == "finished":
                        return
                if self.stored[job_id].status.final:
                    return
                await self.more.wait()
        finally:
            self.followers -= 1


class FakeConversations:
    def __init__(self) -> None:
        self.known = Conversation(new_id(), "default", "净收入是多少？", NOW, NOW)
        self.message = StoredMessage(new_id(), "净收入是多少？", None, {"answer": "265亿"}, None, None, NOW)
        self.rated: list[tuple[str, str, str | None]] = []

    async def list(self, *arguments: Any) -> Listing[Conversation]:
        return Listing((self.known,))

    async def get(self, conversation_id: str) -> tuple[Conversation, tuple[StoredMessage, ...]]:
        if conversation_id != self.known.id:
            raise ConversationNotFound()
        return self.known, (self.message,)

    async def delete(self, conversation_id: str) -> None:
        await self.get(conversation_id)

    async def feedback(self, message_id: str, rating: str, note: str | None) -> None:
        if message_id != self.message.id:
            raise MessageNotFound()
        self.rated.append((message_id, rating, note))


class FakeRetriever:
    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.result = SearchResult((a_passage(),), timings={"total": 1.5})
        self.failure: Exception | None = None

    async def search(self, request: Any) -> SearchResult:
        self.requests.append(request)
        if self.failure is not None:
            raise self.failure
        return self.result


class FakeAnswers:
    """Plays `script`: events are sent, exceptions raised, awaitables' makers awaited."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.script: list[Any] = []
        self.running = 0
        self.cancelled = 0

    async def answer(self, request: Any) -> AsyncIterator[Any]:
        self.requests.append(request)
        self.running += 1
        try:
            for step in self.script:
                if isinstance(step, Exception):
                    raise step
                if callable(step):
                    await step()
                else:
                    yield step
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += 1
            raise
        finally:
            self.running -= 1


class FakeHealth:
    def __init__(self) -> None:
        self.found = [DependencyHealth("database", True, 0.5, None, True)]

    async def ready(self) -> list[DependencyHealth]:
        return self.found


class FakeIdempotency:
    def __init__(self) -> None:
        self.stored: dict[str, tuple[str, tuple[int, Any] | None]] = {}

    async def begin(self, key: str, fingerprint: str) -> tuple[int, Any] | None:
        if key not in self.stored:
            self.stored[key] = (fingerprint, None)
            return None
        known, answer = self.stored[key]
        if known != fingerprint or answer is None:
            raise IdempotencyConflict()
        return answer

    async def finish(self, key: str, status: int, body: Any) -> None:
        self.stored[key] = (self.stored[key][0], (status, body))

    async def abandon(self, key: str) -> None:
        del self.stored[key]


@dataclass
class FakeServices:
    settings: Settings
    folder: Path
    board: None = field(default=None, init=False)
    access: FakeAccess = field(default_factory=FakeAccess)
    reach: FakeReach = field(default_factory=FakeReach)
    rates: RateService = field(default_factory=lambda: RateService("", ""))
    uploads: FakeUploads = field(default_factory=FakeUploads)
    documents: FakeDocuments = field(init=False)
    collections: FakeCollections = field(default_factory=FakeCollections)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    conversations: FakeConversations = field(default_factory=FakeConversations)
    retriever: FakeRetriever = field(default_factory=FakeRetriever)
    answers: FakeAnswers = field(default_factory=FakeAnswers)
    translations: Any = None
    """With the next two: the real ones, where a test opens them (see tests/routers/translating.py)."""
    translated_files: Any = None
    glossaries: Any = None
    health: FakeHealth = field(default_factory=FakeHealth)
    idempotency: FakeIdempotency = field(default_factory=FakeIdempotency)

    def __post_init__(self) -> None:
        self.documents = FakeDocuments(self.folder)

    def factory(self) -> Callable[[Settings], Any]:
        @asynccontextmanager
        async def opened(_: Settings) -> AsyncIterator[Any]:
            yield self

        return opened
