"""Jobs: look, cancel, follow."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import Response

from app.core.errors import CollectionNotFound, DocumentNotFound, InvalidCursor, JobNotFound
from app.core.ids import is_id
from app.models.access import Scope
from app.models.jobs import JobStatus
from app.models.records import JobRecord
from app.models.schemas import EXAMPLE_ID, EXAMPLE_TIME, failure
from app.models.schemas_answers import as_wire
from app.models.schemas_store import Job, JobEvent, JobList
from app.routers.deps import CollectionFilter, IdCursor, JobId, Limit, TheCaller, TheServices, needs
from app.routers.errors import changing, reading
from app.routers.sse import EventStream, Frame, Numbered, event_stream
from app.services.container import Services

router = APIRouter(prefix="/jobs", tags=["jobs"])
_EXAMPLE = (
    f'event: stage\ndata: {{"number":3,"type":"stage","data":{{"stage":"embed"}},"created_at":"{EXAMPLE_TIME}"}}\nid: 3'
)


@router.get(
    "",
    dependencies=[needs(Scope.READ)],
    summary="List jobs",
    responses=reading(CollectionNotFound, DocumentNotFound, InvalidCursor),
)
async def list_jobs(
    services: TheServices,
    caller: TheCaller,
    collection: CollectionFilter,
    cursor: IdCursor,
    status: JobStatus | None = None,
    document_id: Annotated[str | None, Query(examples=[EXAMPLE_ID])] = None,
    limit: Limit = 20,
) -> JobList:
    """Newest first."""
    if document_id is not None and not is_id(document_id):
        raise DocumentNotFound()
    found = await services.jobs.list(collection, status, document_id, cursor, limit, caller.reach)
    return JobList(items=[_job(record) for record in found.items], next_cursor=found.next_cursor)


@router.get("/{job_id}", dependencies=[needs(Scope.READ)], summary="Get a job", responses=reading(JobNotFound))
async def get_job(job_id: JobId, services: TheServices) -> Job:
    return _job(await services.jobs.get(job_id))


@router.post(
    "/{job_id}/cancel",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Cancel a job",
    status_code=202,
    responses=changing(JobNotFound),
)
async def cancel_job(job_id: JobId, services: TheServices) -> Job:
    """Asks it to stop, at any stage; a job that has ended stays as it is."""
    return _job(await services.jobs.cancel(job_id))


@router.get(
    "/{job_id}/events",
    dependencies=[needs(Scope.READ)],
    summary="Follow a job",
    status_code=200,
    response_class=EventStream,
    responses={
        200: {"description": "Server-sent events.", "content": event_stream(_EXAMPLE)},
        204: {"description": "The job has ended and you have seen it all; do not connect again."},
        **reading(JobNotFound, InvalidCursor),
    },
)
async def follow_job(
    job_id: JobId,
    services: TheServices,
    last_event_id: Annotated[str, Header(alias="Last-Event-ID", json_schema_extra={"pattern": "^[0-9]{0,9}$"})] = "",
) -> Response:
    """Every event from the first, or after `Last-Event-ID`, then those to come, until the job has ended."""
    after = _after(last_event_id)
    job = await services.jobs.get(job_id)
    if after and job.status.final and not [event async for event in services.jobs.events(job_id, after)]:
        return Response(status_code=204)
    return EventStream(_frames(services, job_id, after), goes_on=True)


async def _frames(services: Services, job_id: str, after: int) -> AsyncGenerator[Numbered]:
    async for event in services.jobs.events(job_id, after):
        yield str(event.number), Frame.of(event.type, as_wire(JobEvent.of(event)))


def _after(last_event_id: str) -> int:
    if not last_event_id:
        return 0
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) <= len("999999999")):
        raise InvalidCursor("Last-Event-ID is the number of the last event that you have seen.")
    return int(last_event_id)


def _job(record: JobRecord) -> Job:
    return Job.of(record, error=failure(record))
