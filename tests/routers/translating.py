"""The real services of translation, on SQLite and the fake OpenAI server, put among the fakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.adapters.blobs.local import LocalBlobs
from app.adapters.compute import InlineCompute
from app.adapters.llm.openai import CallLimits, OpenAILLM
from app.adapters.parsers.sandbox import SandboxParser
from app.db.migrate import migrate
from app.db.session import Database
from app.logic.retry import RetryPolicy
from app.services.glossaries import GlossaryService
from app.services.llm import LLMService
from app.services.translate import TranslateService
from app.services.translate_files import TranslateFileService
from app.services.translate_originals import OriginalFiles
from app.services.translation_drafts import TranslationDrafts
from app.services.translator import Translator
from tests.routers.fakes import FakeServices


@asynccontextmanager
async def opened(
    services: FakeServices, folder: Path, base_url: str | None, parser: SandboxParser | None = None
) -> AsyncIterator[None]:
    """`base_url` None: no model is configured. Suggestions are on. `parser`: one that is closed by who gives it."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'translating.sqlite3'}")
    await migrate(database)
    limits = CallLimits(timeout=5.0)
    model = base_url and OpenAILLM(model="fake", base_url=base_url, limits=limits, retry=RetryPolicy(retries=0))
    translator = Translator(database, LLMService(model or None))
    services.translations = TranslateService(database, translator, suggestions=True)
    own = parser or SandboxParser()
    services.translated_files = _files(services, database, LocalBlobs(folder / "files"), own)
    services.glossaries = GlossaryService(database)
    yield
    if model:
        await model.close()
    if parser is None:
        await own.close()
    await database.close()


def _files(
    services: FakeServices, database: Database, blobs: LocalBlobs, parser: SandboxParser
) -> TranslateFileService:
    compute, most = InlineCompute(), services.settings.translate_max_characters
    drafts = TranslationDrafts(blobs, parser, compute)
    originals = OriginalFiles(blobs, parser, drafts, services.translations, at_once=2, most=most)
    return TranslateFileService(database, blobs, compute, services.translations, originals, most=most)
