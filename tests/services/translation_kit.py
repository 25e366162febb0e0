"""The kit of ingestion with translation over the fake OpenAI server."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.adapters.llm.openai import CallLimits, OpenAILLM
from app.logic.retry import RetryPolicy
from app.models.jobs import Job, JobKind
from app.models.records import JobRecord
from app.models.translation import DocumentTranslation, TranslationRequest
from app.ports import Parser
from app.services.document_translations import DocumentTranslationService
from app.services.llm import LLMService
from app.services.progress import JobProgress
from app.services.translate_job import TranslateJob
from app.services.translation_drafts import TranslationDrafts
from app.services.translator import Translator
from tests.services.kit import Kit, open_kit


class _Late:
    """The handler of translate jobs: the kit wants it before it has what the handler is made of."""

    made: TranslateJob

    async def run(self, job: Job, progress: JobProgress) -> bool:
        return await self.made.run(job, progress)

    async def undo(self, job: Job) -> None:
        await self.made.undo(job)

    async def give_up(self, job: Job, code: str, message: str) -> None:
        await self.made.give_up(job, code, message)


@dataclass
class TranslationKit:
    kit: Kit
    service: DocumentTranslationService

    async def translated(self, document_id: str, target: str = "de", **more: object) -> tuple[DocumentTranslation, str]:
        """The finished translation and its file's text."""
        made, job = await self.service.request(document_id, TranslationRequest(target, **more))  # type: ignore[arg-type]
        return await self.finished(made, job)

    async def finished(self, made: DocumentTranslation, job: JobRecord) -> tuple[DocumentTranslation, str]:
        await self.kit.ended(job.id)
        found, job = await self.service.get(made.document_id, made.id)
        assert found.sha256, job
        file = await self.service.file(made.document_id, made.id)
        return found, file.path.read_text(encoding="utf-8")


@asynccontextmanager
async def open_translation(
    folder: Path, base_url: str, *, timeout: float = 5.0, parser: Callable[[Parser], Parser] = lambda real: real
) -> AsyncIterator[TranslationKit]:
    """`parser` gives the one that files are written by, made of the real one."""
    late = _Late()
    llm = OpenAILLM(model="fake", base_url=base_url, limits=CallLimits(timeout=timeout), retry=RetryPolicy(retries=0))
    async with open_kit(folder, start=False, wrapped={JobKind.TRANSLATE: late}) as kit:
        translator = Translator(kit.database, LLMService(llm))
        blobs = kit.engines.blobs
        drafts = TranslationDrafts(blobs, parser(kit.engines.parser), kit.engines.compute)
        late.made = TranslateJob(kit.database, blobs, drafts, translator)
        service = DocumentTranslationService(kit.database, blobs, drafts, translator, kit.worker, kit.queue)
        kit.worker.start()
        yield TranslationKit(kit, service)
    await llm.close()
