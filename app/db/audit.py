"""SQL of the audit log: added to and read. The tables' triggers refuse everything else."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.acting import actor
from app.core.ids import new_id
from app.core.logging import request_id
from app.db.session import now
from app.models.audit import Action, AuditEntry, AuditFilter, Outcome
from app.models.records import Listing, page_of
from app.models.tables_access import audit_log


async def note(
    connection: AsyncConnection,
    action: Action,
    outcome: Outcome = Outcome.DONE,
    *,
    collection: str | None = None,
    document_id: str | None = None,
    item: str | None = None,
) -> None:
    """Tell who did it, in the transaction that does it: neither is kept without the other."""
    who = actor()
    await connection.execute(
        insert(audit_log).values(
            id=new_id(),
            at=now(),
            caller=who.id,
            caller_name=who.name,
            action=action,
            collection=collection,
            document_id=document_id,
            item=item,
            outcome=outcome,
            request_id=request_id(),
        )
    )


async def listing(
    connection: AsyncConnection, wanted: AuditFilter, cursor: str | None, limit: int, *, descending: bool = True
) -> Listing[AuditEntry]:
    """Newest first, or oldest first; the cursor is the last id seen."""
    key = audit_log.c.id
    query = select(audit_log).where(_matches(wanted)).order_by(key.desc() if descending else key.asc())
    if cursor is not None:
        query = query.where(key < cursor if descending else key > cursor)
    rows = (await connection.execute(query.limit(limit + 1))).all()
    return page_of([_entry(row) for row in rows], limit, lambda entry: entry.id)


def _matches(wanted: AuditFilter) -> ColumnElement[bool]:
    columns = audit_log.c
    conditions = (
        None if wanted.since is None else columns.at >= wanted.since,
        None if wanted.until is None else columns.at < wanted.until,
        None if wanted.document_id is None else columns.document_id == wanted.document_id,
        None if wanted.caller is None else columns.caller == wanted.caller,
        None if wanted.action is None else columns.action == wanted.action,
    )
    return and_(true(), *(condition for condition in conditions if condition is not None))


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**dict(row._mapping) | {"action": Action(row.action), "outcome": Outcome(row.outcome)})
