"""Clients that keep a connection and send next to nothing (slowloris): their headers and their bodies have a time.

Headers are the protocol's matter, before there is a request; bodies are the application's, which answers with a
problem. Only waiting for the client counts, not what the server does with what came.
"""

import time
from asyncio import TimerHandle, Transport

import anyio
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.errors import RequestTimeout

_HEAD_BYTES = 64 * 1024
_RATE = 1024
"""Bytes a second that a body comes with at least, once its first `seconds` are over."""


class PunctualProtocol(HttpToolsProtocol):
    """Uvicorn's, with a time and a size for request lines and headers. See `punctual`."""

    seconds = 20.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        self._late: TimerHandle | None = None
        self._in_head = False
        self._head = 0
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head += len(data)
            if self._head > _HEAD_BYTES:
                self._stop()
                self.send_400_response("The request line and the headers are too long.")
        elif self._late is None and (self.cycle is None or self.cycle.response_complete):
            # Blank lines between requests, or the rest of a body that was refused: neither may go on for ever.
            self._unset_keepalive_if_required()
            self._begin()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0
        if self._late is None:
            self._begin()

    def on_headers_complete(self) -> None:
        self._stop()
        super().on_headers_complete()

    def _begin(self) -> None:
        self._late = self.loop.call_later(self.seconds, self._cut)

    def _stop(self) -> None:
        self._in_head = False
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _cut(self) -> None:
        self._late = None
        if self._in_head:
            self._stop()
            self.transport.write(b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()
        else:  # nothing was begun that could be answered
            self.transport.close()


def punctual(seconds: float, base: type[PunctualProtocol] = PunctualProtocol) -> type[PunctualProtocol]:
    """The protocol for `uvicorn.Config(http=...)`; `seconds`: for the headers of one request."""
    return type("Punctual", (base,), {"seconds": seconds})


class SlowBodies:
    """Ends requests whose bodies stop coming for `seconds`, or come more slowly than anybody's line is."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        waited, came, ended = 0.0, 0, False

        async def receive_in_time() -> Message:
            nonlocal waited, came, ended
            if ended:
                return await receive()
            began = time.monotonic()
            message: Message | None = None
            with anyio.move_on_after(min(self.seconds, self.seconds + came / _RATE - waited)):
                message = await receive()
            waited += time.monotonic() - began
            if message is None:
                raise HTTPException(RequestTimeout.status)
            came += len(message.get("body", b""))
            ended = not message.get("more_body", False)
            return message

        async def send_closing(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == RequestTimeout.status:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self.app(scope, receive_in_time, send_closing)
