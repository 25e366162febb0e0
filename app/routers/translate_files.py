"""Files over LibreTranslate's wire: one goes in, the address of its translation comes back."""

from hashlib import sha256
from pathlib import PurePath

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from app.core.errors import (
    BadRequest,
    LanguageNotSupported,
    PayloadTooLarge,
    TranslationFailed,
    TranslationNotFound,
    UnreadableDocument,
    UnsupportedMediaType,
)
from app.core.ids import is_id
from app.models.access import Scope
from app.models.domain import Blob
from app.models.schemas_answers import as_wire
from app.models.schemas_translate import TranslatedFile
from app.models.translation import Memory, TranslationOptions
from app.routers import translate_wire as wire
from app.routers.ask import unless_left
from app.routers.credentials import credential_of
from app.routers.deps import TheCaller, TheServices, admitted, needs
from app.routers.forms import Limits, receiving
from app.services.translate_files import FORMATS as READ

router = APIRouter(tags=["translate"])
FORMATS = tuple(READ)
MOST_BYTES = 10 * 1024 * 1024
_FIELDS = frozenset({"source", "target", "api_key"})
_BINARY = {"type": "string", "format": "binary"}
_CODE = {"type": "string", "examples": ["de"]}
_FORM = {
    "type": "object",
    "required": ["file", "source", "target"],
    "properties": {"file": _BINARY, "source": _CODE, "target": _CODE, "api_key": {"type": "string"}},
}


class _Held:
    """A blob writer that keeps the bytes in memory: the original is not stored."""

    def __init__(self) -> None:
        self.size = 0
        self.data = bytearray()

    async def write(self, data: bytes) -> None:
        self.data += data
        self.size = len(self.data)

    async def commit(self) -> Blob:
        return Blob(sha256(self.data).hexdigest(), self.size)

    async def abort(self) -> None:
        self.data.clear()


@router.post(
    "/translate_file",
    dependencies=[needs(Scope.TRANSLATE, key_in_form=True)],
    summary="Translate a file",
    response_model=TranslatedFile,
    responses=wire.failing(
        *wire.MODEL,
        LanguageNotSupported,
        UnsupportedMediaType,
        UnreadableDocument,
        TranslationFailed,
        PayloadTooLarge,
        changes=True,
    ),
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def translate_file(request: Request, services: TheServices) -> Response:
    """Text, Markdown or HTML in the same form. For other formats and long files: `POST /documents/{id}/translate`."""
    held = _Held()

    async def open_writer() -> _Held:
        return held

    async with receiving(request, open_writer, Limits(MOST_BYTES, 1, _FIELDS)) as form:
        caller = await admitted(request, Scope.TRANSLATE, credential_of(request) or form.fields.get("api_key"))
        [file] = await form.commit()
        if file.error is not None:
            raise file.error
        for name in ("source", "target"):
            if not form.fields.get(name):
                raise BadRequest(f"Invalid request: missing {name} parameter")
        options = TranslationOptions(
            target=wire.language(form.fields["target"]),
            source=wire.source_language(form.fields["source"]),
            title=file.filename,
        )
        content = bytes(held.data)
    work = services.translated_files.translate(content, file.filename, options, Memory(caller.tenant))
    made = await unless_left(request, work)
    address = f"{request.base_url}download_file/{made.id}{PurePath(made.filename).suffix}"
    return JSONResponse(as_wire(TranslatedFile(translatedFileUrl=address)))


@router.get(
    "/download_file/{name}",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Download a translated file",
    response_class=FileResponse,
    responses={
        200: {"content": {"*/*": {"schema": _BINARY}}},
        **wire.failing(TranslationNotFound),
    },
    openapi_extra={"parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}]},
)
async def download_file(request: Request, services: TheServices, caller: TheCaller) -> Response:
    """Kept for 24 hours, for callers of the same tenant."""
    identity = str(request.path_params["name"]).partition(".")[0]
    if not is_id(identity):
        raise TranslationNotFound
    file = await services.translated_files.file(caller.tenant, identity)
    return attachment(file.path, file.media_type, file.filename)


def attachment(path: object, media_type: str, filename: str) -> FileResponse:
    """A file that is only ever saved, so that no translated page runs as ours."""
    return FileResponse(
        str(path),
        media_type=media_type,
        filename=filename,
        content_disposition_type="attachment",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, no-store"},
    )
