from pathlib import Path

import pytest

from app.adapters.embeddings.hashing import HashingEmbedder
from app.adapters.keywords.memory import MemoryKeywordIndex
from app.adapters.vectors.exact import ExactIndex
from app.core.errors import VectorIndexUnavailable
from app.models.jobs import JobStatus
from app.models.requests import SearchRequest, UploadOptions
from tests.services.kit import REPORT, Kit, open_kit

pytestmark = pytest.mark.anyio


class NeverEmbedsPassages(HashingEmbedder):
    async def embed(self, texts: object, kind: object) -> object:  # type: ignore[override]
        assert kind == "query", "an index is filled again from SQL, not by the model"
        return await super().embed(texts, kind)  # type: ignore[arg-type]


async def found(kit: Kit) -> list[tuple[str, float]]:
    result = await kit.retriever.search(SearchRequest("research and development expense"))
    return [(passage.text, round(passage.score, 4)) for passage in result.passages]


@pytest.mark.parametrize("lost", ["keywords", "vectors", "both"])
async def test_lost_indexes_are_filled_again_from_sql_with_the_same_results(tmp_path: Path, lost: str) -> None:
    keywords, vectors = MemoryKeywordIndex(), ExactIndex()
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        await kit.ingested(REPORT)
        before = await found(kit)
    changes: dict[str, object] = {"embedder": NeverEmbedsPassages()}
    changes["keywords"] = keywords if lost == "vectors" else MemoryKeywordIndex()
    changes["vectors"] = vectors if lost == "keywords" else ExactIndex()
    async with open_kit(tmp_path, **changes) as kit:
        [refill] = [job for job in (await kit.jobs.list(None, None, None, None, 10)).items if job.kind == "reindex"]
        assert (await kit.ended(refill.id)).status is JobStatus.SUCCEEDED
        assert await found(kit) == before


async def test_a_replaced_version_is_nothing_to_mend(tmp_path: Path) -> None:
    keywords, vectors = MemoryKeywordIndex(), ExactIndex()
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        first = await kit.ingested(b"The lamp burns oil.", "lamp.txt")
        assert first.document is not None
        new = await kit.received(b"The lamp burns gas.", "lamp.txt")
        second = await kit.uploads.replace(first.document.id, new, UploadOptions())
        await kit.ended(second.job_id)
        jobs = (await kit.jobs.list(None, None, None, None, 10)).items
        unindexing, purging = sorted((job for job in jobs if job.kind == "delete"), key=lambda job: job.id)
        assert (await kit.ended(unindexing.id)).status is JobStatus.SUCCEEDED
        assert (await kit.jobs.get(purging.id)).status is JobStatus.QUEUED
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        assert [j for j in (await kit.jobs.list(None, None, None, None, 10)).items if j.kind == "reindex"] == []
        assert (await kit.documents.page(first.document.id, 1, 1)).text.strip() == "The lamp burns oil."


async def test_whole_indexes_are_left_alone(tmp_path: Path) -> None:
    keywords, vectors = MemoryKeywordIndex(), ExactIndex()
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        await kit.ingested(REPORT)
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        assert [job.kind for job in (await kit.jobs.list(None, None, None, None, 10)).items] == ["ingest"]


class Down(ExactIndex):
    down = True

    async def open(self, index_id: str, dimension: int) -> int:
        if self.down:
            raise VectorIndexUnavailable
        return await super().open(index_id, dimension)


async def test_a_vector_index_that_is_down_stops_no_start_and_is_filled_when_it_is_back(tmp_path: Path) -> None:
    keywords = MemoryKeywordIndex()
    async with open_kit(tmp_path, keywords=keywords) as kit:
        await kit.ingested(REPORT)
    vectors = Down()
    async with open_kit(tmp_path, keywords=keywords, vectors=vectors) as kit:
        result = await kit.retriever.search(SearchRequest("research and development expense"))
        assert result.degraded
        assert result.passages
        vectors.down = False
        await kit.recovery.compare()
        await kit.recovery.compare()
        [refill] = [job for job in (await kit.jobs.list(None, None, None, None, 10)).items if job.kind == "reindex"]
        assert (await kit.ended(refill.id)).status is JobStatus.SUCCEEDED
        assert not (await kit.retriever.search(SearchRequest("research and development expense"))).degraded
