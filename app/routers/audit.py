"""Who did what to which document: read and exported, and changed by no call."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse, Response, StreamingResponse

from app.core.errors import DocumentNotFound, InvalidCursor, KeyNotFound
from app.core.ids import is_id
from app.models.access import Scope
from app.models.audit import Action, AuditFilter
from app.models.audit import AuditEntry as Record
from app.models.schemas import EXAMPLE_ID, Moment
from app.models.schemas_answers import as_wire
from app.models.schemas_audit import AuditEntry, AuditList
from app.routers.deps import IdCursor, Limit, TheServices, needs
from app.routers.errors import reading

router = APIRouter(prefix="/audit", tags=["access"])
JSON_LINES = "application/jsonl"
_Moment = Annotated[Moment | None, Query(examples=["2026-11-22T00:00:00Z"])]
_LINES = {"schema": {"type": "string"}, "example": '{"id":"…","action":"document.delete","outcome":"done"}\n'}


async def _wanted(
    since: _Moment = None,
    until: _Moment = None,
    document_id: Annotated[str | None, Query(examples=[EXAMPLE_ID])] = None,
    key: Annotated[str | None, Query(description="A key's id: what was done with it.", examples=[EXAMPLE_ID])] = None,
    action: Action | None = None,
) -> AuditFilter:
    if document_id is not None and not is_id(document_id):
        raise DocumentNotFound
    if key is not None and not is_id(key):
        raise KeyNotFound
    return AuditFilter(_utc(since), _utc(until), document_id, None if key is None else f"key:{key}", action)


@router.get(
    "",
    dependencies=[needs(Scope.ADMIN)],
    summary="Read the audit log",
    response_model=AuditList,
    responses={
        200: {"content": {JSON_LINES: _LINES}},
        **reading(InvalidCursor, DocumentNotFound, KeyNotFound),
    },
)
async def read_audit(
    services: TheServices,
    wanted: Annotated[AuditFilter, Depends(_wanted)],
    cursor: IdCursor,
    limit: Limit = 20,
    format: Annotated[
        Literal["json", "jsonl"],
        Query(description="`jsonl`: all that match, oldest first, one a line; cursor and limit do not count."),
    ] = "json",
) -> Response:
    """Newest first. Documents that are gone can be asked for too."""
    if format == "jsonl":
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"', "Cache-Control": "private, no-store"}
        return StreamingResponse(_lines(services.audit.export(wanted)), media_type=JSON_LINES, headers=headers)
    found = await services.audit.list(wanted, cursor, limit)
    return JSONResponse(
        as_wire(AuditList(items=[AuditEntry.of(e) for e in found.items], next_cursor=found.next_cursor))
    )


async def _lines(entries: AsyncIterator[Record]) -> AsyncIterator[str]:
    async for entry in entries:
        yield AuditEntry.of(entry).model_dump_json() + "\n"


def _utc(moment: datetime | None) -> datetime | None:
    try:
        return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # a time zone's hours before the first year, or after the last
        return moment.replace(tzinfo=None) if moment else None
