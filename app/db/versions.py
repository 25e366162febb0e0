"""SQL of versions and their pages: what ingestion writes and what people open."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import delete, func, insert, select, union, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import DocumentNotFound, PageNotFound
from app.core.ids import new_id
from app.db.codec import (
    pack_blocks,
    pack_locator,
    pack_words,
    unpack_blocks,
    unpack_locator,
    unpack_page,
    unpack_warnings,
    unpack_words,
)
from app.db.session import now
from app.models.domain import BlockKind, Page, ParseWarning, Word
from app.models.records import DocumentVersion, Listing, PageReport, StoredPage, page_of
from app.models.tables import documents, files, pages, versions
from app.models.tables_translation import translated_files, translations

_HOLDING_BYTES = (versions, files, translated_files, translations)


@dataclass(frozen=True, slots=True)
class Version:
    """A row of `versions`."""

    id: str
    document_id: str
    collection_id: str
    number: int
    sha256: str
    bytes: int
    filename: str
    media_type: str
    password: str | None
    title: str | None
    language: str | None
    parser: str | None
    page_count: int
    chunk_count: int
    character_count: int
    warnings: tuple[ParseWarning, ...]
    keyword_ready: bool
    vectors_ready: bool
    key_id: str | None
    """Of the API key that brought it in."""
    chunk_tokens: int | None
    chunk_overlap: int | None
    """As its document was asked to be cut; None: the setting's."""


def _record(row: Any) -> Version:
    values = dict(row._mapping)
    values.pop("created_at")
    values["warnings"] = unpack_warnings(values["warnings"])
    return Version(**values)


def _selection() -> Any:
    asked = (documents.c.chunk_tokens, documents.c.chunk_overlap)
    return select(versions, *asked).join(documents, documents.c.id == versions.c.document_id)


async def find(connection: AsyncConnection, version_id: str) -> Version | None:
    row = (await connection.execute(_selection().where(versions.c.id == version_id))).first()
    return None if row is None else _record(row)


async def by_id(connection: AsyncConnection, version_id: str) -> Version:
    version = await find(connection, version_id)
    if version is None:
        raise DocumentNotFound
    return version


async def shown(connection: AsyncConnection, document_id: str, number: int | None) -> Version:
    """Version `number` of a document; without one the live version, or the latest while none is live."""
    query = _selection().where(versions.c.document_id == document_id, documents.c.status != "deleting")
    if number is None:
        live_first = (versions.c.id == func.coalesce(documents.c.live_version_id, "")).desc()
        query = query.order_by(live_first, versions.c.number.desc())
    else:
        query = query.where(versions.c.number == number)
    row = (await connection.execute(query.limit(1))).first()
    if row is None:
        raise DocumentNotFound
    return _record(row)


async def of_document(connection: AsyncConnection, document_id: str) -> list[Version]:
    query = _selection().where(versions.c.document_id == document_id).order_by(versions.c.number)
    return [_record(row) for row in (await connection.execute(query)).all()]


async def listing(
    connection: AsyncConnection, document_id: str, cursor: int | None, limit: int
) -> Listing[DocumentVersion]:
    """Newest first; the cursor is the number of the last one seen. Raises DocumentNotFound."""
    names = [item.name for item in fields(DocumentVersion) if item.name != "live"]
    live = (versions.c.id == func.coalesce(documents.c.live_version_id, "")).label("live")
    query = (
        select(live, *(versions.c[name] for name in names))
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.document_id == document_id, documents.c.status != "deleting")
        .order_by(versions.c.number.desc())
    )
    if cursor is not None:
        query = query.where(versions.c.number < cursor)
    rows = (await connection.execute(query.limit(limit + 1))).all()
    found = [DocumentVersion(**dict(row._mapping) | {"warnings": unpack_warnings(row.warnings)}) for row in rows]
    if not found and cursor is None:
        raise DocumentNotFound
    return page_of(found, limit, lambda version: str(version.number))


async def of_collection(connection: AsyncConnection, collection_id: str, *, live_only: bool = True) -> list[Version]:
    """Versions of documents that are not being deleted: those that answer, or all."""
    query = _selection().where(documents.c.collection_id == collection_id, documents.c.status != "deleting")
    if live_only:
        query = query.where(documents.c.live_version_id == versions.c.id)
    return [_record(row) for row in (await connection.execute(query)).all()]


async def is_overtaken(connection: AsyncConnection, version: Version) -> bool:
    """Whether a later version of its document answers already."""
    query = (
        select(versions.c.id)
        .join(documents, documents.c.live_version_id == versions.c.id)
        .where(documents.c.id == version.document_id, versions.c.number > version.number)
    )
    return (await connection.execute(query)).first() is not None


async def add(connection: AsyncConnection, **values: Any) -> str:
    identity = new_id()
    await connection.execute(insert(versions).values(id=identity, created_at=now(), **values))
    return identity


async def change(connection: AsyncConnection, version_id: str, **values: Any) -> None:
    await connection.execute(update(versions).where(versions.c.id == version_id).values(**values))


async def remove(connection: AsyncConnection, version_id: str) -> None:
    await connection.execute(delete(versions).where(versions.c.id == version_id))


async def hashes(connection: AsyncConnection) -> set[str]:
    """Of all bytes that some version, stored file or translation has."""
    columns = [select(table.c.sha256).where(table.c.sha256.is_not(None)) for table in _HOLDING_BYTES]
    return set((await connection.execute(union(*columns))).scalars())


async def uses_of(connection: AsyncConnection, sha256: str) -> int:
    """How many versions, stored files and translations have these bytes: they may go when none has."""
    counts = [
        select(func.count().label("uses")).select_from(table).where(table.c.sha256 == sha256)
        for table in _HOLDING_BYTES
    ]
    together = union_all(*counts).subquery()
    return int((await connection.execute(select(func.sum(together.c.uses)))).scalar_one())


# ---------------------------------------------------------------- pages


async def clear_pages(connection: AsyncConnection, version_id: str) -> None:
    await connection.execute(delete(pages).where(pages.c.version_id == version_id))


async def clear(connection: AsyncConnection, version_id: str) -> None:
    """Forget all that was read of a version."""
    await clear_pages(connection, version_id)
    values = {"page_count": 0, "character_count": 0, "chunk_count": 0, "warnings": [], "parser": None, "title": None}
    await change(connection, version_id, **values)


async def add_pages(connection: AsyncConnection, version_id: str, batch: Sequence[Page]) -> None:
    rows = [
        {
            "version_id": version_id,
            "number": page.number,
            "label": page.label,
            "text": page.text,
            "blocks": pack_blocks(page.blocks),
            "width": page.width,
            "height": page.height,
            "locator": pack_locator(page.locator),
            "has_text_layer": page.has_text_layer,
            "language": page.language,
            "ocr_confidence": page.ocr_confidence,
            "words": pack_words(page.words),
        }
        for page in batch
    ]
    if rows:
        await connection.execute(insert(pages), rows)


_BUT_WORDS = [column for column in pages.c if column is not pages.c.words]


async def all_pages(connection: AsyncConnection, version_id: str, *, batch: int = 100) -> list[Page]:
    """The version's pages in order; read in batches, so that a long document does not hold up the event loop."""
    found: list[Page] = []
    while True:
        after = found[-1].number if found else 0
        query = select(*_BUT_WORDS).where(pages.c.version_id == version_id, pages.c.number > after)
        rows = (await connection.execute(query.order_by(pages.c.number).limit(batch))).all()
        found.extend(unpack_page(row) for row in rows)
        if len(rows) < batch:
            return found


async def pages_after(
    connection: AsyncConnection, version_id: str, number: int, *, characters: int, batch: int = 100
) -> list[Page]:
    """The pages after page `number` in order, until they hold so many characters; none when it is the last one."""
    found: list[Page] = []
    while sum(len(page.text) for page in found) < characters:
        after = found[-1].number if found else number
        query = select(*_BUT_WORDS).where(pages.c.version_id == version_id, pages.c.number > after)
        rows = (await connection.execute(query.order_by(pages.c.number).limit(batch))).all()
        found.extend(unpack_page(row) for row in rows)
        if len(rows) < batch:
            break
    return found


async def page(connection: AsyncConnection, version_id: str, number: int) -> StoredPage:
    query = select(*_BUT_WORDS, versions.c.warnings).join(versions, versions.c.id == pages.c.version_id)
    row = (await connection.execute(query.where(pages.c.version_id == version_id, pages.c.number == number))).first()
    if row is None:
        raise PageNotFound
    return StoredPage(
        number=row.number,
        label=row.label,
        text=row.text,
        width=row.width,
        height=row.height,
        language=row.language,
        locator=unpack_locator(row.locator),
        has_text_layer=row.has_text_layer,
        ocr_confidence=row.ocr_confidence,
        warnings=tuple(item for item in unpack_warnings(row.warnings) if item.page == number),
    )


async def words(connection: AsyncConnection, version_id: str, numbers: Sequence[int]) -> dict[int, tuple[Word, ...]]:
    """Where the words of pages stand, of those among `numbers` that were read by OCR."""
    query = select(pages.c.number, pages.c.words).where(
        pages.c.version_id == version_id, pages.c.number.in_(numbers), pages.c.words.is_not(None)
    )
    return {row.number: unpack_words(row.words) for row in (await connection.execute(query)).all()}


async def page_reports(connection: AsyncConnection, version_id: str) -> list[PageReport]:
    columns = (pages.c.number, pages.c.label, pages.c.language, pages.c.has_text_layer, pages.c.ocr_confidence)
    query = select(*columns, pages.c.blocks, func.length(pages.c.text).label("characters"))
    rows = (await connection.execute(query.where(pages.c.version_id == version_id).order_by(pages.c.number))).all()
    return [
        PageReport(
            number=row.number,
            label=row.label,
            characters=row.characters,
            language=row.language,
            has_text_layer=row.has_text_layer,
            ocr_confidence=row.ocr_confidence,
            tables=sum(block.kind is BlockKind.TABLE for block in unpack_blocks(row.blocks)),
        )
        for row in rows
    ]


async def set_languages(
    connection: AsyncConnection, version_id: str, codes: Sequence[str | None], *, first: int = 1
) -> None:
    """Write the languages of pages `first`, `first` + 1, ... of a version."""
    numbers: dict[str, list[int]] = {}
    for number, code in enumerate(codes, start=first):
        if code is not None:
            numbers.setdefault(code, []).append(number)
    for code, listed in numbers.items():
        for start in range(0, len(listed), 500):
            some = pages.c.number.in_(listed[start : start + 500])
            await connection.execute(update(pages).where(pages.c.version_id == version_id, some).values(language=code))
