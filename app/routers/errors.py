"""One mapping from what goes wrong to what a client reads: RFC 9457 problems, whatever failed.

`type` is `urn:problem-type:docubot:` and the code; docs/errors.md lists every code.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.core.errors import (
    DocubotError,
    Forbidden,
    HostNotAllowed,
    InvalidCredentials,
    InvalidGrant,
    IssuerUnavailable,
    MalformedJson,
    MethodNotAllowed,
    NotFound,
    OriginNotAllowed,
    PayloadTooLarge,
    RateLimited,
    RequestTimeout,
    ScopeMissing,
    Unauthorized,
    Unavailable,
    Unprocessable,
    UnsupportedGrantType,
    UnsupportedMediaType,
)
from app.core.logging import request_id
from app.routers import translate_wire
from app.routers.openai import errors as openai_errors

MEDIA_TYPE = "application/problem+json"
CLIENT_LEFT = 499  # nginx's status for it; seen in logs only, nobody is there to read it
_MAX_FIELD_ERRORS = 20
_MAX_LOCATION = 64

# What the framework raises by itself. Its 400 means one thing: a body that could not be decoded.
_BY_STATUS: dict[int, type[DocubotError]] = {
    400: MalformedJson,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    408: RequestTimeout,
    413: PayloadTooLarge,
    415: UnsupportedMediaType,
    422: Unprocessable,
    503: Unavailable,
}


def problem(error: DocubotError) -> dict[str, Any]:
    """The problem object of one error."""
    body: dict[str, Any] = {
        "type": f"urn:problem-type:docubot:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "request_id": request_id(),
    }
    if error.errors:
        body["errors"] = error.errors
    if isinstance(error, InvalidGrant | UnsupportedGrantType):
        body |= {"error": error.code, "error_description": error.detail}  # what OAuth2's clients look for
    return body


def problem_response(error: DocubotError, **extensions: Any) -> Response:
    """The HTTP response of one error; `extensions` become members of the problem."""
    headers = {} if error.retry_after is None else {"Retry-After": str(max(1, round(error.retry_after)))}
    if error.status == Unauthorized.status:
        headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 wants a challenge with each 401
    return ErrorResponse(error, extensions, headers)


class ErrorResponse(JSONResponse):
    """A problem, or the same in another wire's words: by the path, which is known when it is sent."""

    def __init__(self, error: DocubotError, extensions: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__({**problem(error), **extensions}, error.status, headers, media_type=MEDIA_TYPE)
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for is_theirs, told in _OTHER_WIRES:
            if is_theirs(scope["path"]):
                response = told(self._error)
                kept = {name: value for name, value in self.headers.items() if not name.startswith("content-")}
                response.headers.update(kept)
                return await response(scope, receive, send)
        await super().__call__(scope, receive, send)


_OTHER_WIRES: tuple[tuple[Callable[[str], bool], Callable[[DocubotError], Response]], ...] = (
    (openai_errors.is_ours, openai_errors.error_response),
    (translate_wire.is_ours, translate_wire.error_response),
)


async def _nobody_is_refused(_: Request) -> DocubotError | None:
    return None


def install(app: FastAPI, refused: Callable[[Request], Awaitable[DocubotError | None]] = _nobody_is_refused) -> None:
    """Answer everything that endpoints raise, save what nobody expected: that is the middleware's.

    `refused`: why the caller may not make this call, if so. The framework decodes bodies before it asks who calls;
    whoever may not call is told that, and nothing of the body.
    """

    @app.exception_handler(DocubotError)
    async def docubot_error(connection: HTTPConnection, error: DocubotError) -> Response:
        response = problem_response(error)
        if isinstance(connection, WebSocket):  # one that is not accepted yet: its handshake is answered
            await connection.send_denial_response(response)
        return response

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told = from_validation(error)
        if isinstance(told, MalformedJson):
            told = await refused(request) or told
        return problem_response(told)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        told: DocubotError = _BY_STATUS.get(error.status_code, DocubotError)()
        if isinstance(told, MalformedJson):
            told = await refused(request) or told
        response = problem_response(told)
        response.headers.update(error.headers or {})
        if error.status_code == MethodNotAllowed.status:
            response.headers["Allow"] = ", ".join(_allowed(app, request.url.path))
        return response

    @app.exception_handler(ClientDisconnect)
    async def client_left(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_LEFT)


def _allowed(app: FastAPI, path: str) -> list[str]:
    """What an address takes: each method is a route of its own, and the framework names those of the first alone."""
    methods: set[str] = set()
    for context in iter_route_contexts(app.routes):
        if context.methods and context.path and compile_path(context.path)[0].match(path):
            methods |= context.methods
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def from_validation(error: RequestValidationError) -> DocubotError:
    """Tell bytes that are no JSON, a body of another type, and wrong fields apart. Never repeats the input."""
    found = error.errors()
    for item in found:
        if item["type"] == "json_invalid":
            return MalformedJson(f"The body is not JSON: {item['ctx']['error']} at character {item['loc'][-1]}.")
    if isinstance(error.body, bytes):
        return UnsupportedMediaType("Send the body as JSON, with the header Content-Type: application/json.")
    return Unprocessable(errors=field_errors(found))


def field_errors(found: Any) -> list[dict[str, Any]]:
    """Pydantic's errors without inputs: where, what, and the kind of error."""
    return [
        {
            "loc": [part if isinstance(part, int) else part[:_MAX_LOCATION] for part in item["loc"]],
            "msg": item["msg"].removeprefix("Value error, "),
            "type": item["type"],
        }
        for item in found[:_MAX_FIELD_ERRORS]
    ]


# ---------------------------------------------------------------- for the OpenAPI document

_READING = (
    Unauthorized,
    InvalidCredentials,
    ScopeMissing,
    RateLimited,
    HostNotAllowed,
    Unprocessable,
    IssuerUnavailable,
    DocubotError,
)
_CHANGING = (OriginNotAllowed, RequestTimeout, PayloadTooLarge, *_READING)
_JSON_BODY = (MalformedJson, UnsupportedMediaType)


def reading(*classes: type[DocubotError]) -> dict[int | str, dict[str, Any]]:
    """The error responses of a GET that can also raise `classes`."""
    return _responses((*classes, *_READING))


def changing(*classes: type[DocubotError], body: bool = False) -> dict[int | str, dict[str, Any]]:
    """The error responses of a call that changes something; `body` when it takes JSON."""
    return _responses((*classes, *(_JSON_BODY if body else ()), *_CHANGING))


def signing_in(*classes: type[DocubotError]) -> dict[int | str, dict[str, Any]]:
    """The error responses of a call that takes a form and no key."""
    return _responses(
        (*classes, OriginNotAllowed, HostNotAllowed, PayloadTooLarge, Unprocessable, RateLimited, DocubotError)
    )


def _responses(classes: tuple[type[DocubotError], ...]) -> dict[int | str, dict[str, Any]]:
    by_status: dict[int, dict[str, type[DocubotError]]] = defaultdict(dict)
    for class_ in classes:
        by_status[class_.status][class_.code] = class_
    return {status: _response(list(found.values())) for status, found in sorted(by_status.items())}


def _response(classes: list[type[DocubotError]]) -> dict[str, Any]:
    examples = {class_.code: {"summary": class_.title, "value": problem(class_())} for class_ in classes}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "; ".join(f"`{class_.code}`" for class_ in classes),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
