"""A language model that says what a test tells it to say."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from app.core.errors import LLMUnavailable
from app.models.domain import Message, Usage
from app.ports import LLMDelta


class ScriptedLLM:
    """Gives its replies in order, the last one again and again; a piece that is None is where it breaks off."""

    model = "scripted"

    def __init__(self, *replies: Sequence[str | None]) -> None:
        self._replies = list(replies)
        self.asked: list[tuple[Message, ...]] = []
        self.left = 0
        """Replies that nobody read to their end."""

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float = 0.0,
        json_schema: dict[str, Any] | None = None,
    ) -> AsyncGenerator[LLMDelta, None]:
        self.asked.append(tuple(messages))
        pieces = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        ended = False
        try:
            for piece in pieces:
                if piece is None:
                    ended = True
                    raise LLMUnavailable("The model broke off.")
                yield LLMDelta(piece)
            yield LLMDelta(usage=Usage(100, 10, self.model))
            ended = True
        finally:
            self.left += not ended

    async def close(self) -> None:
        pass
