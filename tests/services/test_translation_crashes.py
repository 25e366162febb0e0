"""The process that writes a translated file dies: nothing is half there, and nothing is paid for again."""

import io
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import docx
import pytest

from app.core.errors import ParserCrashed, TranslationNotReady
from app.models.domain import Source
from app.models.jobs import JobStatus
from app.models.originals import Setting, WriteEvent
from app.models.translation import TranslationRequest
from app.ports import Parser
from tests.fakes.openai_server import Reply, running
from tests.fakes.translator import translated
from tests.services.translation_kit import open_translation

pytestmark = pytest.mark.anyio


class CrashesOnce:
    """The real parser, but its first file breaks off after one piece."""

    def __init__(self, real: Parser) -> None:
        self._real = real
        self._crashed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def rewrite(self, source: Source, texts: Mapping[int, str], setting: Setting) -> AsyncGenerator[WriteEvent]:
        async for event in self._real.rewrite(source, texts, setting):
            yield event
            if not self._crashed:
                self._crashed = True
                raise ParserCrashed


async def test_a_crash_while_writing_costs_nothing_twice(tmp_path: Path) -> None:
    document = docx.Document()
    for name in ("Anna", "Berta", "Clara"):
        document.add_paragraph(f"{name} opens the harbour in the morning.")
    stream = io.BytesIO()
    document.save(stream)
    with running() as openai:
        openai.default = Reply(translated, piece=4000)
        async with open_translation(tmp_path, openai.base_url, parser=CrashesOnce) as found:
            outcome = await found.kit.ingested(stream.getvalue(), "harbour.docx")
            assert outcome.document
            made, job = await found.service.request(outcome.document.id, TranslationRequest("de", output="docx"))
            ended = await found.kit.ended(job.id)
            assert (ended.status, ended.error_code) == (JobStatus.FAILED, "parser_crashed")
            with pytest.raises(TranslationNotReady):
                await found.service.file(outcome.document.id, made.id)
            calls = len(openai.requests)
            _, job = await found.service.retry(outcome.document.id, made.id)
            assert (await found.kit.ended(job.id)).status is JobStatus.SUCCEEDED
            assert len(openai.requests) == calls
            file = await found.service.file(outcome.document.id, made.id)
            said = [paragraph.text for paragraph in docx.Document(str(file.path)).paragraphs]
    assert said == [f"{name}o openso theo harbouro ino theo morningo." for name in ("Anna", "Berta", "Clara")]
