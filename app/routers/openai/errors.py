"""Failures in OpenAI's words, for every path under /v1, and how the OpenAPI document tells of them."""

from collections import defaultdict
from typing import Any

from starlette.responses import JSONResponse

from app.core.errors import (
    BadRequest,
    DocubotError,
    HostNotAllowed,
    InvalidCredentials,
    MalformedJson,
    OriginNotAllowed,
    PayloadTooLarge,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    Unauthorized,
    Unprocessable,
    UnsupportedMediaType,
)
from app.models.schemas_openai import OpenAIErrorBody, error_body, error_status

PREFIX = "/v1"
_ALWAYS = (Unauthorized, InvalidCredentials, ScopeMissing, RateLimited, HostNotAllowed, Unprocessable, DocubotError)
_CHANGING = (OriginNotAllowed, PayloadTooLarge)
_JSON_BODY = (MalformedJson, UnsupportedMediaType)


def is_ours(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def error_response(error: DocubotError) -> JSONResponse:
    # Its SDKs try every 429 again, unless they are told that waiting some seconds does not help.
    headers = {"x-should-retry": "false"} if isinstance(error, QuotaExceeded) else None
    return JSONResponse(error_body(error), error_status(error), headers)


def failing(*classes: type[DocubotError], changes: bool = False, body: bool = False) -> dict[int | str, dict[str, Any]]:
    """The error responses of a call that can raise `classes`; `changes` something, or takes a JSON `body`."""
    more = (*(_CHANGING if changes or body else ()), *(_JSON_BODY if body else ()))
    by_status: dict[int, dict[str, type[DocubotError]]] = defaultdict(dict)
    for class_ in (*classes, BadRequest, *more, *_ALWAYS):
        by_status[error_status(class_())][class_.code] = class_
    return {status: _response(list(found.values())) for status, found in sorted(by_status.items())}


def drop_422(document: dict[str, Any]) -> None:
    """Take out of the OpenAPI document what the framework adds by itself: no call under /v1 answers 422."""
    for path, operations in document["paths"].items():
        for operation in operations.values() if is_ours(path) else ():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _response(classes: list[type[DocubotError]]) -> dict[str, Any]:
    told = [(class_.title, error_body(class_())) for class_ in classes]
    examples = {body["error"]["code"]: {"summary": title, "value": body} for title, body in told}
    return {
        "model": OpenAIErrorBody,
        "description": "; ".join(f"`{code}`" for code in examples),
        "content": {"application/json": {"examples": examples}},
    }
