"""Several versions of one document on their way at once."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.adapters.embeddings.hashing import HashingEmbedder
from app.adapters.keywords.memory import MemoryKeywordIndex
from app.adapters.vectors.exact import ExactIndex
from app.core.errors import EmbeddingsUnavailable
from app.models.jobs import DocumentStatus, JobStatus
from app.models.requests import SearchRequest, UploadOptions, UploadOutcome
from app.ports import EmbeddingKind, Vectors
from app.services.ingest import IngestRules
from tests.services.kit import Kit, open_kit

pytestmark = pytest.mark.anyio

AT_ONCE = IngestRules(retention_days=0)


class HoldsBack(HashingEmbedder):
    """Embeds passages with the word "slow" only when it is let on; may refuse them then."""

    def __init__(self, *, refuse: bool = False) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.refuse = refuse

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if any("slow" in text for text in texts):
            await self.go.wait()
            if self.refuse:
                raise EmbeddingsUnavailable(retry_after=0.01)
        return await super().embed(texts, kind)


async def replaced(kit: Kit, document_id: str, content: bytes) -> UploadOutcome:
    file = await kit.received(content, "lamp.txt")
    return await kit.uploads.replace(document_id, file, UploadOptions())


async def idle(kit: Kit) -> None:
    """Every job has ended, those too that others made."""
    while waiting := [j for j in (await kit.jobs.list(None, None, None, None, 100)).items if not j.status.final]:
        for job in waiting:
            await kit.ended(job.id)


async def found(kit: Kit) -> list[str]:
    return [passage.text for passage in (await kit.retriever.search(SearchRequest("lamp burns"))).passages]


async def test_an_earlier_version_that_is_done_later_does_not_take_over(tmp_path: Path) -> None:
    embedder, keywords, vectors = HoldsBack(), MemoryKeywordIndex(), ExactIndex()
    async with open_kit(
        tmp_path, embedder=embedder, keywords=keywords, vectors=vectors, concurrency=3, rules=AT_ONCE
    ) as kit:
        first = await kit.upload(b"The lamp burns slow oil.", "lamp.txt")
        assert first.document is not None
        second = await replaced(kit, first.document.id, b"The lamp burns slow gas.")
        third = await replaced(kit, first.document.id, b"The lamp burns no more.")
        await kit.ended(third.job_id)
        assert await found(kit) == ["The lamp burns no more."]
        embedder.go.set()
        await kit.ended(first.job_id)
        await kit.ended(second.job_id)
        await idle(kit)
        document = await kit.documents.get(first.document.id)
        assert (document.version, document.status) == (3, DocumentStatus.READY)
        assert await found(kit) == ["The lamp burns no more."]
        collection = await kit.collections.get("default")
        assert len(await vectors.ids(collection.index_id)) == 1
        assert len(await keywords.counts(collection.id)) == 1
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        kinds = {job.kind for job in (await kit.jobs.list(None, None, None, None, 100)).items}
        assert "reindex" not in kinds  # a version that was replaced is not missed in the indexes


async def test_the_failure_of_an_overtaken_version_is_not_the_documents(tmp_path: Path) -> None:
    embedder = HoldsBack(refuse=True)
    async with open_kit(tmp_path, embedder=embedder) as kit:
        first = await kit.upload(b"The lamp burns slow oil.", "lamp.txt")
        assert first.document is not None
        second = await replaced(kit, first.document.id, b"The lamp burns gas.")
        await kit.ended(second.job_id)
        embedder.go.set()
        await kit.ended(first.job_id)
        document = await kit.documents.get(first.document.id)
        assert (document.version, document.status, document.error_code) == (2, DocumentStatus.READY, None)


async def test_a_new_file_for_a_document_that_failed_is_on_its_way_at_once(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        broken = await kit.upload(b"%PDF-1.7\n" + b"\x00garbage" * 500, "lamp.pdf")
        assert broken.document is not None
        assert (await kit.ended(broken.job_id)).status is JobStatus.FAILED
        outcome = await replaced(kit, broken.document.id, b"The lamp burns gas.")
        assert outcome.document is not None
        assert (outcome.document.status, outcome.document.error_code) == (DocumentStatus.QUEUED, None)
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED


async def test_title_language_and_name_change_only_when_the_new_version_answers(tmp_path: Path) -> None:
    embedder = HoldsBack()
    async with open_kit(tmp_path, embedder=embedder) as kit:
        old = b"# Lamps of the north\n\nThe lamp burns gas and the keeper writes down what it has used each night."
        first = await kit.ingested(old, "lamp.md")
        assert first.document is not None
        new = (
            "# Lampen des Nordens\n\nDie Lampe (slow) brennt mit Gas, und der Wärter schreibt jede Nacht auf, wieviel."
        )
        file = await kit.received(new.encode(), "lampe.txt")
        second = await kit.uploads.replace(first.document.id, file, UploadOptions())
        async for event in kit.jobs.events(second.job_id or ""):
            if event.data.get("stage") == "embed":
                break
        before = await kit.documents.get(first.document.id)
        assert (before.title, before.language, before.filename) == ("Lamps of the north", "en", "lamp.md")
        embedder.go.set()
        await kit.ended(second.job_id)
        after = await kit.documents.get(first.document.id)
        assert (after.language, after.filename, after.version) == ("de", "lampe.txt", 2)
        assert after.title != before.title


async def test_a_name_that_was_changed_meanwhile_stays(tmp_path: Path) -> None:
    embedder = HoldsBack()
    async with open_kit(tmp_path, embedder=embedder) as kit:
        first = await kit.upload(b"The lamp burns slow oil.", "lamp.txt")
        assert first.document is not None
        await kit.documents.update(first.document.id, None, "renamed.txt")
        embedder.go.set()
        await kit.ended(first.job_id)
        assert (await kit.documents.get(first.document.id)).filename == "renamed.txt"


async def test_of_a_cancelled_version_nothing_stays_but_its_row(tmp_path: Path) -> None:
    embedder = HoldsBack()
    async with open_kit(tmp_path, embedder=embedder) as kit:
        first = await kit.ingested(b"The lamp burns gas.", "lamp.txt")
        assert first.document is not None
        second = await replaced(kit, first.document.id, b"The lamp burns slow oil.")
        async for event in kit.jobs.events(second.job_id or ""):
            if event.data.get("stage") == "embed":
                break
        assert (await kit.jobs.cancel(second.job_id or "")).status is JobStatus.CANCELLED
        assert await found(kit) == ["The lamp burns gas."]
        report = await kit.documents.report(first.document.id, 2)
        assert (report.page_count, report.characters, report.parser, report.pages) == (0, 0, None, ())
        collection = await kit.collections.get("default")
        assert len(await kit.engines.vectors.ids(collection.index_id)) == 1
        assert len(await kit.engines.keywords.counts(collection.id)) == 1
