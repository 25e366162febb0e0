"""Events to bytes: server-sent events with a keep-alive comment from the first byte on."""

import json
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import anyio
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic_core import to_json
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from app.core.closing import Closing
from app.core.errors import DocubotError, ShuttingDown
from app.routers.errors import problem

KEEP_ALIVE_SECONDS = 15.0
_EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
        "id": {"type": "string"},
    },
    "required": ["data"],
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One event: its name (may be empty: it then has none) and its data, already JSON."""

    event: str
    data: str
    error: DocubotError | None = None
    """What failed, when the event tells of a failure."""

    @classmethod
    def of(cls, event: str, data: Any) -> "Frame":
        return cls(event, to_json(data, inf_nan_mode="null").decode())

    @classmethod
    def failed(cls, error: DocubotError) -> "Frame":
        return replace(cls.of("error", problem(error)), error=error)

    def written(self) -> str:
        """As other processes take it: without what failed, which only the first answer's status tells."""
        return json.dumps([self.event, self.data])

    @classmethod
    def read(cls, text: str) -> "Frame":
        event, data = json.loads(text)
        return cls(event, data)


def event_stream(example: str) -> dict[str, Any]:
    """The content of a response that is a stream of events, for the OpenAPI document."""
    return {"text/event-stream": {"itemSchema": _EVENT, "example": example}}


Numbered = tuple[str, Frame]
"""The event's id, as Last-Event-ID will bring it back, and the event."""


class EventStream(StreamingResponse):
    """Sends frames as they come. A client that leaves ends the iteration at once, not at the next write.

    FastAPI's own EventSourceResponse sends its first byte after 15 seconds of silence and cannot answer with another
    status than 200; only its encoding of events is used here.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        frames: AsyncGenerator[Numbered],
        headers: Mapping[str, str] | None = None,
        keep_alive: float = KEEP_ALIVE_SECONDS,
        *,
        goes_on: bool = False,
    ) -> None:
        """`goes_on`: what it tells of goes on without it and can be followed again. When the server shuts down, such a
        stream ends at once, with the event `closing`; any other one gets the time that is left, and then `error`."""
        fixed = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content=(), headers=fixed | dict(headers or {}))
        self._frames = frames
        self._keep_alive = keep_alive
        self._goes_on = goes_on
        self._sent_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await self._send(send, KEEPALIVE_COMMENT)
        async with anyio.create_task_group() as group:
            group.start_soon(self._watch, receive, group.cancel_scope)
            group.start_soon(self._beat, send)
            group.start_soon(self._part, scope, send, group.cancel_scope)
            await self._send_all(send)
            group.cancel_scope.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _send_all(self, send: Send) -> None:
        try:
            async for identity, frame in self._frames:
                await self._send(send, format_sse_event(data_str=frame.data, event=frame.event or None, id=identity))
        finally:
            await self._frames.aclose()

    async def _send(self, send: Send, data: bytes) -> None:
        self._sent_at = time.monotonic()
        message: Message = {"type": "http.response.body", "body": data, "more_body": True}
        await send(message)

    async def _beat(self, send: Send) -> None:
        """A comment whenever nothing was sent for a while, so that no proxy takes the silence for death."""
        while True:
            await anyio.sleep(max(0.0, self._sent_at + self._keep_alive - time.monotonic()))
            if time.monotonic() - self._sent_at >= self._keep_alive:
                await self._send(send, KEEPALIVE_COMMENT)

    async def _part(self, scope: Scope, send: Send, stream: anyio.CancelScope) -> None:
        """Say goodbye when the server shuts down."""
        closing: Closing = scope["app"].state.closing
        await (closing.begun() if self._goes_on else closing.over())
        frame = Frame.of("closing", problem(ShuttingDown())) if self._goes_on else Frame.failed(ShuttingDown())
        await self._send(send, format_sse_event(data_str=frame.data, event=frame.event))
        stream.cancel()

    @staticmethod
    async def _watch(receive: Receive, scope: anyio.CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        scope.cancel()
