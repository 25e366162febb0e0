"""Any server that speaks OpenAI's `/embeddings` (OpenAI, vLLM, TEI, Ollama, llama.cpp, ...), through its SDK."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import openai
import structlog
from openai.types import CreateEmbeddingResponse

from app.core.errors import EmbeddingsUnavailable
from app.ports import EmbeddingKind, Vectors

log = structlog.get_logger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"  # the SDK insists on one; servers without keys ignore it
PROBE = "dimension"
ADVICE = {
    401: "The embedding server refused the key (401); check EMBEDDING_API_KEY.",
    403: "The key may not use the embedding model (403); check EMBEDDING_API_KEY and EMBEDDING_MODEL.",
    404: "The embedding server has no such model or address (404); check EMBEDDING_MODEL and EMBEDDING_BASE_URL "
    "(it usually ends in /v1).",
    413: "The passages are larger than the embedding server accepts (413); lower CHUNK_TOKENS.",
    429: "The embedding server is over its rate limit (429); try again later.",
}


@dataclass(frozen=True, slots=True)
class EmbeddingLimits:
    """What a request may hold and how long it may take, in texts, characters, requests at once and seconds.

    32 texts are what the strictest of the known servers takes by default; 60,000 characters stay below OpenAI's
    300,000 tokens a request in every script. A question fails sooner than a passage, because a person waits for it.
    """

    texts: int = 32
    characters: int = 60_000
    concurrency: int = 4
    timeout: float = 60.0
    query_timeout: float = 10.0
    retries: int = 4


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Put before each text, for models that were trained with them ("query: " and "passage: " for the E5 family)."""

    query: str = ""
    passage: str = ""


class OpenAIEmbedder:
    """Fills the `Embedder` port. Unless given, `dimension` is 0 until `start` asked or a first text was embedded."""

    def __init__(
        self,
        *,
        model: str,
        api_key: str | None = None,
        base_url: str | None = None,
        dimension: int = 0,
        max_tokens: int = 8191,
        prefixes: Prefixes = Prefixes(),  # frozen
        limits: EmbeddingLimits = EmbeddingLimits(),  # frozen
    ) -> None:
        self.model = model
        self.dimension = dimension
        self.max_tokens = max_tokens
        self._prefixes = {"query": prefixes.query, "passage": prefixes.passage, "sentence": prefixes.passage}
        self._limits = limits
        # Apart, so that questions do not queue behind an ingestion.
        self._slots = {kind: asyncio.Semaphore(limits.concurrency) for kind in self._prefixes}
        # The SDK waits between tries as long as Retry-After says, else exponentially with jitter.
        self._client = openai.AsyncOpenAI(
            api_key=api_key or NO_KEY,
            base_url=base_url or OPENAI_URL,
            timeout=openai.Timeout(limits.timeout, connect=5.0),
            max_retries=limits.retries,
        )

    async def start(self) -> None:
        """Learn the dimension from the server, unless it was given. Raises EmbeddingsUnavailable."""
        if not self.dimension:
            await self.embed([PROBE], "query")

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        prefix = self._prefixes[kind]
        prepared = [f"{prefix}{text}".encode("utf-8", "replace").decode() or " " for text in texts]
        seconds = None if kind == "passage" else self._limits.query_timeout
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                requests = [group.create_task(self._request(batch, kind)) for batch in self._batches(prepared)]
        except TimeoutError:
            raise EmbeddingsUnavailable(f"The embedding server did not answer within {seconds:g} s.") from None
        except ExceptionGroup as failures:  # the first failure cancelled the other requests
            raise failures.exceptions[0] from None
        rows = [request.result() for request in requests]
        return np.concatenate(rows) if rows else np.empty((0, self.dimension), np.float32)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        batch: list[str] = []
        size = 0
        for text in texts:
            if batch and (len(batch) == self._limits.texts or size + len(text) > self._limits.characters):
                yield batch
                batch, size = [], 0
            batch.append(text)
            size += len(text)
        if batch:
            yield batch

    async def _request(self, batch: list[str], kind: str) -> Vectors:
        async with self._slots[kind]:
            try:
                reply = await self._client.embeddings.create(model=self.model, input=batch)
                return self._vectors(reply, len(batch))
            except openai.OpenAIError as error:
                raise self._explained(error) from None
            except (ValueError, TypeError, AttributeError) as error:  # a reply of another shape than the SDK's types
                log.warning("embedding_reply_unusable", error=str(error)[:300])
                raise EmbeddingsUnavailable("The embedding server sent something that is not embeddings.") from None

    def _vectors(self, reply: CreateEmbeddingResponse, count: int) -> Vectors:
        rows = [item.embedding for item in sorted(reply.data, key=lambda item: item.index)]
        vectors = np.array(rows, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
        if vectors.ndim != len(("text", "number")) or len(vectors) != count or not (lengths > 0).all():
            raise ValueError(f"{count} texts, reply of shape {vectors.shape}, lengths from {lengths.min():g}")
        self.dimension = self.dimension or vectors.shape[1]
        if vectors.shape[1] != self.dimension:
            raise EmbeddingsUnavailable(
                f"The model {self.model!r} gave {vectors.shape[1]} numbers a text instead of {self.dimension}."
            )
        unit: Vectors = vectors / lengths
        return unit

    def _explained(self, error: openai.OpenAIError) -> EmbeddingsUnavailable:
        status = error.status_code if isinstance(error, openai.APIStatusError) else None
        log.warning("embedding_call_failed", error=type(error).__name__, status=status)  # the body may quote a text
        if isinstance(error, openai.APITimeoutError):
            return EmbeddingsUnavailable(f"The embedding server did not answer within {self._limits.timeout:g} s.")
        if isinstance(error, openai.APIConnectionError):
            return EmbeddingsUnavailable("The embedding server cannot be reached; check EMBEDDING_BASE_URL.")
        return EmbeddingsUnavailable(ADVICE.get(status or 0, f"The embedding server failed with status {status}."))

    async def close(self) -> None:
        await self._client.close()
