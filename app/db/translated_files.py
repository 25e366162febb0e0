"""SQL of translated files: what /translate_file made, until it is old."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import TranslationNotFound
from app.core.ids import new_id
from app.db.session import now
from app.models.tables_translation import translated_files as files
from app.models.translation import TranslatedFile


async def add(
    connection: AsyncConnection, tenant: str, *, sha256: str, size: int, filename: str, media_type: str
) -> TranslatedFile:
    made = TranslatedFile(new_id(), sha256, size, filename, media_type)
    values: dict[str, Any] = {"id": made.id, "sha256": sha256, "bytes": size, "filename": filename}
    values |= {"media_type": media_type, "tenant": tenant, "created_at": now()}
    await connection.execute(insert(files).values(**values))
    return made


async def by_id(connection: AsyncConnection, tenant: str, identity: str, hours: int) -> TranslatedFile:
    """`hours`: one that is older is not there any more. Raises TranslationNotFound."""
    query = select(files).where(
        files.c.id == identity, files.c.tenant == tenant, files.c.created_at >= now() - timedelta(hours=hours)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        raise TranslationNotFound
    return TranslatedFile(row.id, row.sha256, row.bytes, row.filename, row.media_type)


async def forget_old(connection: AsyncConnection, hours: int) -> list[str]:
    """Remove rows older than that; returns the hashes of their bytes."""
    moment = now() - timedelta(hours=hours)
    found = list((await connection.execute(select(files.c.sha256).where(files.c.created_at < moment))).scalars())
    await connection.execute(delete(files).where(files.c.created_at < moment))
    return found
