"""What surrounds every request, as pure ASGI: streams pass through unbuffered. `main` lists the order."""

import re
import time
from collections.abc import Callable, Sequence

import anyio
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.acting import ITSELF, acting
from app.core.errors import DocubotError, PayloadTooLarge
from app.core.ids import new_id
from app.core.logging import get_logger
from app.core.telemetry import Metrics
from app.core.tracing import Note, request_span
from app.routers.errors import CLIENT_LEFT, problem_response

_log = get_logger(__name__)
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_LONGEST_LENGTH = 20
_NOT_MODIFIED = 304
_STARTS = ("http.response.start", "websocket.accept")


def announced_length(headers: Headers) -> int:
    """What Content-Length says; 0 when it says nothing that can be trusted."""
    text = headers.get("content-length", "")
    return int(text) if text.isdecimal() and len(text) < _LONGEST_LENGTH else 0


class RequestId:
    """The caller's X-Request-ID if it is sane, else a new one: on every log line and every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        given = Headers(scope=scope).get("x-request-id", "")
        chosen = given if _SANE_ID.fullmatch(given) else new_id()

        async def send_with_id(message: Message) -> None:
            if message["type"] in _STARTS:
                MutableHeaders(scope=message)["X-Request-ID"] = chosen
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=chosen), acting(ITSELF):
            await self.app(scope, receive, send_with_id)


class AccessLog:
    """One line and one sample a request: method, route template, status, milliseconds. Never the raw path."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        # What a socket that is never accepted is told, and what a client that leaves before the answer is logged as.
        status = 403 if scope["type"] == "websocket" else CLIENT_LEFT

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] in _STARTS:
                status = message.get("status", 101)
            await send(message)

        started = time.perf_counter()
        self.metrics.in_flight.inc()
        with request_span(Headers(scope=scope)) as note:
            try:
                await self.app(scope, receive, send_noting_status)
            finally:
                self.metrics.in_flight.dec()
                self._record(scope, status, time.perf_counter() - started, note)

    def _record(self, scope: Scope, status: int, seconds: float, note: Note) -> None:
        method = "WS" if scope["type"] == "websocket" else scope["method"]
        method = method if method in _METHODS or method == "WS" else "OTHER"
        route = getattr(scope.get("route"), "path", None) or "unmatched"
        self.metrics.observe(method, route, status, seconds)
        note.rename(f"{method} {route}")
        note.add({"http.request.method": method, "http.route": route, "http.response.status_code": status})
        if status >= DocubotError.status:
            note.failed(str(status))
        _log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


class SecurityHeaders:
    """Defaults that a response may override: data never runs, pages load from here alone, nothing is framed.

    `issuers`: other origins that the page may speak with, to sign people in.
    """

    _FIXED = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
    _DATA = "default-src 'none'; frame-ancestors 'none'"
    _PAGE = (
        "default-src 'self'; connect-src {}; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
        "worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    # A worker's script brings its own policy, so it gets the page's.
    _PAGES = ("text/html", "text/javascript", "application/javascript")

    def __init__(self, app: ASGIApp, issuers: Sequence[str] = ()) -> None:
        self.app = app
        self.page = self._PAGE.format(" ".join(("'self'", *issuers)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            # A 304 says nothing of its own: its headers would replace those that the client keeps of the page.
            if message["type"] == "http.response.start" and message["status"] != _NOT_MODIFIED:
                headers = MutableHeaders(scope=message)
                page = headers.get("content-type", "").startswith(self._PAGES)
                headers.setdefault("Content-Security-Policy", self.page if page else self._DATA)
                if headers.get("content-type", "").startswith("text/html"):
                    # Kept unasked, a page would name scripts that the next build no longer has.
                    headers.setdefault("Cache-Control", "no-cache")
                for name, value in self._FIXED:
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class UnexpectedErrors:
    """The edge of the process: what nobody foresaw is logged with its traceback and answered without it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_noting_start)
        except Exception:
            _log.exception("unexpected error")
            if started:
                raise  # too late for an answer; the server cuts the connection, so that no half looks whole
            await problem_response(DocubotError())(scope, receive, send)


class BodyLimit:
    """Refuses bodies over `limit` bytes before they are read to the end; `exempt` routes limit their own."""

    def __init__(self, app: ASGIApp, limit: int, exempt: Callable[[Scope], bool]) -> None:
        self.app = app
        self.limit = limit
        self.exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.exempt(scope):
            return await self.app(scope, receive, send)
        announced = announced_length(Headers(scope=scope))
        if announced > self.limit:
            detail = f"The body has {announced} bytes; this call takes at most {self.limit}."
            return await problem_response(PayloadTooLarge(detail))(scope, receive, send)
        total = 0

        async def receive_counting() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > self.limit:
                # The framework lets this one through where it would turn others into a 400.
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counting, send)


class LingeringClose:
    """Lets a client that is still sending read the 413 that refuses it.

    Closing a socket with unread bytes resets the connection, and the answer is often lost with it. So the answer goes
    out whole, what follows is read and dropped for a moment, and then the connection is closed (nginx does the same).
    """

    def __init__(self, app: ASGIApp, seconds: float = 2.0) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body_ended = False
        refused = False

        async def receive_noting_end() -> Message:
            nonlocal body_ended
            message = await receive()
            body_ended = body_ended or not message.get("more_body", False)
            return message

        async def send_lingering(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == PayloadTooLarge.status:
                refused = not body_ended
                if refused:
                    MutableHeaders(scope=message)["Connection"] = "close"
            elif refused and not message.get("more_body", False):
                await send({**message, "more_body": True})
                with anyio.move_on_after(self.seconds):
                    while not body_ended:
                        await receive_noting_end()
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app(scope, receive_noting_end, send_lingering)
