"""What the services measure of their work, in Prometheus' terms.

Every label comes from a fixed set (kinds, stages, outcomes, codes, the models of the settings): nobody outside can make
series without end, and none holds a name, an id or a text.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from app.core.errors import Unavailable
from app.db import figures
from app.db.session import Database
from app.models.domain import SearchResult
from app.models.events import AnswerResult
from app.models.jobs import Job
from app.services.llm import LLMCall

log = structlog.get_logger(__name__)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_LOOK_AGAIN = 5.0  # seconds
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens of the language model, in whatever currency the settings mean."""

    input: float = 0.0
    output: float = 0.0


class Measures:
    """Its methods are the `observe` of services; `watch` keeps the gauges of the queue and the store."""

    def __init__(self, registry: CollectorRegistry, prices: Prices) -> None:
        self._prices = prices
        self._calls = _counter(registry, "llm_calls", "Calls of the language model.", "model", "purpose", "outcome")
        self._tokens = _counter(registry, "llm_tokens", "Tokens, `kind` is prompt or completion.", "model", "kind")
        self._price = _counter(registry, "llm_price", "Price of those tokens, as the settings set it.", "model")
        self._call_seconds = _histogram(registry, "llm_call_seconds", "Length of calls.", "model", "purpose")
        self._first = _histogram(registry, "llm_first_token_seconds", "Until a model's first token.", "model")
        self._search_seconds = _histogram(registry, "search_seconds", "Parts of a search.", "stage")
        self._searches = _counter(registry, "searches", "`outcome` is found, or why nothing was.", "outcome")
        self._degraded = _counter(registry, "searches_degraded", "Searches without their vector side.")
        self._answers = _counter(registry, "answers", "`reason` says why there was none.", "mode", "status", "reason")
        self._fallbacks = _counter(registry, "answers_fallen_back", "Answers that the model should have written.")
        self._answer_seconds = _histogram(registry, "answer_seconds", "Until whole answers.", "mode")
        self._answer_first = _histogram(registry, "answer_first_token_seconds", "Until their first word.", "mode")
        self._ended = _counter(
            registry, "jobs_ended", "Jobs that ended, or are tried again.", "kind", "stage", "outcome", "code"
        )
        self._lookups = _counter(registry, "cache_lookups", "What was remembered, or not.", "cache", "outcome")
        self._jobs = _gauge(registry, "jobs", "Unfinished jobs.", "kind", "status", "stage")
        self._wait = _gauge(registry, "queue_age_seconds", "Of the job that could have begun the longest ago.")
        self._documents = _gauge(registry, "documents", "Stored documents.", "status")
        self._chunks = _gauge(registry, "chunks", "Chunks that can be found.")

    def called(self, call: LLMCall) -> None:
        self._calls.labels(call.model, call.purpose, call.outcome).inc()
        self._call_seconds.labels(call.model, call.purpose).observe(call.seconds)
        if call.first_token_seconds is not None:
            self._first.labels(call.model).observe(call.first_token_seconds)
        if call.usage is not None:
            read, written = call.usage.prompt_tokens, call.usage.completion_tokens
            self._tokens.labels(call.model, "prompt").inc(read)
            self._tokens.labels(call.model, "completion").inc(written)
            price = read * self._prices.input + written * self._prices.output
            self._price.labels(call.model).inc(price / _MILLION)

    def searched(self, result: SearchResult) -> None:
        for stage, milliseconds in result.timings.items():
            self._search_seconds.labels(stage).observe(milliseconds / 1000)
        self._searches.labels(result.reason or "found").inc()
        if result.degraded:
            self._degraded.inc()

    def answered(self, result: AnswerResult) -> None:
        self._answers.labels(result.mode, result.status, result.reason or "").inc()
        if result.fallback is not None:
            self._fallbacks.inc()
        self._answer_seconds.labels(result.mode).observe(result.timings["total_ms"] / 1000)
        self._answer_first.labels(result.mode).observe(result.timings["first_token_ms"] / 1000)

    def job_ended(self, job: Job, outcome: str, code: str) -> None:
        self._ended.labels(job.kind.value, job.stage or "", outcome, code).inc()

    def looked_up(self, cache: str) -> Callable[[int, int], None]:
        """For a cache to tell of its hits and misses."""

        def count(hits: int, misses: int) -> None:
            self._lookups.labels(cache, "hit").inc(hits)
            self._lookups.labels(cache, "miss").inc(misses)

        return count

    async def watch(self, database: Database) -> None:
        """Look at the queue and the store every few seconds, until cancelled."""
        while True:
            try:
                await self.look(database)
            except Unavailable as error:
                log.warning("figures_not_read", code=error.code)
            await asyncio.sleep(_LOOK_AGAIN)

    async def look(self, database: Database) -> None:
        """Bring the gauges up to date. Raises Unavailable."""
        async with database.read() as connection:
            backlog = await figures.backlog(connection)
            self._wait.set(await figures.longest_wait(connection))
            documents = await figures.documents_by_status(connection)
            self._chunks.set(await figures.chunks(connection))
        self._jobs.clear()
        for some in backlog:
            self._jobs.labels(some.kind, some.status, some.stage).set(some.jobs)
        self._documents.clear()
        for status, count in documents.items():
            self._documents.labels(status).set(count)


def _counter(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Counter:
    return Counter(f"docubot_{name}", text, labels, registry=registry)


def _gauge(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"docubot_{name}", text, labels, registry=registry)


def _histogram(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Histogram:
    return Histogram(f"docubot_{name}", text, labels, buckets=_SECONDS, registry=registry)
