"""WS /ask/ws: the events of POST /ask as JSON messages, one question a message."""

from collections.abc import AsyncGenerator
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from fastapi import APIRouter
from pydantic import ValidationError
from starlette.websockets import WebSocket

from app.core.closing import Closing
from app.core.errors import DocubotError, MalformedJson, ShuttingDown, Unprocessable
from app.models.access import Caller, Scope
from app.models.schemas_answers import Ask
from app.routers.ask import ask_request, frames
from app.routers.credentials import socket_protocol
from app.routers.deps import TheCaller, TheServices, needs
from app.routers.errors import field_errors
from app.routers.sse import Frame
from app.services.container import Services

router = APIRouter()
MAX_MESSAGE = 1024 * 1024
_NOT_TEXT = 1003
_TOO_BIG = 1009
_RESTARTS = 1012
# Questions that wait while one is answered; after that the client's next message waits in its socket.
_WAITING = 8


@router.websocket("/ask/ws", dependencies=[needs(Scope.ASK)])
async def ask_socket(socket: WebSocket, services: TheServices, caller: TheCaller) -> None:
    """Each answer ends with `done` or `error`. Closing the socket cancels what is being answered."""
    await socket.accept(socket_protocol(socket.headers))
    send, receive = anyio.create_memory_object_stream[str](_WAITING)
    async with anyio.create_task_group() as group:
        group.start_soon(_read, socket, send, group.cancel_scope)
        group.start_soon(_part, socket, group.cancel_scope)
        async with send, receive:
            await _answer_all(socket, services, caller, receive)
        group.cancel_scope.cancel()


async def _read(socket: WebSocket, questions: MemoryObjectSendStream[str], scope: anyio.CancelScope) -> None:
    """Reads on while an answer is written, because that is how a closed socket is noticed."""
    while (message := await socket.receive())["type"] == "websocket.receive":
        text = message.get("text")
        if text is None or len(text) > MAX_MESSAGE:
            await socket.close(_NOT_TEXT if text is None else _TOO_BIG)
            break
        await questions.send(text)
    scope.cancel()


async def _part(socket: WebSocket, scope: anyio.CancelScope) -> None:
    """Say goodbye when the server shuts down; an answer under way has to be asked for again."""
    closing: Closing = socket.app.state.closing
    await closing.begun()
    await socket.send_text(_message(Frame.failed(ShuttingDown())))
    await socket.close(_RESTARTS)
    scope.cancel()


def _message(frame: Frame) -> str:
    return f'{{"event":"{frame.event}","data":{frame.data}}}'


async def _answer_all(
    socket: WebSocket, services: Services, caller: Caller, questions: MemoryObjectReceiveStream[str]
) -> None:
    async for message in questions:
        async for frame in _events(services, caller, message):
            await socket.send_text(_message(frame))


async def _events(services: Services, caller: Caller, message: str) -> AsyncGenerator[Frame]:
    try:
        body = _question(message)
        request = await ask_request(body, services, caller)
    except DocubotError as error:
        yield Frame.failed(error)
        return
    async for frame in frames(services.answers.answer(request), body.explain):
        yield frame


def _question(message: str) -> Ask:
    try:
        return Ask.model_validate_json(message)
    except ValidationError as error:
        found: list[Any] = list(error.errors(include_url=False, include_input=False, include_context=False))
        if found[0]["type"] == "json_invalid":
            raise MalformedJson() from None
        raise Unprocessable(errors=field_errors(found)) from None
