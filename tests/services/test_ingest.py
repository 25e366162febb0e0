import asyncio
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.adapters.embeddings.hashing import HashingEmbedder
from app.core.errors import EmbeddingsUnavailable
from app.models.jobs import DocumentStatus, JobStatus
from app.models.requests import SearchRequest, UploadOptions
from app.ports import Vectors
from app.services.ingest import IngestRules
from tests.services.kit import REPORT, Kit, open_kit

pytestmark = pytest.mark.anyio

LONG = "\n\n".join(f"Paragraph {n} tells of lighthouse number {n} and of its keeper." * 8 for n in range(60)).encode()


class SlowEmbedder(HashingEmbedder):
    """Waits to be let on before each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Semaphore(0)
        self.calls = 0

    async def embed(self, texts: object, kind: object) -> Vectors:
        if kind == "passage":
            await self.go.acquire()
            self.calls += 1
        return await super().embed(texts, kind)  # type: ignore[arg-type]


class BrokenEmbedder(HashingEmbedder):
    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    async def embed(self, texts: object, kind: object) -> Vectors:
        if kind == "passage" and self.failures:
            self.failures -= 1
            raise EmbeddingsUnavailable(retry_after=0.01)
        return await super().embed(texts, kind)  # type: ignore[arg-type]


async def texts(kit: Kit, question: str) -> list[str]:
    return [passage.text for passage in (await kit.retriever.search(SearchRequest(question))).passages]


async def until(kit: Kit, document_id: str, status: DocumentStatus) -> None:
    async with asyncio.timeout(20):
        while (await kit.documents.get(document_id)).status is not status:
            await asyncio.sleep(0.01)


async def test_a_pdf_ends_ready_and_tells_its_stages(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(REPORT)
        assert outcome.document is not None
        document = await kit.documents.get(outcome.document.id)
        events = [event async for event in kit.jobs.events(outcome.job_id or "")]
        assert document.status is DocumentStatus.READY
        assert (document.page_count, document.language) == (3, "en")
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        stages = [event.data["stage"] for event in events if event.type == "stage"]
        assert stages == ["parse", "chunk", "keyword", "embed", "vector", "publish"]
        assert {"pages": 3, "of": 3}.items() <= next(e.data for e in events if e.type == "progress").items()
        assert any("24.8" in text for text in await texts(kit, "research and development expense"))


async def test_text_of_many_scripts_survives_to_the_byte(tmp_path: Path) -> None:
    line = "हिन्दी में €100 — “quote” தமிழ் 中文 العربية"
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(line.encode(), "mixed.txt")
        assert outcome.document is not None
        assert (await kit.documents.page(outcome.document.id, 1, None)).text.strip() == line


async def test_it_answers_by_keyword_before_its_vectors_are_done(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    async with open_kit(tmp_path, embedder=embedder) as kit:
        outcome = await kit.upload(LONG, "lights.txt")
        assert outcome.document is not None
        await until(kit, outcome.document.id, DocumentStatus.SEARCHABLE)
        assert any("lighthouse number 17 " in text for text in await texts(kit, "lighthouse 17"))
        for _ in range(1000):
            embedder.go.release()
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED


async def test_an_interrupted_embedding_goes_on_where_it_was(tmp_path: Path) -> None:
    first = SlowEmbedder()
    async with open_kit(tmp_path, embedder=first) as kit:
        outcome = await kit.upload(LONG, "lights.txt")
        first.go.release()
        async for event in kit.jobs.events(outcome.job_id or ""):
            if event.type == "progress" and event.data["stage"] == "embed":
                break
    second = SlowEmbedder()
    for _ in range(1000):
        second.go.release()
    async with open_kit(tmp_path, embedder=second) as kit:
        job = await kit.ended(outcome.job_id)
        assert outcome.document is not None
        assert job.status is JobStatus.SUCCEEDED
        assert job.attempt == 1
        document = await kit.documents.get(outcome.document.id)
        assert second.calls == -(-document.chunk_count // 32) - 1


async def test_a_transient_failure_is_tried_again(tmp_path: Path) -> None:
    async with open_kit(tmp_path, embedder=BrokenEmbedder(failures=1)) as kit:
        outcome = await kit.upload(b"One lighthouse.", "one.txt")
        job = await kit.ended(outcome.job_id)
        assert (job.status, job.attempt) == (JobStatus.SUCCEEDED, 2)
        types = [event.type async for event in kit.jobs.events(outcome.job_id or "")]
        assert types.count("retrying") == 1


async def test_a_lasting_failure_ends_failed_and_can_be_retried_from_its_stage(tmp_path: Path) -> None:
    embedder = BrokenEmbedder(failures=3)
    async with open_kit(tmp_path, embedder=embedder) as kit:
        outcome = await kit.upload(b"One lighthouse.", "one.txt")
        assert outcome.document is not None
        job = await kit.ended(outcome.job_id)
        document = await kit.documents.get(outcome.document.id)
        assert (job.status, job.error_code) == (JobStatus.FAILED, "embeddings_unavailable")
        assert (document.status, document.error_code) == (DocumentStatus.FAILED, "embeddings_unavailable")
        assert await texts(kit, "lighthouse") == []
        again = await kit.documents.retry(outcome.document.id)
        assert (await kit.ended(again.id)).status is JobStatus.SUCCEEDED
        stages = [e.data["stage"] async for e in kit.jobs.events(again.id) if e.type == "stage"]
        assert "parse" not in stages
        assert await texts(kit, "lighthouse") == ["One lighthouse."]


async def test_a_damaged_file_fails_with_its_reason_and_stops_no_other(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        broken = await kit.upload(b"%PDF-1.7\n" + b"\x00garbage" * 500, "broken.pdf")
        good = await kit.upload(b"One lighthouse.", "one.txt")
        assert (await kit.ended(broken.job_id)).error_code == "unreadable_document"
        assert (await kit.ended(good.job_id)).status is JobStatus.SUCCEEDED


async def test_cancel_leaves_nothing_and_the_document_can_be_retried(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    async with open_kit(tmp_path, embedder=embedder) as kit:
        outcome = await kit.upload(LONG, "lights.txt")
        assert outcome.document is not None
        await until(kit, outcome.document.id, DocumentStatus.SEARCHABLE)
        job = await kit.jobs.cancel(outcome.job_id or "")
        document = await kit.documents.get(outcome.document.id)
        assert (job.status, document.status) == (JobStatus.CANCELLED, DocumentStatus.CANCELLED)
        assert await texts(kit, "lighthouse") == []
        assert (await kit.documents.chunks(document.id, None, 10)).items == ()
        for _ in range(1000):
            embedder.go.release()
        again = await kit.documents.retry(document.id)
        assert (await kit.ended(again.id)).status is JobStatus.SUCCEEDED
        assert await texts(kit, "lighthouse")


async def test_a_new_version_takes_over_in_one_step(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    embedder.go.release()
    async with open_kit(tmp_path, embedder=embedder) as kit:
        first = await kit.ingested(b"The lamp burns oil.", "lamp.txt")
        assert first.document is not None
        new = await kit.received(b"The lamp burns gas.", "lamp.txt")
        second = await kit.uploads.replace(first.document.id, new, UploadOptions())
        async for event in kit.jobs.events(second.job_id or ""):
            if event.data.get("stage") == "embed":
                break
        assert await texts(kit, "lamp burns") == ["The lamp burns oil."]
        embedder.go.release()
        await kit.ended(second.job_id)
        assert await texts(kit, "lamp burns") == ["The lamp burns gas."]
        document = await kit.documents.get(first.document.id)
        assert (document.version, document.status) == (2, DocumentStatus.READY)
        assert (await kit.documents.page(document.id, 1, 1)).text.strip() == "The lamp burns oil."


async def test_a_document_without_any_text_is_ready_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "blank.pdf"
    canvas = Canvas(str(path))
    canvas.showPage()
    canvas.save()
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(path)
        assert outcome.document is not None
        document = await kit.documents.get(outcome.document.id)
        report = await kit.documents.report(document.id, None)
        assert document.status is DocumentStatus.READY_WITH_WARNINGS
        assert report.pages_without_text == (1,)
        assert [warning.code for warning in report.warnings] == ["no_text"]


async def test_a_very_long_document_is_cut_by_stretches_as_it_would_be_at_once(tmp_path: Path) -> None:
    rows = "".join(f"Town {n},{1000 + n},Mayor {n}\n" for n in range(400))
    content = ("Town,Inhabitants,Mayor\n" + rows).encode()
    made = []
    for name, rules in (("once", IngestRules(chunk_tokens=64)), ("often", IngestRules(chunk_tokens=64, stretch=3000))):
        folder = tmp_path / name
        folder.mkdir()
        async with open_kit(folder, rules=rules) as kit:
            outcome = await kit.ingested(content, "towns.csv")
            assert outcome.document is not None
            listed = (await kit.documents.chunks(outcome.document.id, None, 500)).items
            made.append([(chunk.ordinal, chunk.text, chunk.columns) for chunk in listed])
            document = await kit.documents.get(outcome.document.id)
            assert document.chunk_count == len(listed)
            [best, *_] = (await kit.retriever.search(SearchRequest("Who is mayor of Town 399?"))).passages
            assert "| Town | Inhabitants | Mayor |\n| --- | --- | --- |" in (best.markdown or "")
            assert "| Town 399 | 1399 | Mayor 399 |" in (best.markdown or "")
    assert made[0] == made[1]


async def test_what_is_deleted_while_it_is_embedded_is_counted(tmp_path: Path) -> None:
    async with open_kit(tmp_path, embedder=SlowEmbedder()) as kit:
        outcome = await kit.upload(LONG, "lights.txt")
        assert outcome.document is not None
        await until(kit, outcome.document.id, DocumentStatus.SEARCHABLE)
        document = await kit.documents.get(outcome.document.id)
        receipt = await kit.documents.delete(document.id)
        assert (receipt.pages, receipt.chunks) == (document.page_count, document.chunk_count)
        assert receipt.keyword_rows == document.chunk_count > 1
        collection = await kit.collections.get("default")
        assert await kit.engines.keywords.counts(collection.id) == {}
        assert await texts(kit, "lighthouse 17") == []
