"""Answers as events over a real socket: order, ids, keep-alive, resuming, leaving."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.closing import Closing
from app.core.errors import CollectionNotFound, LLMUnavailable
from app.routers.sse import EventStream, Frame
from app.services.journal import Journal
from tests.routers.checks import assert_problem, until
from tests.routers.fakes import FakeServices
from tests.routers.sse_client import streaming
from tests.routers.test_ask import RESULT, SCRIPT

pytestmark = pytest.mark.anyio
Address = tuple[str, int]
ASK = {"question": "净收入是多少？", "stream": True}


def asking(address: Address, last_event_id: str | None = None, **body: Any) -> Any:
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    return streaming(address, "POST", "/ask", json=ASK | body, headers=headers)


async def test_events_in_order_with_ids(server: Address, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    async with asking(server) as stream:
        headers = stream.response.headers
        events = await stream.rest()
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-request-id"]
    assert [event.name for event in events] == ["started", "passages", "delta", "citation", "delta", "done"]
    assert events[0].data == {
        "conversation_id": RESULT.conversation_id,
        "message_id": RESULT.message_id,
        "mode": "extract",
    }
    assert events[1].data["passages"][0]["page"] == 48
    assert "".join(event.data["text"] for event in events if event.name == "delta") == RESULT.answer
    assert events[3].data["quote"] == "净收入为265亿美元"
    ids = [re.fullmatch(r"([0-9a-f]{32})-(\d+)", event.id) for event in events]
    assert [match and match[2] for match in ids] == ["1", "2", "3", "4", "5", "6"]
    assert len({match and match[1] for match in ids}) == 1


async def test_done_is_the_answer_that_the_call_gives_without_a_stream(server: Address, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    async with asking(server, explain=True) as stream:
        done = (await stream.rest())[-1]
    async with httpx.AsyncClient(base_url=f"http://{server[0]}:{server[1]}") as client:
        whole = await client.post("/ask", json={"question": "x", "explain": True})
    assert done.data == whole.json()


async def test_the_accept_header_asks_for_a_stream_too(server: Address, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    request = {"json": {"question": "x"}, "headers": {"accept": "text/event-stream"}}
    async with streaming(server, "POST", "/ask", **request) as stream:
        assert (await stream.rest())[-1].name == "done"


async def test_bytes_flow_before_the_answer_does(server: Address, services: FakeServices) -> None:
    gate = asyncio.Event()
    services.answers.script = [gate.wait, *SCRIPT]
    async with asking(server) as stream:
        await stream.comment()
        gate.set()
        assert len(await stream.rest()) == 6


async def test_what_fails_at_once_has_its_own_status(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.answers.script = [CollectionNotFound()]
    assert_problem(await client.post("/ask", json=ASK), 404, "collection_not_found")
    services.answers.script = [ZeroDivisionError("secret")]
    response = await client.post("/ask", json=ASK)
    assert_problem(response, 500, "internal_error")
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("failure", "code"), [(LLMUnavailable(), "llm_unavailable"), (ZeroDivisionError("secret"), "internal_error")]
)
async def test_what_fails_later_is_the_last_event(
    server: Address, services: FakeServices, failure: Exception, code: str
) -> None:
    services.answers.script = [*SCRIPT[:3], failure]
    async with asking(server) as stream:
        request_id = stream.response.headers["x-request-id"]
        events = await stream.rest()
    assert [event.name for event in events] == ["started", "passages", "delta", "error"]
    problem = events[-1].data
    assert problem["code"] == code
    assert problem["request_id"] == request_id
    assert "secret" not in str(problem)


async def test_a_lost_connection_goes_on_where_it_was(server: Address, services: FakeServices) -> None:
    gate = asyncio.Event()
    services.answers.script = [*SCRIPT[:3], gate.wait, *SCRIPT[3:]]
    async with asking(server) as stream:
        seen = [await stream.next() for _ in range(3)]
    async with asking(server, last_event_id=seen[-1].id) as stream:
        gate.set()
        rest = await stream.rest()
    assert [event.name for event in rest] == ["citation", "delta", "done"]
    assert [event.id.rpartition("-")[2] for event in rest] == ["4", "5", "6"]
    assert len(services.answers.requests) == 1
    assert services.answers.cancelled == 0


async def test_events_that_were_lost_on_the_way_come_again(server: Address, services: FakeServices) -> None:
    services.answers.script = SCRIPT
    async with asking(server) as stream:
        events = await stream.rest()
    async with asking(server, last_event_id=events[1].id) as stream:
        assert await stream.rest() == events[2:]
    async with asking(server, last_event_id=events[-1].id) as stream:
        assert await stream.rest() == []
    assert len(services.answers.requests) == 1


@pytest.mark.parametrize("id_", ["f" * 32 + "-1", "f" * 32, "1", "x", "../../x-1", "f" * 32 + "-" + "9" * 20])
async def test_streams_that_are_unknown_are_not_found(
    client: httpx.AsyncClient, services: FakeServices, id_: str
) -> None:
    response = await client.post("/ask", json=ASK, headers={"Last-Event-ID": id_})
    body = assert_problem(response, 404, "stream_not_found")
    assert "Ask again" in body["detail"]
    assert services.answers.requests == []


async def test_a_client_that_leaves_for_good_ends_the_answer(
    server: Address, app: FastAPI, services: FakeServices
) -> None:
    app.state.journal = Journal(lambda frame: len(frame.data), grace=0.05)
    never = asyncio.Event()
    services.answers.script = [*SCRIPT[:3], never.wait]
    async with asking(server) as stream:
        await stream.next()
        assert services.answers.running == 1
    await until(lambda: services.answers.running == 0)
    assert services.answers.cancelled == 1


async def test_a_client_that_leaves_without_a_stream_ends_the_answer_at_once(
    server: Address, services: FakeServices
) -> None:
    never = asyncio.Event()
    services.answers.script = [SCRIPT[0], never.wait]
    async with httpx.AsyncClient(base_url=f"http://{server[0]}:{server[1]}") as client:
        question = asyncio.create_task(client.post("/ask", json={"question": "x"}))
        await until(lambda: services.answers.running == 1)
        question.cancel()
        await asyncio.gather(question, return_exceptions=True)
    await until(lambda: services.answers.running == 0)
    assert services.answers.cancelled == 1


async def test_two_clients_follow_one_stream(server: Address, services: FakeServices) -> None:
    gate = asyncio.Event()
    services.answers.script = [*SCRIPT[:2], gate.wait, *SCRIPT[2:]]
    async with asking(server) as first:
        started = await first.next()
        async with asking(server, last_event_id=started.id) as second:
            assert (await second.next()).name == "passages"
            gate.set()
            ends = await asyncio.gather(first.rest(), second.rest())
    assert ends[0][-1] == ends[1][-1]
    assert len(services.answers.requests) == 1


async def test_comments_keep_an_idle_stream_alive() -> None:
    gate = asyncio.Event()

    async def frames() -> Any:
        yield "1", Frame.of("a", {"text": "é\n"})
        await gate.wait()
        yield "2", Frame.of("b", {})

    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    async def receive() -> Any:
        await asyncio.Event().wait()

    app = SimpleNamespace(state=SimpleNamespace(closing=Closing()))
    stream = EventStream(frames(), keep_alive=0.02)
    serving = asyncio.create_task(stream({"type": "http", "app": app}, receive, send))
    await until(lambda: sent.count(b": ping\n\n") >= 4)
    gate.set()
    await serving
    events = [body for body in sent if body and body != b": ping\n\n"]
    assert events == ['event: a\ndata: {"text":"é\\n"}\nid: 1\n\n'.encode(), b"event: b\ndata: {}\nid: 2\n\n"]
    assert sent[1] == b": ping\n\n"
