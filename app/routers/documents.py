"""Documents: what is stored of them, their originals, pages, chunks and reports."""

import json
import re
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from app.core.errors import (
    CollectionNotFound,
    DocumentNotFound,
    InvalidCursor,
    InvalidFilter,
    NotRetryable,
    PageNotFound,
    Unprocessable,
)
from app.logic.filenames import clean_filename
from app.logic.filters import parse_filter
from app.models.access import Scope
from app.models.domain import Box
from app.models.jobs import DocumentStatus
from app.models.records import Filter
from app.models.schemas import failure
from app.models.schemas_answers import as_wire
from app.models.schemas_documents import (
    Chunk,
    ChunkList,
    DeleteReceipt,
    Document,
    DocumentChange,
    DocumentList,
    DocumentPage,
    DocumentVersion,
    DocumentVersionList,
    ParseReport,
    UploadedDocument,
)
from app.models.schemas_store import Job
from app.routers.deps import (
    CollectionFilter,
    DocumentId,
    IdCursor,
    Limit,
    OrdinalCursor,
    TheCaller,
    TheServices,
    VersionNumber,
    needs,
)
from app.routers.errors import changing, reading
from app.routers.forms import receiving
from app.routers.upload import ERRORS as UPLOAD_ERRORS
from app.routers.upload import limits, multipart_body, upload_options

router = APIRouter(prefix="/documents", tags=["documents"])
# Shown in the browser; everything else is only ever saved, so that no uploaded page runs as ours.
_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})
_MAX_BOXES = 200
_BOX = r"^[0-9]{1,5}(\.[0-9]{1,3})?(,[0-9]{1,5}(\.[0-9]{1,3})?){3}$"
_QUOTE = r"^[0-9]{1,9},[0-9]{1,9}$"
_BoxText = Annotated[str, Field(json_schema_extra={"pattern": _BOX})]
_QuoteText = Annotated[str, Field(json_schema_extra={"pattern": _QUOTE})]
_FILE = {"type": "string", "format": "binary"}


@router.get(
    "",
    dependencies=[needs(Scope.READ)],
    summary="List documents",
    responses=reading(CollectionNotFound, InvalidCursor, InvalidFilter),
)
async def list_documents(
    services: TheServices,
    caller: TheCaller,
    collection: CollectionFilter,
    cursor: IdCursor,
    status: DocumentStatus | None = None,
    filters: Annotated[str | None, Query(description="A filter over metadata, as JSON.", max_length=65_536)] = None,
    limit: Limit = 20,
) -> DocumentList:
    """Newest first."""
    found = await services.documents.list(collection, status, _filter(filters), cursor, limit, caller.reach)
    items = [Document.of(document, error=failure(document)) for document in found.items]
    return DocumentList(items=items, next_cursor=found.next_cursor)


@router.get(
    "/{document_id}", dependencies=[needs(Scope.READ)], summary="Get a document", responses=reading(DocumentNotFound)
)
async def get_document(document_id: DocumentId, services: TheServices) -> Document:
    document = await services.documents.get(document_id)
    return Document.of(document, error=failure(document))


@router.patch(
    "/{document_id}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Change metadata or name",
    responses=changing(DocumentNotFound, body=True),
)
async def update_document(document_id: DocumentId, change: DocumentChange, services: TheServices) -> Document:
    filename = None if change.filename is None else clean_filename(change.filename)
    document = await services.documents.update(document_id, change.metadata, filename)
    return Document.of(document, error=failure(document))


@router.delete(
    "/{document_id}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Delete a document",
    responses=changing(DocumentNotFound),
)
async def delete_document(document_id: DocumentId, services: TheServices) -> DeleteReceipt:
    """Gone from every answer at once; the receipt counts what was removed."""
    return DeleteReceipt.of(await services.documents.delete(document_id))


@router.post(
    "/{document_id}/retry",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Retry a failed document",
    status_code=202,
    responses=changing(DocumentNotFound, NotRetryable),
)
async def retry_document(document_id: DocumentId, services: TheServices) -> Job:
    """Runs again from the stage that failed."""
    job = await services.documents.retry(document_id)
    return Job.of(job, error=failure(job))


@router.put(
    "/{document_id}/file",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Upload a new version",
    response_model=UploadedDocument,
    status_code=202,
    responses={
        200: {"model": UploadedDocument, "description": "The same bytes as the version that answers."},
        **changing(DocumentNotFound, *UPLOAD_ERRORS),
    },
    openapi_extra=multipart_body(_FILE),
)
async def replace_file(document_id: DocumentId, request: Request, services: TheServices) -> Response:
    """The old version goes on answering until the new one is ready; then they swap in one step."""
    await services.documents.get(document_id)
    async with receiving(request, services.uploads.writer, limits(services.settings, files=1)) as form:
        options = upload_options(form.fields)
        [file] = await form.commit()
    outcome = await services.uploads.replace(document_id, file, options)
    if outcome.error is not None:
        raise outcome.error
    return JSONResponse(as_wire(UploadedDocument.accepted(outcome)), 200 if outcome.duplicate else 202)


@router.get(
    "/{document_id}/file",
    dependencies=[needs(Scope.READ)],
    summary="Download the original",
    response_class=FileResponse,
    responses={200: {"content": {"*/*": {"schema": _FILE}}}, **reading(DocumentNotFound)},
)
async def get_file(document_id: DocumentId, services: TheServices, version: VersionNumber = None) -> Response:
    file = await services.documents.file(document_id, version)
    inline = file.media_type in _INLINE
    # What is shown cannot run: none of it is markup. Browsers show no PDF inside a sandbox.
    policy = "frame-ancestors 'self'" if inline else "sandbox; default-src 'none'"
    return FileResponse(
        file.path,
        media_type=file.media_type,
        filename=file.filename,
        content_disposition_type="inline" if inline else "attachment",
        headers={"Content-Security-Policy": policy, "ETag": f'"{file.sha256}"', "Cache-Control": "private, no-cache"},
    )


@router.get(
    "/{document_id}/versions",
    dependencies=[needs(Scope.READ)],
    summary="List a document's versions",
    responses=reading(DocumentNotFound, InvalidCursor),
)
async def list_versions(
    document_id: DocumentId, services: TheServices, cursor: OrdinalCursor, limit: Limit = 20
) -> DocumentVersionList:
    """Newest first: the one that answers, those before it that are kept, and one that is still being read."""
    found = await services.documents.versions(document_id, cursor, limit)
    return DocumentVersionList(items=[DocumentVersion.of(item) for item in found.items], next_cursor=found.next_cursor)


@router.get(
    "/{document_id}/pages/{number}",
    dependencies=[needs(Scope.READ)],
    summary="Text of a page",
    responses=reading(DocumentNotFound, PageNotFound),
)
async def get_page(
    document_id: DocumentId, number: int, services: TheServices, version: VersionNumber = None
) -> DocumentPage:
    """The stored text that citations count their characters in."""
    return DocumentPage.of(await services.documents.page(document_id, _number(number), version))


@router.get(
    "/{document_id}/pages/{number}/image",
    dependencies=[needs(Scope.READ)],
    summary="Picture of a page",
    response_class=Response,
    responses={200: {"content": {"image/png": {"schema": _FILE}}}, **reading(DocumentNotFound, PageNotFound)},
)
async def get_page_image(
    document_id: DocumentId,
    number: int,
    services: TheServices,
    version: VersionNumber = None,
    scale: Annotated[float, Query(ge=0.1, le=4.0, description="1 is 72 dpi.")] = 2.0,
    highlight: Annotated[
        list[_BoxText] | None,
        Query(description="A box `x0,y0,x1,y1` in points, once or many times.", max_length=_MAX_BOXES),
    ] = None,
    quote: Annotated[
        list[_QuoteText] | None,
        Query(description="`start,end` in the page's text, as citations give them.", max_length=_MAX_BOXES),
    ] = None,
) -> Response:
    """PNG, with boxes and quotes highlighted. Files without pages of their own are shown as their text."""
    image = await services.documents.page_image(
        document_id,
        _number(number),
        version=version,
        scale=scale,
        highlight=[_box(text) for text in highlight or []],
        quotes=[_stretch(text) for text in quote or []],
    )
    return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@router.get(
    "/{document_id}/chunks",
    dependencies=[needs(Scope.READ)],
    summary="List chunks",
    responses=reading(DocumentNotFound, InvalidCursor),
)
async def list_chunks(
    document_id: DocumentId, services: TheServices, cursor: OrdinalCursor, limit: Limit = 20
) -> ChunkList:
    """In the order of the text."""
    found = await services.documents.chunks(document_id, cursor, limit)
    return ChunkList(items=[Chunk.of(chunk) for chunk in found.items], next_cursor=found.next_cursor)


@router.get(
    "/{document_id}/report",
    dependencies=[needs(Scope.READ)],
    summary="Parse report",
    responses=reading(DocumentNotFound),
)
async def get_report(document_id: DocumentId, services: TheServices, version: VersionNumber = None) -> ParseReport:
    """What was read, page by page, and what could not be."""
    return ParseReport.of(await services.documents.report(document_id, version))


def _number(number: int) -> int:
    if not 1 <= number < 2**31:
        raise PageNotFound()
    return number


def _filter(text: str | None) -> Filter | None:
    if text is None:
        return None
    try:
        return parse_filter(json.loads(text))
    except (ValueError, RecursionError):
        raise InvalidFilter("`filters` is not JSON.") from None


def _box(text: str) -> Box:
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split(","))
    except ValueError:
        error = {"loc": ["query", "highlight"], "msg": "A box is four numbers, x0,y0,x1,y1", "type": "box"}
        raise Unprocessable(errors=[error]) from None
    if not all(-1e6 < value < 1e6 for value in (x0, y0, x1, y1)):
        error = {"loc": ["query", "highlight"], "msg": "A box lies on the page", "type": "box"}
        raise Unprocessable(errors=[error])
    return x0, y0, x1, y1


def _stretch(text: str) -> tuple[int, int]:
    if re.fullmatch(_QUOTE, text, re.ASCII) is None:
        error = {"loc": ["query", "quote"], "msg": "A quote is two numbers, start,end", "type": "quote"}
        raise Unprocessable(errors=[error])
    start, end = map(int, text.split(","))
    return start, end
