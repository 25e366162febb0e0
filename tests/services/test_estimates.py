"""Dry runs: they tell what an upload would bring, and leave nothing."""

import asyncio
import csv
import io
import zipfile
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.core.errors import EmbeddingMismatch
from app.logic.forecast import Rates
from app.models.estimates import DryOutcome
from app.models.requests import UploadOptions
from app.services.estimates import EstimateService
from tests.services.kit import REPORT, Kit, open_kit, words

pytestmark = pytest.mark.anyio

LINE = "हिन्दी में €100 — “quote” தமிழ் 中文 العربية\n\n"


def service(kit: Kit, price: float = 2.0) -> EstimateService:
    return EstimateService(kit.database, kit.engines, kit.uploads, words, rates=Rates(price=price), at_once=2)


async def estimated(kit: Kit, content: bytes, name: str, **options: str) -> DryOutcome:
    [outcome] = await service(kit).estimate([await kit.received(content, name)], UploadOptions(**options))
    return outcome


async def leaves_nothing(kit: Kit) -> bool:
    documents = await kit.documents.list(None, None, None, None, 10)
    jobs = await kit.jobs.list(None, None, None, None, 10)
    collections = await kit.collections.list(None, 10)
    blobs = await kit.engines.blobs.hashes() | await kit.engines.blobs.unkept()
    return not (documents.items or jobs.items or collections.items or blobs)


async def test_it_tells_what_the_upload_then_brings(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await estimated(kit, REPORT.read_bytes(), REPORT.name, collection="reports")
        assert await leaves_nothing(kit)
        assert outcome.estimate is not None
        assert outcome.estimate.ocr_pages == 0
        assert outcome.estimate.price == pytest.approx(outcome.estimate.tokens * 2.0 / 1e6, abs=1e-6)
        assert outcome.estimate.seconds > 0
        uploaded = await kit.ingested(REPORT, collection="reports")
        assert uploaded.document is not None
        document = await kit.documents.get(uploaded.document.id)
        report = await kit.documents.report(document.id, None)
        assert (outcome.estimate.pages, outcome.estimate.chunks) == (document.page_count, document.chunk_count)
        assert outcome.estimate.characters == sum(page.characters for page in report.pages)
        again = await estimated(kit, REPORT.read_bytes(), "another-name.pdf", collection="reports")
        assert again.duplicate
        assert (await kit.documents.file(document.id, None)).path.is_file()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", LINE * 50),
        ("notes.md", "# Überschrift\n\n" + LINE * 50),
        ("page.html", f"<!doctype html><html><body>{'<p>' + LINE + '</p>'}</body></html>"),
        ("letter.eml", "From: a@example.org\nTo: b@example.org\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"
         + LINE),
    ],
)  # fmt: skip
async def test_every_script_and_format_is_counted(tmp_path: Path, name: str, content: str) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await estimated(kit, content.encode(), name)
        assert outcome.error is None
        assert outcome.estimate is not None
        assert outcome.estimate.characters >= len(LINE.strip())
        assert outcome.estimate.chunks >= 1
        assert await leaves_nothing(kit)


async def test_each_bad_file_has_its_error_and_the_good_ones_are_told(tmp_path: Path) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([["month", "sales"], *[[str(n), str(n * n)] for n in range(300)]])
    async with open_kit(tmp_path) as kit:
        files = [
            await kit.received(b"", "empty.pdf"),
            await kit.received(b"\x7fELF\x02\x01\x01\x00" + b"\x00\x01\x02" * 100, "program.pdf"),
            await kit.received(b"%PDF-1.7\n" + b"\x00garbage" * 500, "broken.pdf"),
            await kit.received(table.getvalue().encode(), "sales.csv"),
        ]
        outcomes = await service(kit).estimate(files, UploadOptions())
        codes = [outcome.error and outcome.error.code for outcome in outcomes]
        assert codes == ["empty_file", "unsupported_media_type", "unreadable_document", None]
        assert outcomes[3].estimate is not None
        assert outcomes[3].estimate.chunks > 1
        assert await leaves_nothing(kit)


async def test_the_files_of_a_zip_are_told_one_by_one(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("2023/年报.txt", LINE * 20)
        archive.write(REPORT, "report.pdf")
        archive.writestr("broken.pdf", b"%PDF-1.7\n" + b"\x00garbage" * 500)
    async with open_kit(tmp_path) as kit:
        outcomes = await service(kit).estimate([await kit.received(made.getvalue(), "all.zip")], UploadOptions())
        told = [(one.path, one.estimate.pages if one.estimate else one.error and one.error.code) for one in outcomes]
        assert told == [("2023/年报.txt", 1), ("report.pdf", 3), ("broken.pdf", "unreadable_document")]
        assert {one.archive for one in outcomes} == {"all.zip"}
        assert await leaves_nothing(kit)


async def test_a_scan_is_counted_among_the_pages_for_ocr(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "The first page holds text, and enough of it to be taken for a page of prose.")
    canvas.showPage()
    for row in range(80):  # drawn, not written
        canvas.line(72, 100 + 7 * row, 500, 103 + 7 * row)
    canvas.showPage()
    canvas.save()
    async with open_kit(tmp_path) as kit:
        outcome = await estimated(kit, path.read_bytes(), "scan.pdf")
        assert outcome.estimate is not None
        assert (outcome.estimate.pages, outcome.estimate.ocr_pages) == (2, 1)


async def test_dry_runs_of_the_same_bytes_at_once_do_not_disturb_each_other_or_an_upload(tmp_path: Path) -> None:
    async with open_kit(tmp_path, start=False) as kit:
        shared = service(kit)
        content = REPORT.read_bytes()

        async def one() -> DryOutcome:
            [outcome] = await shared.estimate([await kit.received(content, "a.pdf")], UploadOptions())
            return outcome

        outcomes = await asyncio.gather(*(one() for _ in range(5)))
        assert {outcome.estimate and outcome.estimate.pages for outcome in outcomes} == {3}
        assert await leaves_nothing(kit)
        await kit.upload(REPORT)
        await one()
        assert len(await kit.engines.blobs.hashes()) == 1


async def test_a_collection_of_another_model_takes_no_dry_run_either(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        await kit.ingested(b"One lighthouse.", "one.txt")
        kit.engines.embedder.model = "another"
        with pytest.raises(EmbeddingMismatch):
            await estimated(kit, b"Two lighthouses.", "two.txt")
        assert len(await kit.engines.blobs.hashes()) == 1
