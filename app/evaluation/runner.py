"""Feeds the documents to a DocuBot, asks it every question, and notes what came: events, as it goes."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Literal, Protocol

from app.core.errors import DocubotError
from app.evaluation.corpus import CorpusFile
from app.evaluation.dataset import Case
from app.evaluation.gold import Target, reached, targets
from app.evaluation.metrics import DEPTH
from app.evaluation.outcomes import Outcome, Seen
from app.evaluation.pages import StoredPages
from app.models.citations import Citation
from app.models.domain import Passage, Span
from app.models.events import AnswerResult, Done
from app.models.requests import AskRequest, ReceivedFile, SearchRequest, UploadOptions, UploadOutcome
from app.services.answer import AnswerService
from app.services.documents import DocumentService
from app.services.jobs import JobService
from app.services.retriever import RetrieverService
from app.services.uploads import UploadService

Mode = Literal["auto", "generate", "extract"]
_HEAD = 8192
"""Bytes that tell what a file is."""
_WARM = "What does this document say?"
_LEAD = 2
"""Sentences of an answer that people read first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document is being worked on."""

    name: str
    stage: str
    progress: float
    """0..1 of this document."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document has come to its end, good or bad."""

    name: str
    document_id: str | None
    status: str
    pages: int = 0
    chunks: int = 0
    error: str | None = None


class Services(Protocol):
    """Those of a DocuBot that an evaluation calls."""

    @property
    def uploads(self) -> UploadService: ...
    @property
    def documents(self) -> DocumentService: ...
    @property
    def jobs(self) -> JobService: ...
    @property
    def retriever(self) -> RetrieverService: ...
    @property
    def answers(self) -> AnswerService: ...


class Runner:
    """Asks one collection of opened services."""

    def __init__(self, services: Services, *, mode: Mode = "auto", collection: str = "default") -> None:
        self._services = services
        self._mode = mode
        self._collection = collection
        self._pages = StoredPages(services.documents)

    async def ingest(self, files: Sequence[CorpusFile]) -> AsyncGenerator[Reading | Read, None]:
        """Every file, in order, to its end; those that are there already are not read again.

        What is wrong with one file is told by its `Read`.
        """
        outcomes = [await self._upload(file) for file in files]
        for file, outcome in zip(files, outcomes, strict=True):
            if outcome.document is None:
                reason = outcome.error.detail if outcome.error else ""
                yield Read(file.name, None, "refused", error=reason)
                continue
            async for event in self._services.jobs.events(outcome.job_id or ""):
                if "stage" in event.data:
                    yield Reading(file.name, str(event.data["stage"]), float(event.data.get("progress", 0.0)))
            found = await self._services.documents.get(outcome.document.id)
            live = found.id if found.live_version_id else None
            yield Read(
                file.name, live, str(found.status), found.page_count, found.chunk_count, error=found.error_message
            )

    async def ask(
        self, cases: Sequence[Case], documents: Mapping[str, str], at_once: int = 1
    ) -> AsyncGenerator[Outcome, None]:
        """One outcome a case, as they end; `documents` are the ids of those that were read, by name."""
        if cases:
            await self._warm()
        gate = asyncio.Semaphore(at_once)

        async def asked(case: Case) -> Outcome:
            async with gate:
                return await self._ask(case, documents)

        tasks = [asyncio.create_task(asked(case)) for case in cases]
        try:
            for finished in asyncio.as_completed(tasks):
                yield await finished
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _warm(self) -> None:
        """One question that nobody counts: what is loaded when first needed is no part of a latency."""
        with suppress(DocubotError):
            request = AskRequest(_WARM, collection=self._collection, mode="extract")
            async with aclosing(self._services.answers.answer(request)) as events:
                async for _ in events:
                    pass

    async def _upload(self, file: CorpusFile) -> UploadOutcome:
        head = b""
        writer = await self._services.uploads.writer()
        try:
            for piece in file.pieces():
                head = head or piece[:_HEAD]
                await writer.write(piece)
        except DocubotError:
            await writer.abort()
            raise
        received = ReceivedFile(file.name.rpartition("/")[2], await writer.commit(), head)
        [outcome] = await self._services.uploads.accept([received], UploadOptions(collection=self._collection))
        return outcome

    async def _ask(self, case: Case, documents: Mapping[str, str]) -> Outcome:
        gold, lost = await self._targets(case, documents)
        began = time.perf_counter()
        try:
            result = await self._answered(case)
            milliseconds = (time.perf_counter() - began) * 1000
            passages = result.passages
            if len(passages) < DEPTH:
                passages = await self._searched(case)
        except DocubotError as error:
            return Outcome(case.id, targets=len(gold), lost_quotes=lost, error=f"{error.code}: {error.detail}")
        return Outcome(
            case.id,
            targets=len(gold),
            passages=tuple(_seen(passage, gold) for passage in passages[:DEPTH]),
            citations=tuple([await self._cited(citation, result.passages, gold) for citation in result.citations]),
            answer=result.answer,
            lead=_lead(result),
            status=result.status,
            reason=result.reason,
            mode=result.mode,
            milliseconds=round(milliseconds, 2),
            first_token=result.timings.get("first_token_ms", 0.0),
            search=round(result.timings.get("retrieve_ms", 0.0) + result.timings.get("rerank_ms", 0.0), 2),
            prompt_tokens=result.usage.prompt_tokens if result.usage else 0,
            completion_tokens=result.usage.completion_tokens if result.usage else 0,
            fallback=result.fallback is not None,
            lost_quotes=lost,
        )

    async def _targets(self, case: Case, documents: Mapping[str, str]) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        document_id = documents.get(case.document or "")
        if document_id is None or not case.quotes:
            return targets(case, document_id or "", {})
        return targets(case, document_id, (await self._pages.of(document_id)).folded)

    async def _answered(self, case: Case) -> AnswerResult:
        request = AskRequest(case.question, collection=self._collection, mode=self._mode)
        async with aclosing(self._services.answers.answer(request)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.result
        raise RuntimeError("an answer ended without its last event")

    async def _searched(self, case: Case) -> tuple[Passage, ...]:
        request = SearchRequest(case.question, collection=self._collection, top_k=DEPTH)
        return (await self._services.retriever.search(request)).passages

    async def _cited(self, citation: Citation, passages: Sequence[Passage], gold: Sequence[Target]) -> Seen:
        """Checked anew against the stored text, whatever the citation says of itself."""
        pages = (await self._pages.of(citation.document_id)).pages
        named = _units(citation, passages)
        start, end = citation.quote_start, citation.quote_end
        page = next((number for number in named if pages.get(number, "")[start:end] == citation.quote), None)
        spans = [Span(number, start, end) for number in ([page] if page is not None else named)]
        return Seen(
            citation.filename,
            spans[0].page,
            reached(gold, citation.document_id, spans),
            citation.quote,
            page is not None,
        )


def _seen(passage: Passage, gold: Sequence[Target]) -> Seen:
    page = passage.spans[0].page if passage.spans else None
    return Seen(passage.filename, page, reached(gold, passage.document_id, passage.spans))


def _lead(result: AnswerResult) -> str:
    sentences = result.sentences[:_LEAD]
    return result.answer[sentences[0].start : sentences[-1].end] if sentences else result.answer


def _units(citation: Citation, passages: Sequence[Passage]) -> list[int]:
    """The pages, or units of formats without pages, that a citation may mean."""
    if citation.page is not None:
        return [citation.page]
    return [span.page for item in passages if item.chunk_id == citation.chunk_id for span in item.spans] or [1]
