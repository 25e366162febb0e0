"""A server that speaks the OpenAI wire on a free loopback port, in a thread: for tests against the real SDK.

Scripted per request: `server.script(Reply(...), ...)` is consumed in order, then `server.default` answers.
It records what it was asked and counts the clients that left before their reply ended.
"""

import base64
import hashlib
import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request gets: text, or a failure."""

    text: str | Callable[[Body], str] = "ok"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the wire's error object: message, code, type, param."""
    piece: int = 4
    """Characters in a delta."""
    delay: float = 0.0
    """Seconds before each delta, or before the embeddings."""
    drop_after: int | None = None
    """Close the connection after this many deltas."""
    end_after: int | None = None
    """End the stream politely after this many deltas, without a finish_reason."""
    malformed: bool = False
    """Send one chunk, then an event that is not JSON."""
    hang: bool = False
    """Accept the request and never answer."""
    finish_reason: str = "stop"


@dataclass(frozen=True, slots=True)
class Recorded:
    path: str
    headers: Mapping[str, str]
    body: Body


class OpenAIServer:
    """Use through `running()`; every attribute may be read and set from the test's thread."""

    def __init__(self, dimension: int = 8) -> None:
        self.dimension = dimension
        self.base_url = ""
        self.app = Starlette(
            routes=[
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/embeddings", self._embeddings, methods=["POST"]),
                Route("/v1/models", self._list_models),
            ]
        )
        self._changed = threading.Condition()
        self.reset()

    def reset(self) -> None:
        """As new; its counters begin at nothing."""
        self.default = Reply()
        self.refuses: set[str] = set()
        """Parameters answered with 400, as servers do that do not know them."""
        self.models: tuple[str, ...] | None = None
        """Known models; any when None."""
        self.requests: list[Recorded] = []
        self.active = 0
        self.most_active = 0
        self.disconnects = 0
        self._script: deque[Reply] = deque()

    def script(self, *replies: Reply) -> None:
        self._script.extend(replies)

    def wait_for_disconnects(self, count: int, timeout: float = 5.0) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.disconnects >= count, timeout)

    def wait_until_active(self, count: int, timeout: float = 5.0) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.active >= count, timeout)

    def wait_until_idle(self, timeout: float = 5.0) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.active == 0, timeout)

    def count(self, *, active: int = 0, disconnects: int = 0) -> None:
        with self._changed:
            self.active += active
            self.most_active = max(self.most_active, self.active)
            self.disconnects += disconnects
            self._changed.notify_all()

    async def _accept(self, request: Request) -> tuple[Body, Reply]:
        body: Body = await request.json()
        self.requests.append(Recorded(request.url.path, dict(request.headers), body))
        return body, self._refusal(body) or (self._script.popleft() if self._script else self.default)

    def _refusal(self, body: Body) -> Reply | None:
        for name in sorted(self.refuses & body.keys()):
            error = {"message": f"Unsupported parameter: '{name}'", "type": "invalid_request_error", "param": name}
            return Reply(status=400, error=error)
        if self.models is not None and body["model"] not in self.models:
            return Reply(status=404, error={"message": "no such model", "code": "model_not_found"})
        return None

    async def _chat(self, request: Request) -> Response:
        body, reply = await self._accept(request)
        if reply.status != 200:
            return _problem(reply)
        return ChatResponse(self, body, reply)

    async def _embeddings(self, request: Request) -> Response:
        body, reply = await self._accept(request)
        if reply.status != 200:
            return _problem(reply)
        await anyio.sleep(reply.delay)
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        packed = body.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": index, "embedding": _embedding(text, self.dimension, packed)}
            for index, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        return JSONResponse({"object": "list", "data": data, "model": body["model"], "usage": usage})

    async def _list_models(self, request: Request) -> Response:
        names = self.models or ("fake",)
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in names]
        return JSONResponse({"object": "list", "data": data})


class ChatResponse(Response):
    """Plain ASGI, for it must drop connections and notice those that clients drop."""

    def __init__(self, server: OpenAIServer, body: Body, reply: Reply) -> None:
        super().__init__()
        self.server, self.asked, self.reply = server, body, reply
        self.content = reply.text if isinstance(reply.text, str) else reply.text(body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.server.count(active=1)
        self.active = True
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._watch, receive, tasks.cancel_scope)
                await (self._stream(send) if self.asked.get("stream") else self._whole(send))
                tasks.cancel_scope.cancel()
        finally:
            self._over()

    def _over(self) -> None:
        """Counted once, and before the last bytes go out: whoever has read them may send the next request at once."""
        if self.active:
            self.active = False
            self.server.count(active=-1)

    async def _watch(self, receive: Receive, scope: anyio.CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.server.count(disconnects=1)
        scope.cancel()

    async def _stream(self, send: Send) -> None:
        if self.reply.hang:
            await anyio.sleep_forever()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        for number, event in enumerate(self._events()):
            if number == self.reply.drop_after:
                return  # the response stays incomplete: uvicorn closes the connection
            if number == self.reply.end_after:
                break
            await anyio.sleep(self.reply.delay)
            if event == "[DONE]":
                self._over()
            await send({"type": "http.response.body", "body": f"data: {event}\n\n".encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _events(self) -> Iterator[str]:
        yield self._chunk({"role": "assistant", "content": None})
        if self.reply.malformed:
            yield '{"choices": [{"delta": '
            return
        for start in range(0, len(self.content), self.reply.piece):
            yield self._chunk({"content": self.content[start : start + self.reply.piece]})
        yield self._chunk({}, finish_reason=self.reply.finish_reason)
        if (self.asked.get("stream_options") or {}).get("include_usage"):
            yield json.dumps({**self._frame("chat.completion.chunk"), "choices": [], "usage": self._usage()})
        yield "[DONE]"

    async def _whole(self, send: Send) -> None:
        if self.reply.hang:
            await anyio.sleep_forever()
        message = {"role": "assistant", "content": self.content}
        choice = {"index": 0, "message": message, "finish_reason": self.reply.finish_reason}
        frame = {**self._frame("chat.completion"), "choices": [choice], "usage": self._usage()}
        headers = [(b"content-type", b"application/json")]
        self._over()
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(frame).encode()})

    def _chunk(self, delta: Mapping[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return json.dumps({**self._frame("chat.completion.chunk"), "choices": [choice]}, ensure_ascii=False)

    def _frame(self, kind: str) -> Body:
        return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": self.asked["model"]}

    def _usage(self) -> Body:
        prompt = sum(len(message["content"].split()) for message in self.asked["messages"])
        completion = len(self.content.split())
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _problem(reply: Reply) -> Response:
    error = {"message": "scripted failure", "type": "server_error", "param": None, "code": None, **reply.error}
    return JSONResponse({"error": error}, status_code=reply.status, headers=dict(reply.headers))


def _embedding(text: str, dimension: int, packed: bool) -> list[float] | str:
    digest = hashlib.shake_256(text.encode()).digest(dimension)
    values = [byte / 255 - 0.5 for byte in digest]
    return base64.b64encode(struct.pack(f"<{dimension}f", *values)).decode() if packed else values


@contextmanager
def running(dimension: int = 8) -> Iterator[OpenAIServer]:
    """A started server; stopped, with all its connections, at the end."""
    fake = OpenAIServer(dimension)
    listener = socket.create_server(("127.0.0.1", 0))
    fake.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    config = uvicorn.Config(fake.app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield fake
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=5)
        listener.close()
