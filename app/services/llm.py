"""The language model as services use it: its limits, its measurements, and what happens when there is none."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from app.core import tracing
from app.core.errors import LLMNotConfigured, LLMUnavailable
from app.logic.prompts import estimate_tokens
from app.models.domain import Message, Usage
from app.ports import LLM, LLMDelta


@dataclass(frozen=True, slots=True)
class LLMCall:
    """One finished call, for the metrics; no text of it."""

    model: str
    purpose: str
    outcome: Literal["ok", "failed", "left"]
    """"left": whoever asked did not wait for the end."""
    seconds: float
    first_token_seconds: float | None
    usage: Usage | None


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    usage: Usage | None


class Meter(Protocol):
    """Counts tokens against whoever acts."""

    async def admit(self) -> None:
        """Before a call. Raises TokenQuotaExceeded."""
        ...

    def spent(self, tokens: int) -> None:
        """After it."""
        ...

    async def close(self) -> None: ...


class Unmetered:
    """The default of `meter`."""

    async def admit(self) -> None:
        """Whoever it is."""

    def spent(self, tokens: int) -> None:
        """However many."""

    async def close(self) -> None:
        """Nothing to write down."""


def _unobserved(call: LLMCall) -> None:
    """The default of `observe`."""


class LLMService:
    """`max_tokens` bounds a reply, `context_tokens` what may be put before it."""

    def __init__(
        self,
        llm: LLM | None,
        *,
        max_tokens: int = 1024,
        context_tokens: int = 6000,
        observe: Callable[[LLMCall], None] = _unobserved,
        meter: Meter | None = None,
    ) -> None:
        self._llm = llm
        self._meter = meter or Unmetered()
        self.max_tokens = max_tokens
        self.context_tokens = context_tokens
        self._observe = observe

    @property
    def configured(self) -> bool:
        return self._llm is not None

    @property
    def model(self) -> str | None:
        return None if self._llm is None else self._llm.model

    async def close(self) -> None:
        """Once nobody calls any more: what was spent is written down."""
        await self._meter.close()
        if self._llm is not None:
            await self._llm.close()

    async def admit(self) -> None:
        """Whether whoever acts has tokens left, for what makes several calls of which none is refused any more: these
        say `admitted`. Raises TokenQuotaExceeded."""
        await self._meter.admit()

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        purpose: str,
        max_tokens: int | None = None,
        json_schema: dict[str, Any] | None = None,
        admitted: bool = False,
    ) -> AsyncGenerator[LLMDelta, None]:
        """A reply as it comes. Closing it ends the call. Raises LLMNotConfigured, LLMUnavailable,
        TokenQuotaExceeded."""
        if self._llm is None:
            raise LLMNotConfigured
        if not admitted:
            await self._meter.admit()
        reply = self._llm.stream(messages, max_tokens=max_tokens or self.max_tokens, json_schema=json_schema)
        watch = _Watch(self._llm.model, purpose, messages)
        note = tracing.begin("model", {"gen_ai.request.model": self._llm.model, "docubot.purpose": purpose})
        try:
            async with aclosing(cast("AsyncGenerator[LLMDelta, None]", reply)) as deltas:
                async for delta in deltas:
                    watch.saw(delta)
                    yield delta
            watch.outcome = "ok"
        except LLMUnavailable as error:
            watch.outcome = "failed"
            note.failed(error)
            raise
        finally:
            call = watch.call()
            self._observe(call)
            self._meter.spent(watch.tokens())
            note.add(_figures(call))
            note.end()

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        purpose: str,
        max_tokens: int | None = None,
        json_schema: dict[str, Any] | None = None,
        timeout: float | None = None,
        admitted: bool = False,
    ) -> Completion:
        """A whole reply, within `timeout` seconds if given. Raises LLMNotConfigured, LLMUnavailable,
        TokenQuotaExceeded."""
        text: list[str] = []
        usage = None
        try:
            async with (
                asyncio.timeout(timeout),
                aclosing(
                    self.stream(
                        messages, purpose=purpose, max_tokens=max_tokens, json_schema=json_schema, admitted=admitted
                    )
                ) as deltas,
            ):
                async for delta in deltas:
                    text.append(delta.text)
                    usage = delta.usage or usage
        except TimeoutError:
            raise LLMUnavailable(f"The language model did not finish within {timeout:g} s.") from None
        return Completion("".join(text), usage)


def _figures(call: LLMCall) -> dict[str, tracing.Value | None]:
    usage = call.usage or Usage()
    return {
        "docubot.outcome": call.outcome,
        "docubot.first_token_seconds": call.first_token_seconds,
        "gen_ai.usage.input_tokens": usage.prompt_tokens,
        "gen_ai.usage.output_tokens": usage.completion_tokens,
    }


class _Watch:
    def __init__(self, model: str, purpose: str, asked: Sequence[Message]) -> None:
        self._model, self._purpose, self._asked = model, purpose, asked
        self._said: list[str] = []
        self._began = time.perf_counter()
        self._first: float | None = None
        self._usage: Usage | None = None
        self.outcome: Literal["ok", "failed", "left"] = "left"

    def saw(self, delta: LLMDelta) -> None:
        if delta.text and self._first is None:
            self._first = time.perf_counter() - self._began
        self._usage = delta.usage or self._usage
        self._said.append(delta.text)

    def tokens(self) -> int:
        """As the server counts them; estimated where it does not, and of a reply that was broken off."""
        if self._usage is not None:
            return self._usage.prompt_tokens + self._usage.completion_tokens
        if not any(self._said) and self.outcome == "failed":
            return 0
        return sum(estimate_tokens(text) for text in (*(message.content for message in self._asked), *self._said))

    def call(self) -> LLMCall:
        seconds = time.perf_counter() - self._began
        return LLMCall(self._model, self._purpose, self.outcome, seconds, self._first, self._usage)
