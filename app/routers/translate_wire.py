"""LibreTranslate's wire: bodies as JSON or forms, failures as `{"error": text}`.

Only what its clients see is the same: paths, fields and statuses. See `docs/translation.md`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse

from app.core.errors import (
    BadRequest,
    DocubotError,
    HostNotAllowed,
    InvalidCredentials,
    LanguageNotSupported,
    LLMNotConfigured,
    LLMUnavailable,
    MalformedJson,
    OriginNotAllowed,
    PayloadTooLarge,
    ScopeMissing,
    TokenQuotaExceeded,
    Unauthorized,
    Unprocessable,
)
from app.logic import translation_languages as languages
from app.models.schemas_translate import TranslateError

PATHS = ("/translate", "/translate_file", "/detect", "/languages", "/suggest", "/download_file", "/frontend/settings")
AUTO = "auto"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_STATUS: Mapping[int, int] = {401: 400, 413: 400, 415: 400, 422: 400, 502: 500}
"""Statuses that these clients do not know, by ours. A missing key is a bad request there, a wrong one forbidden."""
_SLOW = 429
_ALWAYS = (Unauthorized, InvalidCredentials, ScopeMissing, HostNotAllowed, BadRequest, DocubotError)
_CHANGING = (OriginNotAllowed, PayloadTooLarge, MalformedJson)
B = TypeVar("B", bound=BaseModel)


def is_ours(path: str) -> bool:
    return path.rstrip("/") in PATHS or path.startswith("/download_file/")


def error_response(error: DocubotError) -> JSONResponse:
    return JSONResponse({"error": _said(error)}, _status(type(error)))


def failing(*classes: type[DocubotError], changes: bool = False) -> dict[int | str, dict[str, Any]]:
    """The error responses for the OpenAPI document of a call that can raise `classes`."""
    by_status: dict[int, list[type[DocubotError]]] = {}
    for class_ in (*classes, *(_CHANGING if changes else ()), *_ALWAYS):
        by_status.setdefault(_status(class_), []).append(class_)
    return {status: _response(found) for status, found in sorted(by_status.items())}


async def received(request: Request, schema: type[B]) -> B:
    """The body as `schema`. Raises BadRequest in LibreTranslate's words, MalformedJson."""
    sent = await _fields(request)
    try:
        return schema.model_validate(sent)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = str(first["loc"][0]) if first["loc"] else "body"
        if first["type"] == "missing":
            raise BadRequest(f"Invalid request: missing {where} parameter") from None
        raise BadRequest(f"Invalid request: {where}: {first['msg'].removeprefix('Value error, ')}") from None


def language(code: str) -> str:
    """The wire code. Raises LanguageNotSupported."""
    known = languages.known(code)
    if known is None:
        raise LanguageNotSupported(f"{code[:35]} is not supported")
    return known


def source_language(code: str) -> str | None:
    """None for `auto`. Raises LanguageNotSupported."""
    return None if code.lower() == AUTO else language(code)


async def _fields(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _FORMS:
        form = await request.form()
        return {name: value for name, value in form.items() if not isinstance(value, UploadFile) and value != ""}
    body = await request.body()
    if not body:
        return {}
    try:
        sent = await request.json()
    except (ValueError, RecursionError):
        raise MalformedJson from None
    if not isinstance(sent, dict):
        raise BadRequest("Invalid request: the body must be a JSON object")
    return sent


def _status(class_: type[DocubotError]) -> int:
    return 403 if class_ is InvalidCredentials else _STATUS.get(class_.status, class_.status)


def _said(error: DocubotError) -> str:
    if isinstance(error, Unprocessable) and error.errors:
        first = error.errors[0]
        return f"Invalid request: {'.'.join(map(str, first['loc'][1:]))}: {first['msg']}"
    return f"Slowdown: {error.detail}" if error.status == _SLOW else error.detail


def _response(classes: list[type[DocubotError]]) -> dict[str, Any]:
    examples = {class_.code: {"summary": class_.title, "value": {"error": _said(class_())}} for class_ in classes}
    return {
        "model": TranslateError,
        "description": "; ".join(f"`{class_.code}`" for class_ in dict.fromkeys(classes)),
        "content": {"application/json": {"examples": examples}},
    }


MODEL = (LLMNotConfigured, LLMUnavailable, TokenQuotaExceeded)
