from pathlib import Path

import pytest

from app.adapters.parsers import ocr
from app.models.jobs import JobStatus
from app.services.boxes import BoxFinder, Place
from tests.adapters.parsers import scans
from tests.services.kit import Kit, open_kit

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(ocr.tesserocr is None, reason='OCR is not installed: pip install "docubot[ocr]"'),
]

LINES = ("Tide gauges were sold", "in forty-two harbours.")


async def boxes_of(kit: Kit, document_id: str, quote: str) -> tuple[tuple[float, ...], ...]:
    document = await kit.documents.get(document_id)
    page = await kit.documents.page(document_id, 1, None)
    at = page.text.index(quote)
    assert document.live_version_id is not None
    finder = BoxFinder(kit.engines.parser, kit.documents)
    [boxes] = await finder.find([Place(document.live_version_id, 1, at, at + len(quote))])
    return boxes


@pytest.mark.parametrize("kind", ["pdf", "png"])
async def test_what_a_scan_says_is_stored_reported_and_lit_up(tmp_path: Path, kind: str) -> None:
    pages = [scans.page(*LINES)]
    data = scans.pdf(pages) if kind == "pdf" else scans.saved(pages, "PNG")
    async with open_kit(tmp_path) as kit:
        outcome = await kit.ingested(data, f"scan.{kind}")
        assert outcome.document is not None
        identity = outcome.document.id
        report = await kit.documents.report(identity, None)
        assert report.pages_read_by_ocr == (1,)
        assert report.pages_without_text == ()
        assert report.pages[0].ocr_confidence is not None
        assert report.pages[0].ocr_confidence > 0.8
        upper, lower = await boxes_of(kit, identity, "gauges were sold\nin forty-two")
        assert upper[3] <= lower[1]
        assert lower[0] < upper[0] < upper[2]
        text = (await kit.documents.page(identity, 1, None)).text
        at = text.index("gauges were sold")
        pictures = [
            await kit.documents.page_image(identity, 1, version=None, scale=1.0, highlight=boxes, quotes=quotes)
            for boxes, quotes in (([], []), ([upper, lower], []), ([], [(at, at + len("gauges were sold"))]))
        ]
        assert pictures[0].startswith(b"\x89PNG")
        assert len(set(pictures)) == 3


async def test_a_picture_without_text_is_a_document_that_says_so(tmp_path: Path) -> None:
    async with open_kit(tmp_path) as kit:
        outcome = await kit.upload(scans.saved([scans.page()], "PNG"), "blank.png")
        assert (await kit.ended(outcome.job_id)).status is JobStatus.SUCCEEDED_WITH_WARNINGS
        assert outcome.document is not None
        report = await kit.documents.report(outcome.document.id, None)
        assert {warning.code for warning in report.warnings} == {"no_text_layer", "no_text"}
        assert report.pages_without_text == (1,)
