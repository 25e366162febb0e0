"""Files over LibreTranslate's wire: one goes in, the address of its translation comes back."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from app.core.errors import (
    BadRequest,
    DocumentTooLarge,
    EmptyFile,
    FontMissing,
    LanguageNotSupported,
    ParserCrashed,
    ParserTimeout,
    PasswordRequired,
    PayloadTooLarge,
    TranslationFailed,
    TranslationNotFound,
    UnreadableDocument,
    UnsupportedMediaType,
)
from app.core.ids import is_id
from app.logic.translation_files import LONGER
from app.models.access import Scope
from app.models.domain import Blob
from app.models.schemas_answers import as_wire
from app.models.schemas_translate import FailedPassage, TranslatedFile
from app.models.translation import Memory, TranslationOptions
from app.models.translation import TranslatedFile as Made
from app.routers import translate_wire as wire
from app.routers.ask import unless_left
from app.routers.credentials import credential_of
from app.routers.deps import TheCaller, TheServices, admitted, needs
from app.routers.forms import Limits, receiving
from app.services.translate_files import GONE

router = APIRouter(tags=["translate"])
MOST_BYTES = 10 * 1024 * 1024
_FIELDS = frozenset({"source", "target", "api_key", "partial"})
_LIMITS = Limits(MOST_BYTES, 1, _FIELDS, LONGER)
_FLAGS = {"": False, "false": False, "0": False, "true": True, "1": True}
_BINARY = {"type": "string", "format": "binary"}
_CODE = {"type": "string", "examples": ["de"]}
_FORM = {
    "type": "object",
    "required": ["file", "source", "target"],
    "properties": {
        "file": _BINARY,
        "source": _CODE,
        "target": _CODE,
        "api_key": {"type": "string"},
        "partial": {
            "type": "boolean",
            "default": False,
            "description": "Answer 200 although some of the file stays in its own language: `failed` lists it.",
        },
    },
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
        EmptyFile,
        PasswordRequired,
        DocumentTooLarge,
        FontMissing,
        ParserTimeout,
        ParserCrashed,
        TranslationFailed,
        PayloadTooLarge,
        changes=True,
    ),
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def translate_file(request: Request, services: TheServices) -> Response:
    """Text, Markdown, HTML, Word, PowerPoint or PDF, in the same form. Where some of it could not be translated the
    call fails, unless `partial` is set. Other formats, scans and long files: `POST /documents/{id}/translate`."""
    held = _Held()

    async def open_writer() -> _Held:
        return held

    async with receiving(request, open_writer, _LIMITS) as form:
        caller = await admitted(request, Scope.TRANSLATE, credential_of(request) or form.fields.get("api_key"))
        [file] = await form.commit()
        if file.error is not None:
            raise file.error
        options, partial = _asked(form.fields, file.filename)
        content = bytes(held.data)
    work = services.translated_files.translate(content, file.filename, options, Memory(caller.tenant), partial=partial)
    made = await unless_left(request, work)
    return JSONResponse(_answer(f"{request.base_url}download_file/", made, partial))


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
        raise TranslationNotFound(GONE)
    file = await services.translated_files.file(caller.tenant, identity)
    return attachment(file.path, file.media_type, file.filename)


def _asked(fields: Mapping[str, str], filename: str) -> tuple[TranslationOptions, bool]:
    """The options, and whether some of the file may stay as it is. Raises BadRequest, LanguageNotSupported."""
    for name in ("source", "target"):
        if not fields.get(name):
            raise BadRequest(f"Invalid request: missing {name} parameter")
    partial = _FLAGS.get(fields.get("partial", "").lower())
    if partial is None:
        raise BadRequest("Invalid request: partial: true or false")
    options = TranslationOptions(
        target=wire.language(fields["target"]), source=wire.source_language(fields["source"]), title=filename
    )
    return options, partial


def _answer(folder: str, made: Made, partial: bool) -> dict[str, Any]:
    """What these clients know, and `failed` only where it was asked for."""
    answer: dict[str, Any] = {"translatedFileUrl": f"{folder}{made.id}{PurePath(made.filename).suffix}"}
    if partial:
        failed = [FailedPassage(page=item.page, segment=item.text, reason=item.reason) for item in made.failed]
        answer["failed"] = [as_wire(item) for item in failed]
    return answer


def attachment(path: object, media_type: str, filename: str) -> FileResponse:
    """A file that is only ever saved, so that no translated page runs as ours."""
    return FileResponse(
        str(path),
        media_type=media_type,
        filename=filename,
        content_disposition_type="attachment",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, no-store"},
    )
