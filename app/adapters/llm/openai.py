"""Any server that speaks OpenAI's chat completions (OpenAI, vLLM, llama.cpp, Ollama, ...), through the `openai` SDK."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import anyio
import openai
from openai.types.chat import ChatCompletionChunk

from app.adapters.llm.openai_errors import explain, refused_parameters, worth_retrying
from app.core.errors import LLMUnavailable
from app.logic.retry import RetryPolicy, delay_before_retry, parse_retry_after
from app.models.domain import Message, Usage
from app.ports import LLMDelta

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"  # the SDK insists on one; servers without keys ignore it
ChunkStream = openai.AsyncStream[ChatCompletionChunk]
_jitter = random.random


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Seconds for a whole call with its retries (and, before it, for a free slot) and for connecting; calls at once."""

    timeout: float = 60.0
    connect_timeout: float = 5.0
    concurrency: int = 8


class OpenAILLM:
    """The LLM port.

    Only a call that has said nothing yet is tried again. A parameter that the server refuses (usage in streams,
    temperature, ...) is left out from then on.
    """

    def __init__(
        self,
        *,
        model: str,
        api_key: str | None = None,
        base_url: str | None = None,
        limits: CallLimits | None = None,
        retry: RetryPolicy | None = None,
        reasoning_effort: str | None = None,
    ) -> None:
        self.model = model
        limits = limits or CallLimits()
        self._timeout = limits.timeout
        self._retry = retry or RetryPolicy()
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._reasoning_effort = reasoning_effort
        self._refused: frozenset[str] = frozenset()
        self._client = openai.AsyncOpenAI(
            api_key=api_key or NO_KEY,
            base_url=base_url or OPENAI_URL,
            timeout=openai.Timeout(limits.timeout, connect=min(limits.connect_timeout, limits.timeout)),
            max_retries=0,
        )

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float = 0.0,
        json_schema: dict[str, Any] | None = None,
    ) -> AsyncGenerator[LLMDelta, None]:
        """See the port. A reply that ends before it began, or is cut off, raises LLMUnavailable too."""
        request = self._request(messages, max_tokens, temperature, json_schema)
        await self._take_slot()
        try:
            deadline = asyncio.get_running_loop().time() + self._timeout
            reply = await self._open(request, deadline)
            async with aclosing(self._read(reply, deadline)) as deltas:
                async for delta in deltas:
                    yield delta
        finally:
            self._slots.release()

    async def close(self) -> None:
        await self._client.close()

    async def _take_slot(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await self._slots.acquire()
        except TimeoutError:
            detail = f"Every one of the calls to the language model allowed at once was busy for {self._timeout:g} s."
            raise LLMUnavailable(detail, retry_after=self._timeout) from None

    def _request(
        self, messages: Sequence[Message], max_tokens: int, temperature: float, json_schema: dict[str, Any] | None
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": max_tokens,
            "temperature": temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self._reasoning_effort:
            request["reasoning_effort"] = self._reasoning_effort
        if json_schema is not None:
            schema = {"name": "reply", "strict": True, "schema": json_schema}
            request["response_format"] = {"type": "json_schema", "json_schema": schema}
        return request

    async def _open(self, request: dict[str, Any], deadline: float) -> ChunkStream:
        """The started stream, after retries; raises LLMUnavailable."""
        failures = 0
        refused = self._refused
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    reply: ChunkStream = await self._client.chat.completions.create(**_without(request, refused))
            except (openai.OpenAIError, TimeoutError) as error:
                unknown = refused_parameters(error, _without(request, refused))
                if unknown:
                    refused |= unknown
                    continue
                failures += 1
                await self._wait(failures, error, deadline)
            else:
                self._refused = refused
                return reply

    async def _wait(self, failures: int, error: Exception, deadline: float) -> None:
        """Sleep before the next try, or raise what clients are told."""
        delay = None
        asked = _retry_after(error)
        if worth_retrying(error):
            delay = delay_before_retry(self._retry, failures, jitter=_jitter(), retry_after=asked)
        if delay is None or asyncio.get_running_loop().time() + delay >= deadline:
            raise explain(error, self.model, self._timeout, asked) from None
        await asyncio.sleep(delay)

    async def _read(self, reply: ChunkStream, deadline: float) -> AsyncGenerator[LLMDelta, None]:
        finished: str | None = None
        empty = True
        try:
            while True:
                async with asyncio.timeout_at(deadline):
                    chunk = await anext(reply, None)
                if chunk is None:
                    break
                choice = chunk.choices[0] if chunk.choices else None
                finished = (choice and choice.finish_reason) or finished
                delta = LLMDelta((choice and choice.delta and choice.delta.content) or "", _usage(chunk))
                if delta.text or delta.usage:
                    empty = empty and not delta.text
                    yield delta
        except (openai.OpenAIError, TimeoutError, ValueError) as error:  # ValueError: an event that is not JSON
            raise explain(error, self.model, self._timeout) from None
        finally:
            with anyio.CancelScope(shield=True):  # a client that left must not leave the call running upstream
                await reply.close()
        _check_end(finished, empty)


def _check_end(finished: str | None, empty: bool) -> None:
    if finished is None:
        raise LLMUnavailable("The language model's reply broke off before its end.")
    if empty and finished == "length":
        raise LLMUnavailable(
            "The language model used up its tokens before it said anything (reasoning models do); raise LLM_MAX_TOKENS."
        )


def _usage(chunk: ChatCompletionChunk) -> Usage | None:
    if chunk.usage is None:
        return None
    return Usage(chunk.usage.prompt_tokens, chunk.usage.completion_tokens, chunk.model)


def _retry_after(error: Exception) -> float | None:
    if not isinstance(error, openai.APIStatusError):
        return None
    return parse_retry_after(error.response.headers.get("retry-after"), datetime.now(UTC))


def _without(request: dict[str, Any], refused: frozenset[str]) -> dict[str, Any]:
    """The request as this server takes it: refused parameters left out, or under their newer name."""
    kept = {name: value for name, value in request.items() if name not in refused}
    if "max_tokens" in refused and "max_completion_tokens" not in refused:
        kept["max_completion_tokens"] = request["max_tokens"]
    return kept
