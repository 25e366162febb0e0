import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from app.adapters.llm.openai import CallLimits, OpenAILLM
from app.core.errors import LLMUnavailable
from app.logic.retry import RetryPolicy
from app.models.domain import Message, Usage
from tests.fakes.openai_server import OpenAIServer, Reply, running

pytestmark = pytest.mark.anyio

KEY = "sk-very-secret-key"
ASK = (Message("system", "Answer."), Message("user", "Wie hoch war der Umsatz?"))
SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
QUICK = RetryPolicy(retries=2, first=0.01, longest=1.0)


@pytest.fixture(scope="module")
def running_server() -> Iterator[OpenAIServer]:
    with running() as fake:
        yield fake


@pytest.fixture
def server(running_server: OpenAIServer) -> OpenAIServer:
    running_server.wait_until_idle()
    running_server.reset()
    return running_server


@asynccontextmanager
async def client(
    server: OpenAIServer, *, seconds: float = 5.0, concurrency: int = 8, reasoning_effort: str | None = None
) -> AsyncIterator[OpenAILLM]:
    llm = OpenAILLM(
        model="small",
        api_key=KEY,
        base_url=server.base_url,
        limits=CallLimits(timeout=seconds, concurrency=concurrency),
        retry=QUICK,
        reasoning_effort=reasoning_effort,
    )
    try:
        yield llm
    finally:
        await llm.close()


async def say(llm: OpenAILLM, **options: Any) -> tuple[str, Usage | None]:
    text, usage = "", None
    async for delta in llm.stream(ASK, max_tokens=50, **options):
        text += delta.text
        usage = delta.usage or usage
    return text, usage


async def failure(llm: OpenAILLM) -> LLMUnavailable:
    with pytest.raises(LLMUnavailable) as caught:
        await say(llm)
    assert KEY not in f"{caught.value}"
    assert caught.value.__cause__ is None
    return caught.value


async def test_streams_the_reply_and_its_usage(server: OpenAIServer) -> None:
    server.script(Reply("26,5 Milliarden Dollar 收入 الإيرادات राजस्व รายได้ [1].", piece=3))
    async with client(server) as llm:
        text, usage = await say(llm)
    assert text == "26,5 Milliarden Dollar 收入 الإيرادات राजस्व รายได้ [1]."
    assert usage == Usage(prompt_tokens=6, completion_tokens=8, model="small")
    asked = server.requests[0]
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body["messages"][1] == {"role": "user", "content": ASK[1].content}
    assert asked.body["max_tokens"] == 50
    assert asked.body["temperature"] == 0.0


async def test_asks_for_structured_output_when_given_a_schema(server: OpenAIServer) -> None:
    async with client(server) as llm:
        await say(llm, json_schema=SCHEMA)
    assert server.requests[0].body["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("parameter", ["stream_options", "response_format", "temperature", "reasoning_effort"])
async def test_leaves_out_what_the_server_refuses_and_remembers_it(server: OpenAIServer, parameter: str) -> None:
    server.refuses = {parameter}
    async with client(server, reasoning_effort="low") as llm:
        assert (await say(llm, json_schema=SCHEMA))[0] == "ok"
        assert (await say(llm, json_schema=SCHEMA))[0] == "ok"
    assert [parameter in asked.body for asked in server.requests] == [True, False, False]


async def test_uses_the_newer_name_of_the_token_limit_where_it_is_asked_for(server: OpenAIServer) -> None:
    server.refuses = {"max_tokens"}
    async with client(server) as llm:
        assert (await say(llm))[0] == "ok"
    assert server.requests[1].body["max_completion_tokens"] == 50


async def test_drops_every_extra_for_a_server_that_names_none(server: OpenAIServer) -> None:
    server.script(Reply(status=400, error={"message": "Bad request"}))
    async with client(server) as llm:
        assert (await say(llm, json_schema=SCHEMA))[0] == "ok"
    assert set(server.requests[1].body) == {"model", "messages", "max_tokens", "stream"}


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_tries_again_after_a_passing_failure(server: OpenAIServer, status: int) -> None:
    server.script(Reply(status=status), Reply(status=status), Reply("third time"))
    async with client(server) as llm:
        assert (await say(llm))[0] == "third time"
    assert len(server.requests) == 3


async def test_waits_as_long_as_the_server_asks(server: OpenAIServer) -> None:
    server.script(Reply(status=429, headers={"retry-after": "0.3"}))
    async with client(server) as llm:
        began = time.monotonic()
        await say(llm)
    assert time.monotonic() - began >= 0.3


async def test_does_not_wait_longer_than_the_call_may_take(server: OpenAIServer) -> None:
    server.default = Reply(status=429, headers={"retry-after": "600"})
    async with client(server) as llm:
        error = await failure(llm)
    assert "rate limit" in error.detail
    assert error.retry_after == 600
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (Reply(status=401, error={"message": f"Incorrect API key provided: {KEY}"}), "OPENAI_API_KEY"),
        (Reply(status=403), "LLM_MODEL"),
        (Reply(status=404, error={"code": "model_not_found"}), "'small'"),
        (Reply(status=404), "OPENAI_BASE_URL"),
        (Reply(status=429, error={"code": "insufficient_quota"}), "quota"),
        (Reply(status=400, error={"code": "context_length_exceeded"}), "LLM_CONTEXT_TOKENS"),
        (Reply(status=418), "418"),
    ],
)
async def test_says_what_the_operator_can_do_and_does_not_insist(
    server: OpenAIServer, reply: Reply, advice: str
) -> None:
    server.default = reply
    async with client(server) as llm:
        assert advice in (await failure(llm)).detail
    assert len(server.requests) == 1


async def test_gives_up_after_its_retries(server: OpenAIServer) -> None:
    server.default = Reply(status=500)
    async with client(server) as llm:
        assert "500" in (await failure(llm)).detail
    assert len(server.requests) == 3


async def test_a_server_that_never_answers_is_left_in_time(server: OpenAIServer) -> None:
    server.default = Reply(hang=True)
    async with client(server, seconds=0.3) as llm:
        began = time.monotonic()
        assert "0.3 s" in (await failure(llm)).detail
    assert time.monotonic() - began < 2
    assert server.wait_for_disconnects(1)


async def test_a_reply_that_drips_for_ever_is_cut_at_the_deadline(server: OpenAIServer) -> None:
    server.default = Reply("word " * 1000, delay=0.05)
    async with client(server, seconds=0.4) as llm:
        assert "0.4 s" in (await failure(llm)).detail


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply("half of a reply", drop_after=3), "broke off"),
        (Reply("half of a reply", end_after=3), "broke off"),
        (Reply("never arrives", malformed=True), "not a chat completion"),
        (Reply("", finish_reason="length"), "LLM_MAX_TOKENS"),
    ],
)
async def test_a_reply_that_is_not_whole_is_an_error_and_is_not_repeated(
    server: OpenAIServer, reply: Reply, said: str
) -> None:
    server.script(reply)
    async with client(server) as llm:
        assert said in (await failure(llm)).detail
    assert len(server.requests) == 1


async def test_nobody_listening_is_a_clear_error() -> None:
    with running() as server:
        pass
    async with client(server) as llm:
        assert "OPENAI_BASE_URL" in (await failure(llm)).detail


async def test_closing_the_iterator_ends_the_call_upstream(server: OpenAIServer) -> None:
    server.script(Reply("word " * 1000, delay=0.01))
    async with client(server, concurrency=1) as llm:
        async with aclosing(llm.stream(ASK, max_tokens=50)) as deltas:
            await anext(deltas)
        assert await asyncio.to_thread(server.wait_for_disconnects, 1)
        assert (await say(llm))[0] == "ok"  # and its slot is free again


async def test_cancelling_the_reader_ends_the_call_upstream(server: OpenAIServer) -> None:
    server.script(Reply("word " * 1000, delay=0.01))
    async with client(server, concurrency=1) as llm:
        reader = asyncio.create_task(say(llm))
        await asyncio.to_thread(server.wait_until_active, 1)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        assert await asyncio.to_thread(server.wait_for_disconnects, 1)
        assert (await say(llm))[0] == "ok"


async def test_no_more_calls_at_once_than_allowed(server: OpenAIServer) -> None:
    server.default = Reply("four words of text", delay=0.01)
    async with client(server, concurrency=2) as llm:
        replies = await asyncio.gather(*(say(llm) for _ in range(8)))
    assert [text for text, _ in replies] == ["four words of text"] * 8
    assert server.most_active == 2


async def test_waiting_for_a_slot_ends_with_the_timeout(server: OpenAIServer) -> None:
    server.default = Reply(hang=True)
    async with client(server, seconds=0.3, concurrency=1) as llm:
        first = asyncio.create_task(failure(llm))
        second = asyncio.create_task(failure(llm))
        details = {(await first).detail[:10], (await second).detail[:10]}
    assert len(server.requests) <= 2
    assert details <= {"The langua", "Every one "}
