"""Clients that keep a connection and send, or read, next to nothing (slowloris, slow read): all have a time.

Headers are the protocol's matter, before there is a request, and so is what a client does not read of its answer;
bodies are the application's, which answers with a problem. Only waiting for the client counts, not what the server
does with what came.
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
"""Bytes a second that a body comes with, once its first `seconds` are over, and that an answer is read with."""


class PunctualProtocol(HttpToolsProtocol):
    """Uvicorn's, with a time and a size for request lines and headers, and a time for answers. See `punctual`."""

    seconds = 20.0
    answer_seconds = 30.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        self._late: TimerHandle | None = None
        self._unread: TimerHandle | None = None
        self._in_head = False
        self._head = 0
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that writing is paused exactly while something is not read
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._all_read()
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

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._all_read()

    def _watch_reader(self) -> None:
        """Look again in `answer_seconds` whether enough was read meanwhile."""
        left = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(self.answer_seconds, self._look_at_reader, left)

    def _look_at_reader(self, before: int) -> None:
        if self.transport.get_write_buffer_size() > before - self.answer_seconds * _RATE:
            self.transport.abort()
        else:
            self._watch_reader()

    def _all_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

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


def punctual(
    seconds: float, answer_seconds: float, base: type[PunctualProtocol] = PunctualProtocol
) -> type[PunctualProtocol]:
    """The protocol for `uvicorn.Config(http=...)`.

    `seconds`: for the headers of one request; `answer_seconds`: how long an answer that waits for its reader may be
    read with less than 1 KiB a second.
    """
    return type("Punctual", (base,), {"seconds": seconds, "answer_seconds": answer_seconds})


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
