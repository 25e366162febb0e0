"""SQL of quotas: what counts against a key. Everything is summed from the rows that are there, so that whatever leaves
is free again, by whichever way it left; only tokens have a counter, because what a model said may be stored nowhere."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, func, select, true, union
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.dialects import insert_into
from app.db.session import now
from app.models.jobs import DocumentStatus
from app.models.quotas import Limits, Use
from app.models.tables import documents, files, versions
from app.models.tables_access import api_keys, quota_notices, token_uses

_LIMITS = (api_keys.c.max_documents, api_keys.c.max_pages, api_keys.c.max_bytes, api_keys.c.max_tokens_a_day)


def limits_as_columns(limits: Limits) -> dict[str, int | None]:
    return {
        "max_documents": limits.documents,
        "max_pages": limits.pages,
        "max_bytes": limits.bytes,
        "max_tokens_a_day": limits.tokens_a_day,
    }


async def limits_of(connection: AsyncConnection, key_id: str) -> Limits:
    """Without any for a key that is not here, as after moving to another server."""
    row = (await connection.execute(select(*_LIMITS).where(api_keys.c.id == key_id))).first()
    return Limits() if row is None else Limits(*row)


async def use_of(connection: AsyncConnection, key_ids: Sequence[str]) -> dict[str, Use]:
    found = dict.fromkeys(key_ids, Use())
    for key_id, held in (await held_by(connection, key_ids)).items():
        found[key_id] = held
    for key_id, size in (await bytes_of(connection, key_ids)).items():
        found[key_id] = replace(found[key_id], bytes=size)
    for key_id, tokens in (await tokens_of(connection, key_ids)).items():
        found[key_id] = replace(found[key_id], tokens_today=tokens)
    return found


async def held_by(connection: AsyncConnection, key_ids: Sequence[str], but: str | None = None) -> dict[str, Use]:
    """Documents and pages, without those of the document `but`: of versions that answer, or are newer than that."""
    live = versions.alias("live")
    query = (
        select(
            versions.c.key_id,
            func.count(versions.c.document_id.distinct()),
            func.sum(versions.c.page_count),
        )
        .join(documents, documents.c.id == versions.c.document_id)
        .outerjoin(live, live.c.id == documents.c.live_version_id)
        .where(
            versions.c.key_id.in_(key_ids),
            versions.c.number >= func.coalesce(live.c.number, documents.c.latest_version),
            _stays(),
            true() if but is None else versions.c.document_id != but,
        )
        .group_by(versions.c.key_id)
    )
    return {row[0]: Use(row[1], int(row[2])) for row in (await connection.execute(query)).all()}


async def bytes_of(connection: AsyncConnection, key_ids: Sequence[str]) -> dict[str, int]:
    """Bytes that are there several times are stored, and counted, once."""
    of_versions = (
        select(versions.c.key_id, versions.c.sha256, versions.c.bytes)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.key_id.in_(key_ids), _stays())
    )
    of_files = select(files.c.key_id, files.c.sha256, files.c.bytes).where(files.c.key_id.in_(key_ids))
    both = union(of_versions, of_files).subquery()
    query = select(both.c.key_id, func.sum(both.c.bytes)).group_by(both.c.key_id)
    return {row[0]: int(row[1]) for row in (await connection.execute(query)).all()}


async def has_bytes(connection: AsyncConnection, key_id: str, sha256: str) -> bool:
    """Whether these bytes count against the key already."""
    of_versions = (
        select(versions.c.id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.key_id == key_id, versions.c.sha256 == sha256, _stays())
    )
    of_files = select(files.c.id).where(files.c.key_id == key_id, files.c.sha256 == sha256)
    return (await connection.execute(union(of_versions, of_files).limit(1))).first() is not None


async def tokens_of(connection: AsyncConnection, key_ids: Sequence[str]) -> dict[str, int]:
    """Of today."""
    query = select(token_uses.c.key_id, token_uses.c.tokens).where(
        token_uses.c.key_id.in_(key_ids), token_uses.c.day == today()
    )
    return {row[0]: row[1] for row in (await connection.execute(query)).all()}


async def add_tokens(connection: AsyncConnection, key_id: str, day: date, tokens: int) -> None:
    """Safe beside others that add: the database does the sum."""
    row = insert_into(connection, token_uses).values(key_id=key_id, day=day, tokens=tokens)
    total = token_uses.c.tokens + row.excluded.tokens
    await connection.execute(row.on_conflict_do_update(index_elements=["key_id", "day"], set_={"tokens": total}))


async def was_told(connection: AsyncConnection, key_id: str, quota: str) -> bool:
    """Whether webhooks were told today."""
    query = select(quota_notices.c.key_id).where(
        quota_notices.c.key_id == key_id, quota_notices.c.quota == quota, quota_notices.c.day == today()
    )
    return (await connection.execute(query)).first() is not None


async def note_told(connection: AsyncConnection, key_id: str, quota: str) -> bool:
    """Whether nobody did so before, today."""
    row = insert_into(connection, quota_notices).values(key_id=key_id, quota=quota, day=today())
    unless_there = row.on_conflict_do_nothing(index_elements=["key_id", "quota", "day"])
    return bool((await connection.execute(unless_there)).rowcount)


def today() -> date:
    """In UTC."""
    return now().date()


def _stays() -> ColumnElement[bool]:
    """What is asked to be deleted is free at once, though its rows take a moment to go."""
    return documents.c.status != DocumentStatus.DELETING
