"""Every seam of DocuBot on one page. `bootstrap` fills them; services see nothing else of the outside.

All calls are safe to run concurrently, never block the event loop, and raise the errors of `app.core.errors`.
Vectors are float32 arrays of shape (n, dimension), rows of unit length.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.models.archives import ArchiveLimits, MemberEvent
from app.models.domain import Blob, Box, Hit, KeywordEntry, KeywordQuery, Message, ParseEvent, Passage, Source, Usage
from app.models.jobs import Lane
from app.models.originals import Setting, Unit, WriteEvent
from app.models.pictures import WrittenPage
from app.models.webhooks import Reply

Vectors = NDArray[np.float32]
T = TypeVar("T")


class Compute(Protocol):
    """Runs pure, picklable functions in another process, so that CPU work never shares the event loop's GIL."""

    async def run(self, function: Callable[..., T], *args: Any) -> T: ...
    async def close(self) -> None: ...


class Parser(Protocol):
    """Reads untrusted files in isolated child processes with limits of time, memory and output."""

    def parse(self, source: Source) -> AsyncIterator[ParseEvent]:
        """One DocumentInfo first, then pages in order, warnings between. Raises DocumentError's subclasses."""
        ...

    def unpack(self, source: Source, bounds: ArchiveLimits) -> AsyncGenerator[MemberEvent]:
        """The files of a ZIP: a Member, its bytes in pieces, a MemberEnd. Raises DocumentError's subclasses."""
        ...

    async def boxes(self, source: Source, spans: Sequence[tuple[int, int, int]]) -> list[tuple[Box, ...]]:
        """For each (page, start, end) in stored page text: boxes merged by line. Empty where there are none."""
        ...

    async def render(
        self,
        source: Source,
        page: int,
        *,
        scale: float,
        highlight: Sequence[Box] = (),
        text: WrittenPage | None = None,
    ) -> bytes:
        """PNG of one page; `scale` 1.0 is 72 dpi. `text` is drawn where the file has no pages to draw."""
        ...

    def check_writable(self, media_type: str, setting: Setting) -> None:
        """Raises FontMissing where `rewrite` would, for every file of that kind."""
        ...

    async def units(self, source: Source) -> list[Unit]:
        """Paragraphs with words, for `rewrite`; the same ones each time. Raises DocumentError's subclasses."""
        ...

    def rewrite(self, source: Source, texts: Mapping[int, str], setting: Setting) -> AsyncGenerator[WriteEvent]:
        """The file with these texts in place of the units of those numbers, in pieces, and what is not in it.

        Raises DocumentError's subclasses.
        """
        ...

    async def close(self) -> None: ...


EmbeddingKind = Literal["query", "passage", "sentence"]
"""A sentence is embedded as a passage is, but somebody waits for it: it is weighed for a question."""


class Embedder(Protocol):
    model: str
    """Stamped on collections; two embedders of one name give interchangeable vectors."""
    dimension: int
    max_tokens: int

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        """Shape (len(texts), dimension). Passages wait for all else. Raises EmbeddingsUnavailable."""
        ...

    async def close(self) -> None: ...


class KeywordIndex(Protocol):
    """BM25 over our own tokens. Every write is durable when the call returns, and idempotent."""

    async def replace(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        """Make `entries` the whole of this version."""
        ...

    async def add(self, collection_id: str, version_id: str, entries: Sequence[KeywordEntry]) -> None:
        """More entries of a version that `replace` began."""
        ...

    async def remove(self, collection_id: str, version_ids: Sequence[str]) -> None: ...

    async def search(
        self, collection_id: str, query: KeywordQuery, k: int, document_ids: frozenset[str] | None = None
    ) -> list[Hit]:
        """Best first, at most k; only these documents' chunks when `document_ids` is given."""
        ...

    async def counts(self, collection_id: str) -> dict[str, int]:
        """Chunks by version id, for reconciliation with SQL."""
        ...

    async def drop(self, collection_id: str) -> None: ...
    async def close(self) -> None: ...


class VectorIndex(Protocol):
    """Approximate nearest neighbours by cosine. Derived from SQL: it may be lost and is then filled again."""

    async def open(self, index_id: str, dimension: int) -> int:
        """Make or open an index and tell how many vectors it holds; one that is broken is removed first (0)."""
        ...

    async def upsert(self, index_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None: ...
    async def delete(self, index_id: str, chunk_ids: Sequence[str]) -> None: ...

    async def search(self, index_id: str, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Best first, score = cosine similarity. Raises VectorIndexUnavailable."""
        ...

    async def ids(self, index_id: str) -> set[str]:
        """Every chunk id it holds, for reconciliation with SQL."""
        ...

    async def drop(self, index_id: str) -> None: ...
    async def close(self) -> None: ...


class Reranker(Protocol):
    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """One score in 0..1 per passage, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class LLMDelta:
    """A piece of a reply; the last one carries the usage when the server reports it."""

    text: str = ""
    usage: Usage | None = None


class LLM(Protocol):
    model: str

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float = 0.0,
        json_schema: dict[str, Any] | None = None,
    ) -> AsyncIterator[LLMDelta]:
        """Raises LLMUnavailable. Closing the iterator ends the call upstream."""
        ...

    async def close(self) -> None: ...


class KeySource(Protocol):
    """Where an issuer of tokens publishes the keys that it signs with."""

    async def fetch(self) -> Sequence[Mapping[str, Any]]:
        """Its present keys, as JWKs (RFC 7517). Raises IssuerUnavailable."""
        ...

    async def close(self) -> None: ...


class BlobWriter(Protocol):
    """Hashes while it writes; nothing is visible before `commit`, which is durable (fsync) and atomic."""

    size: int

    async def write(self, data: bytes) -> None: ...
    async def commit(self) -> Blob: ...
    async def abort(self) -> None: ...


class BlobStore(Protocol):
    """Bytes by their SHA-256."""

    async def writer(self, *, provisional: bool = False) -> BlobWriter:
        """What a provisional writer commits is told by `unkept` until `keep` says that somebody has it."""
        ...

    async def keep(self, sha256: str) -> None: ...
    async def unkept(self, age: float = 0.0) -> set[str]:
        """Bytes that came at least `age` seconds ago and that nobody took, as a crash half way leaves them."""
        ...

    async def local_path(self, sha256: str) -> Path:
        """A file to read from; raises FileNotFoundError when the bytes are not there."""
        ...

    async def exists(self, sha256: str) -> bool: ...
    async def delete(self, sha256: str) -> None: ...
    async def hashes(self) -> set[str]:
        """Of everything stored, for reconciliation with SQL."""
        ...


class JobQueue(Protocol):
    """Wakes workers, lane by lane. The job row is the truth: a message lost or doubled changes nothing."""

    async def notify(self, lane: Lane) -> None: ...
    async def wait(self, lane: Lane, timeout: float) -> None:
        """Return when the lane was notified, or after `timeout` seconds."""
        ...


class WebhookTargets(Protocol):
    """Calls addresses that users give us, and no others than they may name."""

    timeout: float
    """Seconds for one call at most."""

    async def check(self, url: str) -> None:
        """Raises WebhookTargetRefused for one that may not be called; one that does not answer is none of those."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Whatever happens is a Reply; redirects are one, and are not followed."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class StreamPart:
    """Item `number` (from 1) of a stream; None in its place: the stream has ended."""

    number: int
    item: str | None


class Board(Protocol):
    """What processes tell each other: wake-ups, and what streams have said. It may forget everything at any moment."""

    def tell(self, key: str) -> None:
        """Wake whoever waits for `key`, in every process; never waits itself."""
        ...

    async def pass_on(self) -> None:
        """Send what is told, until cancelled."""
        ...

    async def listen(self, hear: Callable[[str], None]) -> None:
        """Pass on what all processes tell, this one included, until cancelled."""
        ...

    async def write(self, stream_id: str, owner: str, items: Sequence[str], *, after: int, ended: bool) -> bool:
        """Items numbered from `after` + 1 on, perhaps none: the producer lives. False when those before were forgotten:
        write all again. Raises Unavailable."""
        ...

    async def owner_of(self, stream_id: str) -> str | None:
        """None for a stream that it does not know. Raises Unavailable."""
        ...

    def read(self, stream_id: str, after: int) -> AsyncIterator[StreamPart]:
        """What comes after item `after`, to the end, which is told; without it when the producer died.

        Raises Unavailable."""
        ...

    async def followed(self, stream_id: str) -> bool:
        """Whether another process reads it at this moment."""
        ...

    async def forget(self, stream_id: str) -> None: ...

    async def ping(self) -> None:
        """Raises Unavailable."""
        ...

    async def close(self) -> None: ...
