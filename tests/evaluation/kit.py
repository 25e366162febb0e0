"""Services that an evaluation calls: real store, files and parser, the ports' offline doubles, perhaps a model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.services.answer import AnswerService
from app.services.boxes import BoxFinder
from app.services.documents import DocumentService
from app.services.jobs import JobService
from app.services.llm import LLMService
from app.services.retriever import RetrieverService
from app.services.uploads import UploadService
from tests.services.kit import Kit, open_kit


@dataclass
class Bench:
    """As `app.evaluation.runner.Services` wants it."""

    kit: Kit
    uploads: UploadService
    documents: DocumentService
    jobs: JobService
    retriever: RetrieverService
    answers: AnswerService


@asynccontextmanager
async def open_bench(folder: Path, llm: LLMService | None = None) -> AsyncIterator[Bench]:
    async with open_kit(folder) as kit:
        boxes = BoxFinder(kit.engines.parser, kit.documents)
        answers = AnswerService(kit.retriever, kit.conversations, llm or LLMService(None), boxes)
        yield Bench(kit, kit.uploads, kit.documents, kit.jobs, kit.retriever, answers)
