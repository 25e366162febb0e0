"""SQL of translated documents."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import TranslationNotFound
from app.core.ids import new_id
from app.db.glossaries import pack_terms, unpack_terms
from app.db.session import now
from app.models.domain import BlockKind
from app.models.records import Listing, page_of
from app.models.tables_translation import translated_pages, translations
from app.models.translation import (
    AlignedBlock,
    AlignedCell,
    AlignedPage,
    DocumentTranslation,
    FailedSegment,
    MissedTerm,
    Report,
    TranslationRequest,
)


def _record(row: Any) -> DocumentTranslation:
    values = dict(row._mapping)
    values["terms"] = unpack_terms(values["terms"])
    values["report"] = None if values["report"] is None else _unpack_report(values["report"])
    return DocumentTranslation(**values)


def _unpack_report(packed: Mapping[str, Any]) -> Report:
    failures = tuple(FailedSegment(**item) for item in packed["failures"])
    missed = tuple(MissedTerm(**item) for item in packed["missed_terms"])
    unplaced = tuple(FailedSegment(**item) for item in packed.get("unplaced", ()))
    return Report(**dict(packed) | {"failures": failures, "missed_terms": missed, "unplaced": unplaced})


async def add(
    connection: AsyncConnection,
    request: TranslationRequest,
    *,
    document_id: str,
    version_id: str,
    filename: str,
    media_type: str,
) -> str:
    """A new one, of which no job knows yet."""
    identity = new_id()
    await connection.execute(
        insert(translations).values(
            id=identity,
            document_id=document_id,
            version_id=version_id,
            job_id="",
            source=request.source,
            target=request.target,
            output=request.output,
            glossary=request.glossary,
            terms=pack_terms(request.terms),
            filename=filename,
            media_type=media_type,
            created_at=now(),
        )
    )
    return identity


async def by_id(connection: AsyncConnection, identity: str) -> DocumentTranslation:
    """Raises TranslationNotFound."""
    row = (await connection.execute(select(translations).where(translations.c.id == identity))).first()
    if row is None:
        raise TranslationNotFound
    return _record(row)


async def listing(
    connection: AsyncConnection, document_id: str, cursor: str | None, limit: int
) -> Listing[DocumentTranslation]:
    """Newest first."""
    query = select(translations).where(translations.c.document_id == document_id)
    if cursor is not None:
        query = query.where(translations.c.id < cursor)
    rows = (await connection.execute(query.order_by(translations.c.id.desc()).limit(limit + 1))).all()
    return page_of([_record(row) for row in rows], limit, lambda item: item.id)


async def assign(connection: AsyncConnection, identity: str, job_id: str) -> None:
    await connection.execute(update(translations).where(translations.c.id == identity).values(job_id=job_id))


async def finish(connection: AsyncConnection, identity: str, report: Report, *, sha256: str, size: int) -> None:
    values = {"report": asdict(report), "sha256": sha256, "bytes": size, "finished_at": now()}
    await connection.execute(update(translations).where(translations.c.id == identity).values(**values))


async def set_pages(connection: AsyncConnection, identity: str, pages: Sequence[AlignedPage]) -> None:
    """In the place of those of an earlier try."""
    await connection.execute(delete(translated_pages).where(translated_pages.c.translation_id == identity))
    values = [
        {"translation_id": identity, "number": page.number, "blocks": [asdict(block) for block in page.blocks]}
        for page in pages
    ]
    if values:
        await connection.execute(insert(translated_pages), values)


async def pages(connection: AsyncConnection, identity: str, after: int, limit: int) -> list[AlignedPage]:
    """At most `limit`, in order, behind page `after`."""
    query = select(translated_pages.c.number, translated_pages.c.blocks).where(
        translated_pages.c.translation_id == identity, translated_pages.c.number > after
    )
    rows = (await connection.execute(query.order_by(translated_pages.c.number).limit(limit))).all()
    return [AlignedPage(row.number, tuple(_unpack_block(block) for block in row.blocks)) for row in rows]


def _unpack_block(packed: Mapping[str, Any]) -> AlignedBlock:
    rows = tuple(tuple(AlignedCell(**cell) for cell in row) for row in packed["rows"])
    return AlignedBlock(BlockKind(packed["kind"]), rows, packed["level"], packed["mark"])


async def remove(connection: AsyncConnection, identity: str) -> None:
    await connection.execute(delete(translations).where(translations.c.id == identity))


async def hashes_of_document(connection: AsyncConnection, document_id: str) -> set[str]:
    """Of the finished files."""
    query = select(translations.c.sha256).where(translations.c.document_id == document_id)
    return {sha256 for sha256 in (await connection.execute(query)).scalars() if sha256 is not None}


async def count_of_document(connection: AsyncConnection, document_id: str) -> int:
    query = select(func.count()).select_from(translations).where(translations.c.document_id == document_id)
    return int((await connection.execute(query)).scalar_one())
