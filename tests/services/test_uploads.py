import hashlib
from pathlib import Path

import pytest

from app.core.errors import DocumentNotFound, EmbeddingMismatch, UnsupportedMediaType
from app.models.jobs import DocumentStatus, JobStatus
from app.models.requests import UploadOptions
from tests.services.kit import REPORT, open_kit

pytestmark = pytest.mark.anyio


async def test_the_same_bytes_again_are_the_same_document_and_no_new_work(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        first = await kit.ingested(REPORT)
        again = await kit.upload(REPORT, "another-name.pdf")
        assert first.document is not None
        assert again.document is not None
        assert again.duplicate
        assert again.document.id == first.document.id
        assert len((await kit.jobs.list(None, None, None, None, 100)).items) == 1


async def test_the_same_bytes_in_another_collection_are_another_document(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        first = await kit.ingested(REPORT)
        other = await kit.ingested(REPORT, collection="other")
        assert first.document is not None
        assert other.document is not None
        assert other.document.id != first.document.id
        await kit.documents.delete(first.document.id)
        file = await kit.documents.file(other.document.id, None)
        assert file.path.read_bytes() == REPORT.read_bytes()


async def test_of_three_files_two_bad_ones_do_not_stop_the_third(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        files = [
            await kit.received(b"", "empty.pdf"),
            await kit.received(b"\x7fELF\x02\x01\x01\x00" + b"\x00\x01\x02" * 100, "program.pdf"),
            await kit.received(REPORT.read_bytes(), "report.pdf"),
        ]
        empty, program, report = await kit.uploads.accept(files, UploadOptions())
        assert empty.error is not None
        assert empty.error.code == "empty_file"
        assert program.error is not None
        assert program.error.code == "unsupported_media_type"
        assert "PDF" in program.error.detail
        assert program.sha256 is None
        assert len(await kit.engines.blobs.hashes()) == 1  # what was refused is not kept
        assert (await kit.ended(report.job_id)).status is JobStatus.SUCCEEDED


async def test_what_was_accepted_is_there_after_a_crash(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False) as kit:
        outcome = await kit.upload(REPORT)
    assert outcome.document is not None
    async with open_kit(tmp_path) as kit:
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED
        document = await kit.documents.get(outcome.document.id)
        assert document.sha256 == hashlib.sha256(REPORT.read_bytes()).hexdigest()
        assert document.status is DocumentStatus.READY


async def test_a_file_that_failed_for_want_of_a_password_succeeds_with_it(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(REPORT))
    writer.encrypt("sesame", algorithm="AES-256")
    locked = tmp_path / "locked.pdf"
    writer.write(locked)
    async with open_kit(tmp_path) as kit:
        first = await kit.upload(locked)
        assert (await kit.ended(first.job_id)).error_code == "password_required"
        second = await kit.upload(locked, options=UploadOptions(password="sesame"))
        assert first.document is not None
        assert second.document is not None
        assert second.document.id == first.document.id
        assert (await kit.ended(second.job_id)).status is JobStatus.SUCCEEDED


async def test_a_small_file_is_taken_before_a_large_one_that_came_first(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False, concurrency=1) as kit:
        large = await kit.upload(b"A long story. " * 200_000, "large.txt")
        small = await kit.upload(b"A note.", "small.txt")
        kit.worker.start()
        await kit.ended(small.job_id)
        assert (await kit.jobs.get(large.job_id or "")).finished_at is None
        await kit.jobs.cancel(large.job_id or "")


async def test_a_collection_of_another_embedding_model_takes_no_documents(tmp_path: Path) -> None:
    from app.adapters.embeddings.hashing import HashingEmbedder

    async with open_kit(tmp_path) as kit:
        await kit.ingested(b"A note.", "note.txt")
    other = HashingEmbedder()
    other.model = "another-model"
    async with open_kit(tmp_path, embedder=other) as kit:
        with pytest.raises(EmbeddingMismatch, match="reindex"):
            await kit.upload(b"Another note.", "more.txt")
        job = await kit.collections.reindex("default")
        assert (await kit.ended(job.id)).status is JobStatus.SUCCEEDED
        assert (await kit.collections.get("default")).embedding_model == "another-model"
        await kit.ingested(b"Another note.", "more.txt")


async def test_replacing_needs_a_document(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False) as kit:
        file = await kit.received(b"A note.", "note.txt")
        with pytest.raises(DocumentNotFound):
            await kit.uploads.replace("0199a1f0-0000-7000-8000-000000000000", file, UploadOptions())


async def test_bytes_whose_upload_was_broken_off_before_it_was_promised_go_at_the_next_start(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False) as kit:
        await kit.received(b"Nobody was told that this arrived.", "lost.txt")
        kept = await kit.upload(b"This was promised.", "kept.txt")
        assert len(await kit.engines.blobs.hashes()) == 2
        await kit.recovery.watch_once()
        assert len(await kit.engines.blobs.hashes()) == 2  # while it serves, the request may still be under way
    async with open_kit(tmp_path, start=False) as kit:
        assert await kit.engines.blobs.hashes() == {kept.sha256}
        assert await kit.engines.blobs.unkept() == set()


async def test_a_new_version_that_is_refused_leaves_no_bytes(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(b"The lamp burns gas.", "lamp.txt")
        assert outcome.document is not None
        bad = await kit.received(b"\x7fELF\x02\x01\x01\x00" + b"\x00\x01\x02" * 100, "program.pdf")
        with pytest.raises(UnsupportedMediaType):
            await kit.uploads.replace(outcome.document.id, bad, UploadOptions())
        same = await kit.received(b"The lamp burns gas.", "lamp.txt")
        assert (await kit.uploads.replace(outcome.document.id, same, UploadOptions())).duplicate
        assert await kit.engines.blobs.hashes() == {outcome.sha256}
        assert await kit.engines.blobs.unkept() == set()
