"""Small files, translated while the client waits: text, Markdown, HTML. What comes back has the same form."""

from collections.abc import Callable, Mapping
from pathlib import PurePath

from app.core.errors import TranslationNotFound, UnreadableDocument, UnsupportedMediaType
from app.db import translated_files as rows
from app.db import versions as version_rows
from app.db.session import Connection, Database
from app.logic.translation_html import cut_html
from app.logic.translation_text import cut_markdown, cut_text
from app.models.records import StoredFile
from app.models.translation import Memory, Template, TranslatedFile, TranslationOptions
from app.ports import BlobStore
from app.services.translate import TranslateService, check_whole

FORMATS: Mapping[str, tuple[str, Callable[[str], Template]]] = {
    ".txt": ("text/plain; charset=utf-8", cut_text),
    ".md": ("text/markdown; charset=utf-8", cut_markdown),
    ".html": ("text/html; charset=utf-8", cut_html),
    ".htm": ("text/html; charset=utf-8", cut_html),
}
KEPT_HOURS = 24


class TranslateFileService:
    def __init__(self, database: Database, blobs: BlobStore, texts: TranslateService) -> None:
        self._database = database
        self._blobs = blobs
        self._texts = texts

    async def translate(
        self, content: bytes, filename: str, options: TranslationOptions, memory: Memory
    ) -> TranslatedFile:
        """Raises UnsupportedMediaType, UnreadableDocument, TranslationFailed, LLMNotConfigured, LLMUnavailable."""
        suffix = PurePath(filename).suffix.lower()
        if suffix not in FORMATS:
            raise UnsupportedMediaType(
                f"Files of these formats can be translated here: {', '.join(FORMATS)}. For others, POST /upload and "
                "then POST /documents/{id}/translate."
            )
        media_type, cut = FORMATS[suffix]
        done = await self._texts.whole_template(cut(_decoded(content)), options, memory)
        check_whole([done])
        return await self._store(done.text.encode(), _named(filename, options.target), media_type, memory.scope)

    async def file(self, tenant: str, identity: str) -> StoredFile:
        """Raises TranslationNotFound."""
        async with self._database.read() as connection:
            found = await rows.by_id(connection, tenant, identity)
        try:
            path = await self._blobs.local_path(found.sha256)
        except FileNotFoundError:
            raise TranslationNotFound from None
        return StoredFile(path, found.filename, found.media_type, found.sha256, found.bytes)

    async def _store(self, content: bytes, filename: str, media_type: str, tenant: str) -> TranslatedFile:
        writer = await self._blobs.writer()
        await writer.write(content)
        blob = await writer.commit()
        async with self._database.write() as connection:
            old = await rows.forget_old(connection, KEPT_HOURS)
            made = await rows.add(
                connection, tenant, sha256=blob.sha256, size=blob.size, filename=filename, media_type=media_type
            )
            for sha256 in set(old):
                await drop_unused(connection, self._blobs, sha256)
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
