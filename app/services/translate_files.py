"""Files translated while the client waits. What comes back has the same form."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath

from app.core.errors import TranslationNotFound, UnreadableDocument
from app.db import translated_files as rows
from app.db import versions as version_rows
from app.db.session import Connection, Database
from app.logic.translation_files import LONGER, ORIGINALS, recognized
from app.logic.translation_html import cut_html
from app.logic.translation_html_head import spoken_in
from app.logic.translation_text import cut_markdown, cut_text
from app.models.domain import Blob
from app.models.records import StoredFile
from app.models.translation import FailedSegment, Memory, Template, TranslatedFile, TranslationOptions
from app.ports import BlobStore, Compute
from app.services.translate import TranslateService, check_length, check_whole
from app.services.translate_originals import OriginalFiles

_HTML = "text/html"
_CUTS: Mapping[str, Callable[[str], Template]] = {
    "text/plain": cut_text,
    "text/markdown": cut_markdown,
    _HTML: cut_html,
}
KEPT_HOURS = 24
GONE = f"No such translation; one is kept for {KEPT_HOURS} hours. Send the file to POST /translate_file again."


class TranslateFileService:
    """`most`: characters of text in one file."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        compute: Compute,
        texts: TranslateService,
        originals: OriginalFiles,
        *,
        most: int,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._compute = compute
        self._texts = texts
        self._originals = originals
        self._most = most

    async def translate(
        self, content: bytes, filename: str, options: TranslationOptions, memory: Memory, *, partial: bool = False
    ) -> TranslatedFile:
        """`partial`: also where some of it stays in its own language; `failed` of the file tells what.

        Raises UnsupportedMediaType, DocumentError's subclasses, PayloadTooLarge, TranslationFailed, LLMNotConfigured,
        LLMUnavailable.
        """
        media_type = recognized(content, filename)
        if media_type in ORIGINALS:
            blob, failed = await self._originals.translate(content, media_type, options, memory, partial=partial)
        else:
            blob, failed = await self._text(content, media_type, options, memory, partial=partial)
            media_type += "; charset=utf-8"
        made = await self._store(blob, _named(filename, options.target), media_type, memory.scope)
        return replace(made, failed=failed)

    async def _text(
        self, content: bytes, media_type: str, options: TranslationOptions, memory: Memory, *, partial: bool
    ) -> tuple[Blob, tuple[FailedSegment, ...]]:
        text = _decoded(content)
        if media_type == _HTML:
            text = await self._compute.run(spoken_in, text, options.target)
        else:  # HTML is mostly tags, often
            check_length(len(text), self._most, LONGER)
        template = await self._compute.run(_CUTS[media_type], text)
        check_length(sum(len(piece.raw) for piece in template.segments), self._most, LONGER)
        done = await self._texts.whole_template(template, options, memory)
        if not partial:
            check_whole([done])
        writer = await self._blobs.writer()
        await writer.write(done.text.encode())
        failed = tuple(FailedSegment(item.index, None, item.text, item.reason or "") for item in done.failures)
        return await writer.commit(), failed

    async def file(self, tenant: str, identity: str) -> StoredFile:
        """Raises TranslationNotFound."""
        try:
            async with self._database.read() as connection:
                found = await rows.by_id(connection, tenant, identity, KEPT_HOURS)
            path = await self._blobs.local_path(found.sha256)
        except (TranslationNotFound, FileNotFoundError):
            raise TranslationNotFound(GONE) from None
        return StoredFile(path, found.filename, found.media_type, found.sha256, found.bytes)

    async def delete_old(self) -> int:
        """What was kept long enough; tells how many files went."""
        async with self._database.write() as connection:
            old = await rows.forget_old(connection, KEPT_HOURS)
            for sha256 in set(old):
                await drop_unused(connection, self._blobs, sha256)
        return len(old)

    async def _store(self, blob: Blob, filename: str, media_type: str, tenant: str) -> TranslatedFile:
        async with self._database.write() as connection:
            made = await rows.add(
                connection, tenant, sha256=blob.sha256, size=blob.size, filename=filename, media_type=media_type
            )
        await self._blobs.keep(blob.sha256)
        return made


async def drop_unused(connection: Connection, blobs: BlobStore, sha256: str) -> int:
    """Remove stored bytes that nothing has any more; in the caller's transaction, which keeps others out."""
    if await version_rows.uses_of(connection, sha256) or not await blobs.exists(sha256):
        return 0
    await blobs.delete(sha256)
    return 1


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableDocument("The file is not text in UTF-8 or UTF-16. Save it as UTF-8, and send that.") from None
    if "\0" in text:
        raise UnreadableDocument("The file holds NUL characters: it is no text.")
    return text


def _named(filename: str, target: str) -> str:
    path = PurePath(filename)
    return f"{path.stem}.{target}{path.suffix}"
