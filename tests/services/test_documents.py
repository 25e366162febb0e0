from pathlib import Path

import pytest

from app.core.errors import CollectionNotFound, DocumentNotFound, NotRetryable, PageNotFound
from app.models.jobs import DocumentStatus, JobStatus
from app.models.records import Comparison, Compound, Filter
from app.models.requests import SearchRequest, UploadOptions
from tests.services.kit import REPORT, SAMPLES, open_kit

pytestmark = pytest.mark.anyio


async def test_delete_takes_everything_and_says_what(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(REPORT)
        assert outcome.document is not None
        document = await kit.documents.get(outcome.document.id)
        stored = (await kit.documents.file(document.id, None)).path
        receipt = await kit.documents.delete(document.id)
        chunks = document.chunk_count
        assert (receipt.versions, receipt.files, receipt.pages) == (1, 1, 3)
        assert (receipt.chunks, receipt.vectors, receipt.keyword_rows) == (chunks, chunks, chunks)
        assert not stored.exists()
        collection = await kit.collections.get("default")
        assert await kit.engines.vectors.ids(collection.index_id) == set()
        assert await kit.engines.keywords.counts(collection.id) == {}
        assert (await kit.retriever.search(SearchRequest("revenue"))).passages == ()
        with pytest.raises(DocumentNotFound):
            await kit.documents.get(document.id)


async def test_delete_while_it_is_being_ingested(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.upload(SAMPLES / "customer-charter.pdf")
        assert outcome.document is not None
        receipt = await kit.documents.delete(outcome.document.id)
        assert receipt.versions == 1
        assert (await kit.ended(outcome.job_id)).status in (JobStatus.CANCELLED, JobStatus.SUCCEEDED)
        assert (await kit.documents.list(None, None, None, None, 10)).items == ()
        again = await kit.ingested(SAMPLES / "customer-charter.pdf")
        assert not again.duplicate


async def test_pages_chunks_file_and_report_agree(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(REPORT)
        assert outcome.document is not None
        identity = outcome.document.id
        report = await kit.documents.report(identity, None)
        texts = {n: (await kit.documents.page(identity, n, None)).text for n in (1, 2, 3)}
        assert [page.characters for page in report.pages] == [len(texts[n]) for n in (1, 2, 3)]
        listing = await kit.documents.chunks(identity, None, 100)
        for chunk in listing.items:
            assert chunk.text == "\n".join(texts[span.page][span.start : span.end] for span in chunk.spans)
        with pytest.raises(PageNotFound):
            await kit.documents.page(identity, 4, None)
        plain, marked, quoted = [
            await kit.documents.page_image(identity, 1, version=None, scale=0.5, highlight=boxes, quotes=quotes)
            for boxes, quotes in (([], []), ([(72.0, 72.0, 144.0, 90.0)], []), ([], [(0, 20)]))
        ]
        assert plain.startswith(b"\x89PNG")
        assert len({plain, marked, quoted}) == 3


async def test_chunks_come_in_pages(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(REPORT)
        assert outcome.document is not None
        everything = (await kit.documents.chunks(outcome.document.id, None, 100)).items
        seen, cursor = [], None
        while True:
            listing = await kit.documents.chunks(outcome.document.id, cursor, 1)
            seen += listing.items
            if listing.next_cursor is None:
                break
            cursor = int(listing.next_cursor)
        assert tuple(seen) == everything


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Comparison("eq", "year", 2025), {"new.txt"}),
        (Comparison("ne", "year", 2025), {"old.txt", "none.txt"}),
        (Comparison("lt", "year", 2025), {"old.txt"}),
        (Comparison("in", "kind", ("memo", "letter")), {"new.txt", "old.txt"}),
        (Comparison("nin", "kind", ("memo",)), {"old.txt", "none.txt"}),
        (Comparison("eq", "year", "2025"), set()),
        (Comparison("eq", "final", True), {"old.txt"}),
        (Comparison("eq", "filename", "none.txt"), {"none.txt"}),
        (Compound("and", (Comparison("gte", "year", 1990), Comparison("eq", "kind", "letter"))), {"old.txt"}),
        (Compound("or", (Comparison("eq", "kind", "memo"), Comparison("eq", "final", True))), {"new.txt", "old.txt"}),
    ],
)
async def test_filters_hold_exactly_in_lists_and_searches(tmp_path: Path, filters: Filter, expected: set[str]) -> None:
    async with open_kit(tmp_path) as kit:
        await kit.ingested(b"A lighthouse.", "new.txt", metadata={"year": 2025, "kind": "memo"})
        await kit.ingested(b"A lighthouse!", "old.txt", metadata={"year": 1999, "kind": "letter", "final": True})
        await kit.ingested(b"A lighthouse?", "none.txt")
        listed = await kit.documents.list("default", None, filters, None, 10)
        found = await kit.retriever.search(SearchRequest("lighthouse", filters=filters))
        assert {document.filename for document in listed.items} == expected
        assert {passage.filename for passage in found.passages} <= expected
        if not expected:
            assert found.reason == "filtered_out"


async def test_metadata_can_be_replaced(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(b"A lighthouse.", "a.txt", metadata={"year": 1999})
        assert outcome.document is not None
        changed = await kit.documents.update(outcome.document.id, {"year": 2001}, "b.txt")
        assert (changed.metadata, changed.filename) == ({"year": 2001}, "b.txt")
        listed = await kit.documents.list(None, None, Comparison("eq", "year", 1999), None, 10)
        assert listed.items == ()


async def test_lists_page_and_filter_by_status(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        for n in range(5):
            await kit.ingested(f"Lighthouse number {n}.".encode(), f"{n}.txt")
        first = await kit.documents.list("default", DocumentStatus.READY, None, None, 3)
        rest = await kit.documents.list("default", DocumentStatus.READY, None, first.next_cursor, 3)
        assert [document.filename for document in first.items + rest.items] == [f"{n}.txt" for n in (4, 3, 2, 1, 0)]
        assert rest.next_cursor is None
        assert (await kit.documents.list("default", DocumentStatus.FAILED, None, None, 3)).items == ()
        with pytest.raises(CollectionNotFound):
            await kit.documents.list("nowhere", None, None, None, 3)


async def test_only_a_failed_document_can_be_retried(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(b"A lighthouse.", "a.txt")
        assert outcome.document is not None
        with pytest.raises(NotRetryable):
            await kit.documents.retry(outcome.document.id)


async def test_deleting_a_collection_leaves_nothing(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(b"A lighthouse.", "a.txt", collection="gone")
        assert outcome.document is not None
        stored = (await kit.documents.file(outcome.document.id, None)).path
        job = await kit.collections.delete("gone")
        with pytest.raises(DocumentNotFound):
            await kit.documents.get(outcome.document.id)
        assert (await kit.ended(job.id)).status is JobStatus.SUCCEEDED
        assert not stored.exists()
        with pytest.raises(CollectionNotFound):
            await kit.collections.get("gone")


async def test_an_upload_into_a_collection_that_is_being_deleted_is_kept(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False) as kit:
        await kit.upload(b"An old lighthouse.", "old.txt", UploadOptions(collection="busy"))
        job = await kit.collections.delete("busy")
        new = await kit.upload(b"A new lighthouse.", "new.txt", UploadOptions(collection="busy"))
        kit.worker.start()
        assert (await kit.ended(job.id)).status is JobStatus.SUCCEEDED
        assert (await kit.ended(new.job_id)).status is JobStatus.SUCCEEDED
        assert [d.filename for d in (await kit.documents.list("busy", None, None, None, 10)).items] == ["new.txt"]


async def test_a_second_reindex_is_the_first_one(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False) as kit:
        await kit.collections.create("one", "", {})
        assert (await kit.collections.reindex("one")).id == (await kit.collections.reindex("one")).id


async def test_versions_are_listed_newest_first(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(b"The old lamp burns oil.", "lamp.txt")
        assert outcome.document is not None
        identity = outcome.document.id
        file = await kit.received(b"The new lamp burns gas.", "lamp-2.txt")
        await kit.ended((await kit.uploads.replace(identity, file, UploadOptions())).job_id)
        listed = await kit.documents.versions(identity, None, 1)
        earlier = await kit.documents.versions(identity, 2, 10)
        assert [(v.number, v.live, v.filename) for v in listed.items] == [(2, True, "lamp-2.txt")]
        assert listed.next_cursor == "2"
        assert [(v.number, v.live, v.filename, v.page_count) for v in earlier.items] == [(1, False, "lamp.txt", 1)]
        await kit.documents.delete(identity)
        with pytest.raises(DocumentNotFound):
            await kit.documents.versions(identity, None, 10)
