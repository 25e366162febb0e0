import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.core.errors import CollectionNotFound
from app.routers.ask_socket import MAX_MESSAGE
from tests.routers.checks import until
from tests.routers.fakes import FakeServices
from tests.routers.test_ask import RESULT, SCRIPT

pytestmark = pytest.mark.anyio
Address = tuple[str, int]


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[ClientConnection]:
    async with asyncio.timeout(10), connect(f"ws://{address[0]}:{address[1]}/ask/ws") as socket:
        yield socket


async def ask(socket: ClientConnection, **body: Any) -> list[dict[str, Any]]:
    await socket.send(json.dumps(body))
    return await answer(socket)


async def answer(socket: ClientConnection) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while not events or events[-1]["event"] not in ("done", "error"):
        events.append(json.loads(await socket.recv()))
    return events


async def test_a_question_and_its_events(server: Address, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    async with connected(server) as socket:
        events = await ask(socket, question="净收入是多少？", top_k=3)
    assert [event["event"] for event in events] == ["started", "passages", "delta", "citation", "delta", "done"]
    assert events[-1]["data"]["answer"] == RESULT.answer
    assert services.answers.requests[0].top_k == 3


async def test_one_question_after_the_other(server: Address, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    async with connected(server) as socket:
        for n in range(3):
            assert (await ask(socket, question=f"{n}"))[-1]["event"] == "done"
        for n in range(3, 6):
            await socket.send(json.dumps({"question": f"{n}"}))
        for _ in range(3):
            assert (await answer(socket))[-1]["event"] == "done"
    assert [request.question for request in services.answers.requests] == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "malformed_json"),
        ("[" * 5000, "malformed_json"),
        ("[]", "unprocessable"),
        ('{"question": ""}', "unprocessable"),
        ('{"question": "x", "top_k": 99}', "unprocessable"),
        ('{"question": "x", "filters": {"type": "like"}}', "invalid_filter"),
    ],
)
async def test_a_wrong_question_is_an_error_event_and_the_socket_goes_on(
    server: Address, services: FakeServices, message: str, code: str
) -> None:
    services.answers.script = SCRIPT
    async with connected(server) as socket:
        await socket.send(message)
        [error] = await answer(socket)
        assert (error["event"], error["data"]["code"]) == ("error", code)
        assert (await ask(socket, question="x"))[-1]["event"] == "done"


@pytest.mark.parametrize(
    ("failure", "code"), [(CollectionNotFound(), "collection_not_found"), (ZeroDivisionError(), "internal_error")]
)
async def test_a_failure_is_an_error_event(
    server: Address, services: FakeServices, failure: Exception, code: str
) -> None:
    services.answers.script = [SCRIPT[0], failure]
    async with connected(server) as socket:
        events = await ask(socket, question="x")
    assert [event["event"] for event in events] == ["started", "error"]
    assert events[-1]["data"]["code"] == code


async def test_closing_cancels_the_answer(server: Address, services: FakeServices) -> None:
    never = asyncio.Event()
    services.answers.script = [SCRIPT[0], never.wait]
    async with connected(server) as socket:
        await socket.send('{"question": "x"}')
        await socket.recv()
        assert services.answers.running == 1
    await until(lambda: services.answers.running == 0)
    assert services.answers.cancelled == 1


async def test_a_client_that_vanishes_cancels_the_answer(server: Address, services: FakeServices) -> None:
    never = asyncio.Event()
    services.answers.script = [SCRIPT[0], never.wait]
    async with connected(server) as socket:
        await socket.send('{"question": "x"}')
        await socket.recv()
        socket.transport.abort()
        await until(lambda: services.answers.running == 0)


@pytest.mark.parametrize(("message", "code"), [("x" * (MAX_MESSAGE + 1), 1009), (b"bytes", 1003)])
async def test_messages_that_no_question_needs_close_the_socket(
    server: Address, message: str | bytes, code: int
) -> None:
    async with connected(server) as socket:
        await socket.send(message)
        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == code
