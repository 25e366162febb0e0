"""Word, PowerPoint and PDF files, translated while the client waits: read and written as the jobs do it, not stored."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from pathlib import Path

from app.core.errors import EmptyFile, PasswordRequired, StorageUnavailable, TranslationFailed, UnreadableDocument
from app.logic.translation_files import ELSEWHERE, LOCKED, LONGER, PDF
from app.logic.translation_signs import plain
from app.models.domain import Blob, OcrRules, ParseWarning, Source
from app.models.originals import TURNED
from app.models.translation import FailedSegment, Memory, Outcome, TranslationOptions
from app.ports import BlobStore, Parser
from app.services.translate import TranslateService, check_done, check_length
from app.services.translate_job import report_of
from app.services.translation_drafts import Draft, TranslationDrafts

_LACKING = frozenset({"no_text_layer", "bad_text_layer", "unreadable_page"})
"""Warnings of pages that no translation reaches."""
_NAMED = 5
_NO_WORDS = f"The file holds no text that could be translated; it may be a scan. To have scans read, {ELSEWHERE}."


class OriginalFiles:
    """`at_once`: files that are read or written at the same time, whoever asks; `most`: characters of one."""

    def __init__(
        self,
        blobs: BlobStore,
        parser: Parser,
        drafts: TranslationDrafts,
        texts: TranslateService,
        *,
        at_once: int,
        most: int,
    ) -> None:
        self._blobs, self._parser, self._drafts, self._texts = blobs, parser, drafts, texts
        self._slots = asyncio.Semaphore(max(1, at_once))
        self._most = most

    async def translate(
        self, content: bytes, media_type: str, options: TranslationOptions, memory: Memory, *, partial: bool
    ) -> tuple[Blob, tuple[FailedSegment, ...]]:
        """The file in the other language, stored, and with `partial` what of it is in its own still.

        Raises DocumentError's subclasses and PayloadTooLarge before the model is asked, then LLMNotConfigured,
        LLMUnavailable, and without `partial` TranslationFailed.
        """
        async with _on_disk(content) as path:
            source = Source(path, media_type, options.title or path.name, ocr=OcrRules(pages=0))
            async with self._slots:
                with _worded():
                    lacking = await self._lacking(source)
                    draft = await self._drafts.of_file(source, options.target)
            if not draft.found:
                raise EmptyFile(_NO_WORDS)
            if lacking and not partial:
                raise UnreadableDocument(_said(lacking))
            check_length(sum(len(plain(piece.raw)) for _, piece in draft.found), self._most, LONGER)
            done = await self._texts.segments(draft.found, options, memory)
            if not partial:
                check_done([item for item in done if item.outcome is Outcome.FAILED])
            async with self._slots:
                blob = await self._written(draft.written(done), draft, partial)
        report = report_of(done, draft.found, draft.unplaced)
        return blob, (*lacking, *report.failures, *report.unplaced)

    async def _lacking(self, source: Source) -> list[FailedSegment]:
        """Pages of a PDF that show what is no text, as ingestion tells them."""
        if source.media_type != PDF:
            return []
        return [
            FailedSegment(0, event.page, "", event.code)
            async for event in self._parser.parse(source)
            if isinstance(event, ParseWarning) and event.code in _LACKING
        ]

    async def _written(self, pieces: AsyncGenerator[bytes], draft: Draft, partial: bool) -> Blob:
        """What has no place in the file is known before its first piece."""
        writer = await self._blobs.writer()
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    if not partial and (missing := [item for item in draft.unplaced if item.reason != TURNED]):
                        raise TranslationFailed(_unplaced(missing))
                    await writer.write(piece)
            return await writer.commit()
        except BaseException:
            await writer.abort()
            raise


@asynccontextmanager
async def _on_disk(content: bytes) -> AsyncGenerator[Path]:
    """The bytes as a file of our own, for the child that reads them; gone afterwards. Raises StorageUnavailable."""
    with tempfile.TemporaryDirectory(prefix="docubot-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "file"
        try:
            await asyncio.to_thread(path.write_bytes, content)
        except OSError as error:
            raise StorageUnavailable(f"{StorageUnavailable.advice} ({error.strerror})") from error
        yield path


@contextmanager
def _worded() -> Iterator[None]:
    """What is wrong with a file, with the advice that helps in this call."""
    try:
        yield
    except PasswordRequired:
        raise PasswordRequired(LOCKED) from None
    except EmptyFile:
        raise EmptyFile(_NO_WORDS) from None


def _pages(found: Sequence[FailedSegment]) -> str:
    numbers = sorted({item.page for item in found if item.page is not None})
    more = f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    return ", ".join(map(str, numbers[:_NAMED])) + more


def _said(lacking: Sequence[FailedSegment]) -> str:
    return (
        f"What page(s) {_pages(lacking)} show is no text that could be replaced (a scan, or damaged). Send "
        f"`partial: true` to leave them as they are; or, to have them read, {ELSEWHERE}."
    )


def _unplaced(found: Sequence[FailedSegment]) -> str:
    reasons = ", ".join(sorted({item.reason for item in found}))
    return (
        f"{len(found)} translated passage(s) have no place in the file ({reasons}; page(s) {_pages(found)}). What was "
        f"translated is remembered: send `partial: true` to get the rest, or {ELSEWHERE} for another form."
    )
