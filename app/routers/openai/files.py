"""/v1/files: uploads that are in no vector store yet, and every document as the file that it is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.core.errors import FileNotFound, InvalidCursor
from app.core.ids import prefixed
from app.models.access import Scope
from app.models.schemas_openai import Deleted
from app.models.schemas_openai_citations import FILE
from app.models.schemas_openai_files import File, FileFields, FileList, listed
from app.routers.deps import TheCaller, TheServices, needs
from app.routers.forms import Limits, receiving
from app.routers.openai.errors import failing
from app.routers.openai.paths import FileId, FileWindow
from app.routers.upload import ERRORS

router = APIRouter(prefix="/files")
_BINARY = {"type": "string", "format": "binary"}
_EXPIRY = {"expires_after[anchor]": "anchor", "expires_after[seconds]": "seconds"}
_FIELDS = frozenset({"purpose", *_EXPIRY})
_MOST = 1000
_BODY = {
    "type": "object",
    "required": ["file", "purpose"],
    "additionalProperties": False,
    "dependentRequired": {
        "expires_after[anchor]": ["expires_after[seconds]"],
        "expires_after[seconds]": ["expires_after[anchor]"],
    },
    "properties": {
        "file": _BINARY,
        "purpose": {"type": "string", "enum": ["assistants", "user_data"], "examples": ["assistants"]},
        "expires_after[anchor]": {"type": "string", "enum": ["created_at"]},
        "expires_after[seconds]": {"type": "integer", "minimum": 3600, "maximum": 2_592_000},
    },
}


@router.post(
    "",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Upload a file",
    responses=failing(*ERRORS, changes=True),
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _BODY}}}},
)
async def create_file(request: Request, services: TheServices, caller: TheCaller) -> File:
    """Stored, and in no collection yet: attach it to a vector store. What no collection could take is refused here."""
    accepted = Limits(services.settings.max_upload_bytes, 1, _FIELDS)
    async with receiving(request, services.uploads.writer, accepted) as form:
        fields = _checked(form.fields)
        [received] = await form.commit()
    expires_at = None
    if fields.expires_after is not None:
        expires_at = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=fields.expires_after.seconds)
    return File.stored(await services.files.create(caller, received, fields.purpose, expires_at))


@router.get("", dependencies=[needs(Scope.READ)], summary="List files", responses=failing(InvalidCursor))
async def list_files(
    services: TheServices,
    caller: TheCaller,
    window: FileWindow,
    purpose: Annotated[str | None, Query(max_length=32)] = None,
) -> FileList:
    """Newest first. At most 1,000 a page, whatever `limit` says."""
    found = await services.files.list(caller, window.capped(_MOST), purpose)
    return FileList.of(listed(FileList, found, File.stored, lambda item: item.id))


@router.get("/{file_id}", dependencies=[needs(Scope.READ)], summary="Get a file", responses=failing(FileNotFound))
async def get_openai_file(file_id: FileId, services: TheServices, caller: TheCaller) -> File:
    return File.stored(await services.files.get(caller, file_id))


@router.delete(
    "/{file_id}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Delete a file",
    responses=failing(FileNotFound, changes=True),
)
async def delete_file(file_id: FileId, services: TheServices, caller: TheCaller) -> Deleted:
    """With it go the documents that were made of it, from every vector store that the caller reaches."""
    await services.files.delete(caller, file_id)
    return Deleted(id=prefixed(FILE, file_id), object="file")


@router.get(
    "/{file_id}/content",
    dependencies=[needs(Scope.READ)],
    summary="Download a file",
    response_class=FileResponse,
    responses={200: {"content": {"*/*": {"schema": _BINARY}}}, **failing(FileNotFound)},
)
async def get_file_content(file_id: FileId, services: TheServices, caller: TheCaller) -> Response:
    file = await services.files.content(caller, file_id)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "ETag": f'"{file.sha256}"'}
    return FileResponse(file.path, media_type=file.media_type, filename=file.filename, headers=headers)


def _checked(fields: Mapping[str, str]) -> FileFields:
    """The form fields. Raises RequestValidationError."""
    values: dict[str, Any] = {name: value for name, value in fields.items() if name not in _EXPIRY}
    if expiry := {_EXPIRY[name]: value for name, value in fields.items() if name in _EXPIRY}:
        values["expires_after"] = expiry
    try:
        return FileFields.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in found]) from None
