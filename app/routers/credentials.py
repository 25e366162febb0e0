"""Where a request carries its key or token: a header, a WebSocket's offered protocol, LibreTranslate's body field."""

import json
from contextlib import suppress
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request

SOCKET_PROTOCOL = "docubot"
"""What a socket is answered when it offers protocols: a browser's WebSocket closes when none is taken."""
_IN_PROTOCOL = "bearer."
_LONGEST = 8192  # a token of another issuer may be long; a key has 60 characters


def credential_of(connection: HTTPConnection) -> str | None:
    """What `Authorization: Bearer`, `X-API-Key` or, for browsers' sockets, the protocol `bearer.<key>` holds."""
    headers = connection.headers
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _sane(value)
    if "x-api-key" in headers:
        return _sane(headers["x-api-key"])
    if connection.scope["type"] == "websocket":
        return next(
            (_sane(name[len(_IN_PROTOCOL) :]) for name in _offered(headers) if name.startswith(_IN_PROTOCOL)), None
        )
    return None


def socket_protocol(headers: Headers) -> str | None:
    """The protocol to accept a socket with."""
    return SOCKET_PROTOCOL if SOCKET_PROTOCOL in _offered(headers) else None


async def body_credential(request: Request) -> str | None:
    """LibreTranslate's `api_key` in a JSON or urlencoded body; the body can be read again. None where there is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        with suppress(RuntimeError):  # the framework has read it already, for an endpoint that takes form fields
            await request.body()
        value: Any = (await request.form()).get("api_key")
    elif kind == "application/json":
        value = _member(await request.body())
    else:
        value = None
    return _sane(value) if isinstance(value, str) else None


def _member(body: bytes) -> Any:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None  # the endpoint tells what is wrong with it
    return parsed.get("api_key") if isinstance(parsed, dict) else None


def _offered(headers: Headers) -> list[str]:
    return [name.strip() for line in headers.getlist("sec-websocket-protocol") for name in line.split(",")]


def _sane(value: str) -> str | None:
    """None for what is left empty, as forms do; what is too long stays wrong without being hashed whole."""
    return value.strip()[:_LONGEST] or None
