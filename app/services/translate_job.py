"""The handler of translate jobs: a stored version, page by page, into a file in the language and form asked for.

Nothing of a run is kept but the translation memory: an interrupted one begins again and finds there what was paid for.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from app.core.errors import TranslationNotFound
from app.db import translations as rows
from app.db import versions as version_rows
from app.db.session import Database
from app.db.versions import Version
from app.logic import translation_languages as languages
from app.logic.translation_run import Work
from app.logic.translation_signs import plain
from app.models.domain import Blob, Page
from app.models.jobs import Job
from app.models.translation import (
    AlignedPage,
    DocumentTranslation,
    Done,
    FailedSegment,
    Memory,
    MissedTerm,
    Outcome,
    Pair,
    Report,
    Segment,
)
from app.ports import BlobStore
from app.services.progress import JobProgress
from app.services.translation_drafts import TranslationDrafts, source_of
from app.services.translator import Translator

STAGE = "translate"


class TranslateJob:
    def __init__(self, database: Database, blobs: BlobStore, drafts: TranslationDrafts, translator: Translator) -> None:
        self._database = database
        self._blobs = blobs
        self._drafts = drafts
        self._translator = translator

    async def run(self, job: Job, progress: JobProgress) -> bool:
        """Returns whether segments failed or are not in the file.

        Raises TranslationNotFound, LLMNotConfigured, LLMUnavailable, OutputNotPossible, DocumentError.
        """
        async with self._database.read() as connection:
            asked = await rows.by_id(connection, job.payload["translation_id"])
            version = await version_rows.by_id(connection, asked.version_id)
            pages = await version_rows.all_pages(connection, asked.version_id)
        draft = await self._drafts.open(asked, version, pages)
        found = draft.found
        work = work_of(asked, version, pages, found)
        await progress.enter(STAGE, 0.0)
        done = [item async for item in self._translated(work, [page for page, _ in found], progress)]
        writer = await self._blobs.writer()
        try:
            async with aclosing(draft.written(done)) as pieces:
                async for piece in pieces:
                    await writer.write(piece)
        except BaseException:
            await writer.abort()
            raise
        report = report_of(done, found, draft.unplaced)
        await self._store(asked, await writer.commit(), report, await draft.beside(done))
        return report.failed > 0 or bool(report.unplaced)

    async def undo(self, job: Job) -> None:
        """What was translated is remembered for another try; the row says that there is no file."""

    async def give_up(self, job: Job, code: str, message: str) -> None:
        """The job carries the reason."""

    async def _translated(self, work: Work, pages: Sequence[int | None], progress: JobProgress) -> AsyncIterator[Done]:
        total = len(work.segments)
        async with aclosing(self._translator.translate(work)) as results:
            async for done in results:
                count = done.index + 1
                counts = {"segments": count, "of": total, "page": pages[done.index]}
                await progress.advance(STAGE, count / total, counts)
                yield done

    async def _store(
        self, asked: DocumentTranslation, blob: Blob, report: Report, beside: Sequence[AlignedPage]
    ) -> None:
        try:
            async with self._database.write() as connection:
                await rows.by_id(connection, asked.id)  # deleted meanwhile: nobody wants the file
                await rows.finish(connection, asked.id, report, sha256=blob.sha256, size=blob.size)
                await rows.set_pages(connection, asked.id, beside)
        except TranslationNotFound:
            async with self._database.write() as connection:
                if not await version_rows.uses_of(connection, blob.sha256):
                    await self._blobs.delete(blob.sha256)
            raise
        await self._blobs.keep(blob.sha256)


def work_of(
    asked: DocumentTranslation, version: Version, pages: Sequence[Page], found: Sequence[tuple[int | None, Segment]]
) -> Work:
    """Each segment goes from its page's language where no other is asked for."""
    whole = source_of(asked, version)
    of_page = {
        page.number: whole if page.language is None else languages.wire(page.language, page.text) for page in pages
    }
    pairs = [
        Pair(asked.source or (whole if page is None else of_page.get(page, whole)), asked.target) for page, _ in found
    ]
    return Work(
        segments=[piece for _, piece in found],
        pairs=pairs,
        memory=Memory(version.collection_id, version.document_id),
        terms=asked.terms,
        title=version.title or version.filename,
    )


def report_of(
    done: Sequence[Done], found: Sequence[tuple[int | None, Segment]], unplaced: Sequence[FailedSegment] = ()
) -> Report:
    counts = {outcome: sum(item.outcome is outcome for item in done) for outcome in Outcome}
    failures = [
        FailedSegment(item.index, found[item.index][0], plain(item.text), item.reason or "")
        for item in done
        if item.outcome is Outcome.FAILED
    ]
    missed = [MissedTerm(item.index, found[item.index][0], term) for item in done for term in item.missed]
    return Report(
        segments=len(done),
        translated=counts[Outcome.TRANSLATED],
        from_memory=counts[Outcome.REMEMBERED],
        kept=counts[Outcome.KEPT],
        failed=counts[Outcome.FAILED],
        failures=tuple(failures),
        missed_terms=tuple(missed),
        unplaced=tuple(unplaced),
    )
