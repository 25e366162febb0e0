import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from app.core.errors import FontMissing, NotRetryable, OutputNotPossible, TranslationNotFound, TranslationNotReady
from app.models.jobs import JobStatus
from app.models.translation import Term, TranslationRequest
from tests.adapters.parsers import makers
from tests.fakes.openai_server import OpenAIServer, Reply
from tests.fakes.translator import asked, translated
from tests.services.kit import REPORT
from tests.services.translation_kit import TranslationKit, open_translation

pytestmark = pytest.mark.anyio

TEXT = """\
# Harbour rules

The harbour opens at 6 in the morning and closes at 22 in the evening.
Ships <b>must</b> call +44 20 7946 0000 or write to port@example.org.

- Pay €20 for each day
- Leave the 한국어 sign alone

| Ship | Length |
| --- | --- |
| Aurora | 120 m |
"""


async def uploaded(found: TranslationKit, text: str = TEXT, name: str = "rules.md") -> str:
    outcome = await found.kit.ingested(text.encode(), name)
    assert outcome.document
    return outcome.document.id


def paid(openai: OpenAIServer) -> list[str]:
    return [item["text"] for request in openai.requests for item in asked(request.body)["segments"]]


async def marked(found: TranslationKit, document_id: str, identity: str) -> list[str]:
    """What failed, as it is read beside its source."""
    pages = (await found.service.pages(document_id, identity, None, 100)).items
    return [c.target for page in pages for block in page.blocks for row in block.rows for c in row if c.failed]


def sheep(count: int) -> str:
    names = [
        f"{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}" for number in range(count)
    ]
    return "\n\n".join(f"Sheep {name} sleeps in the long grass of the hill." for name in names)


async def test_a_document_becomes_markdown_and_says_how_complete_it_is(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        made, text = await found.translated(await uploaded(found))
    assert made.filename == "rules.de.md"
    assert "# Harbouro ruleso" in text
    assert "port@example.org" in text
    assert "Payo €20 foro eacho dayo" in text
    assert "| Aurorao | 120 m |" in text
    assert "<b>" not in text.replace('<a id="page-1">', "")
    report = made.report
    assert report
    assert report.segments == report.translated + report.from_memory + report.kept + report.failed
    assert (report.failed, report.failures) == (0, ())


async def test_pages_of_a_pdf_keep_their_anchors_in_every_form(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        outcome = await found.kit.ingested(REPORT)
        assert outcome.document
        for output in ("markdown", "html", "bilingual_html"):
            made, text = await found.translated(outcome.document.id, "ar", output=output)
            assert all(f'id="page-{page}"' in text for page in range(1, outcome.document.page_count + 1))
            assert made.report
            assert made.report.failed == 0
            if output != "markdown":
                assert 'dir="rtl"' in text
                assert text.startswith("<!doctype html>")
        once = len(paid(openai))
        assert once == len(set(paid(openai)))
        assert made.report.from_memory + made.report.kept == made.report.segments


async def test_what_fails_is_listed_and_marked_and_a_retry_asks_for_it_alone(
    tmp_path: Path, openai: OpenAIServer
) -> None:
    def stubborn(body: dict[str, Any]) -> str:
        items = json.loads(translated(body))["segments"]
        for item, sent in zip(items, asked(body)["segments"], strict=True):
            if "opens" in sent["text"]:
                item["text"] = sent["text"]
        return json.dumps({"segments": items})

    openai.default = Reply(stubborn, piece=4000)
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found)
        made, text = await found.translated(document_id, output="html")
        _, job = await found.service.get(document_id, made.id)
        assert job.status is JobStatus.SUCCEEDED_WITH_WARNINGS
        assert made.report
        [failure] = made.report.failures
        assert (failure.reason, failure.page) == ("echoed", 1)
        assert '<mark class="untranslated">The harbour opens' in text
        assert await marked(found, document_id, made.id) == [made.report.failures[0].text]
        openai.default = Reply(translated, piece=4000)
        openai.requests.clear()
        again, text = await found.finished(*await found.service.retry(document_id, made.id))
        assert "<mark" not in text
        assert await marked(found, document_id, made.id) == []
        assert again.report
        assert again.report.failed == 0
        [asked_again] = paid(openai)
        assert asked_again.startswith("The harbour opens")
        with pytest.raises(NotRetryable):
            await found.service.retry(document_id, made.id)


async def test_after_an_edit_only_what_changed_is_paid(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        await found.translated(await uploaded(found))
        openai.requests.clear()
        await found.translated(await uploaded(found, TEXT.replace("22 in the evening", "23 in the evening")))
    assert len(paid(openai)) == 1


async def test_interrupted_it_goes_on_and_pays_for_nothing_twice(tmp_path: Path, openai: OpenAIServer) -> None:
    openai.default = Reply(translated, piece=100, delay=0.01)
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found, sheep(300), "sheep.txt")
        made, job = await found.service.request(document_id, TranslationRequest("de"))
        async with asyncio.timeout(20):
            while len(openai.requests) < 8:
                await asyncio.sleep(0.01)
    assert openai.wait_until_idle()
    cut_off = len(openai.requests)
    openai.default = Reply(translated, piece=4000)
    async with open_translation(tmp_path, openai.base_url) as found:
        made, text = await found.finished(made, job)
    assert made.report
    assert made.report.segments == made.report.translated + made.report.from_memory == 300
    assert made.report.from_memory > 0
    finished = [line for line in text.splitlines() if line.startswith("Sheepo")]
    assert finished == [line.replace(" ", "o ").replace(".", "o.") for line in sheep(300).split("\n\n")]
    assert len(paid(openai)) <= 300 + 16 * 4  # at most what was under way when it ended
    assert len(openai.requests) > cut_off


async def test_cancelled_it_leaves_no_file_and_can_be_retried(tmp_path: Path, openai: OpenAIServer) -> None:
    openai.default = Reply(translated, piece=100, delay=0.02)
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found, sheep(300), "sheep.txt")
        made, job = await found.service.request(document_id, TranslationRequest("de"))
        while not openai.requests:
            await asyncio.sleep(0.01)
        assert (await found.kit.jobs.cancel(job.id)).status is JobStatus.CANCELLED
        with pytest.raises(TranslationNotReady):
            await found.service.file(document_id, made.id)
        openai.default = Reply(translated, piece=4000)
        made, _ = await found.finished(*await found.service.retry(document_id, made.id))
        assert made.report
        assert made.report.failed == 0


async def test_a_dry_run_tells_the_cost_and_asks_nobody(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found)
        first = await found.service.estimate(document_id, TranslationRequest("de"))
        assert openai.requests == []
        assert first.to_translate == first.segments > 0
        made, _ = await found.translated(document_id)
        assert made.report
        assert made.report.segments == first.segments
        then = await found.service.estimate(document_id, TranslationRequest("de"))
        assert (then.to_translate, then.prompt_tokens) == (0, 0)


async def test_a_glossary_is_fixed_when_the_translation_is_asked_for(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        made, text = await found.translated(await uploaded(found), terms=(Term("harbour", "Hafen"),), glossary="sea")
    assert "Theo Hafen openso" in text
    assert made.report
    # The fake looks for "harbour" alone, so the heading's "Harbour" is not honoured, and that is told.
    assert [(item.index, item.term) for item in made.report.missed_terms] == [(0, "harbour")]


async def test_with_the_document_goes_all_that_was_made_of_it(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found)
        made, _ = await found.translated(document_id)
        receipt = await found.kit.documents.delete(document_id)
        assert receipt.translations > made.report.translated  # type: ignore[union-attr]
        assert await found.kit.engines.blobs.hashes() == set()
        openai.requests.clear()
        await found.translated(await uploaded(found))
        assert paid(openai)  # nothing of it was remembered


async def test_a_translation_is_deleted_with_its_file(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found)
        before = await found.kit.engines.blobs.hashes()
        made, _ = await found.translated(document_id)
        await found.service.delete(document_id, made.id)
        assert await found.kit.engines.blobs.hashes() == before
        with pytest.raises(TranslationNotFound):
            await found.service.get(document_id, made.id)
        another = await uploaded(found, sheep(1), "one.txt")
        made, _ = await found.translated(another)
        with pytest.raises(TranslationNotFound):
            await found.service.get(document_id, made.id)


async def test_it_is_read_beside_its_source_page_by_page(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found)
        made, _ = await found.translated(document_id)
        listed = await found.service.pages(document_id, made.id, None, 20)
        behind = await found.service.pages(document_id, made.id, 1, 20)
    [page] = listed.items
    assert (page.number, behind.items) == (1, ())
    heading, paragraph, item, *_, table = page.blocks
    assert (heading.kind, heading.rows[0][0].source, heading.rows[0][0].target) == (
        "heading", "Harbour rules", "Harbouro ruleso",
    )  # fmt: skip
    assert "Ships <b>must</b> call" in paragraph.rows[0][0].source
    assert (item.mark, item.rows[0][0].target) == ("-", "Payo €20 foro eacho dayo")
    assert [[cell.target for cell in row] for row in table.rows][1] == ["Aurorao", "120 m"]


async def test_word_stays_word_and_what_failed_stays_as_it_was(tmp_path: Path, openai: OpenAIServer) -> None:
    def stubborn(body: dict[str, Any]) -> str:
        items = json.loads(translated(body))["segments"]
        for item, sent in zip(items, asked(body)["segments"], strict=True):
            if "report" in sent["text"]:
                item["text"] = "<g7>"
        return json.dumps({"segments": items})

    openai.default = Reply(stubborn, piece=4000)
    async with open_translation(tmp_path, openai.base_url) as found:
        outcome = await found.kit.ingested(makers.word(), "sales.docx")
        assert outcome.document
        made, job = await found.service.request(outcome.document.id, TranslationRequest("de", output="docx"))
        assert (await found.kit.ended(job.id)).status is JobStatus.SUCCEEDED_WITH_WARNINGS
        made, _ = await found.service.get(outcome.document.id, made.id)
        file = await found.service.file(outcome.document.id, made.id)
        estimate = await found.service.estimate(outcome.document.id, TranslationRequest("de", output="docx"))
        document = docx.Document(str(file.path))
    assert file.filename == "sales.de.docx"
    assert made.report
    [failure] = made.report.failures
    assert (failure.text, failure.reason) == ("Annual report", "empty")
    assert document.paragraphs[0].text == "Annual report"
    assert document.paragraphs[1].text == "Saleso"
    assert (estimate.segments, estimate.to_translate) == (made.report.segments, 1)


async def test_a_form_of_another_kind_of_file_is_refused(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        document_id = await uploaded(found)
        for request in (found.service.request, found.service.estimate):
            with pytest.raises(OutputNotPossible, match="Word documents, and this one is Markdown"):
                await request(document_id, TranslationRequest("de", output="docx"))


async def test_a_font_that_is_not_here_is_told_before_anything_is_paid_for(
    openai: OpenAIServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        outcome = await found.kit.ingested(REPORT.read_bytes(), REPORT.name)
        assert outcome.document
        asked_for = TranslationRequest("zh-Hans", output="pdf")
        assert (await found.service.estimate(outcome.document.id, asked_for)).to_translate > 0
        monkeypatch.setitem(sys.modules, "justmytype_intl_cjk", None)  # as if it were not installed
        with pytest.raises(FontMissing):
            await found.service.estimate(outcome.document.id, asked_for)
        with pytest.raises(FontMissing):
            await found.service.request(outcome.document.id, asked_for)
        assert not (await found.service.list(outcome.document.id, None, 10)).items
        assert (await found.service.estimate(outcome.document.id, TranslationRequest("ru", output="pdf"))).to_translate
    assert openai.requests == []
