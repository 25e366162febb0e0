"""Questions as they are searched for. Follow-ups are made to stand alone, by the model when it is there and quick, else
by carrying words over."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import LLMUnavailable, TokenQuotaExceeded
from app.logic.followup import standalone
from app.logic.prompts import rewrite_prompt, search_prompt
from app.models.domain import Turn, Usage
from app.services.llm import LLMService

_TOKENS = 120
_LONGEST = 500
"""Characters; a model that says more has answered instead of rewritten."""


@dataclass(frozen=True, slots=True)
class Standalone:
    question: str
    usage: Usage | None = None


class StandaloneService:
    def __init__(self, llm: LLMService, *, timeout: float = 4.0) -> None:
        self._llm = llm
        self._timeout = timeout

    async def rewrite(
        self, question: str, history: Sequence[Turn], language: str | None, *, by_model: bool
    ) -> Standalone:
        """The question as it is to be searched for. Never fails: without a model's help words are carried over."""
        if not history:
            return Standalone(question)
        carried = standalone(question, history, language)
        if not by_model or not self._llm.configured:
            return Standalone(carried)
        try:
            reply = await self._llm.complete(
                rewrite_prompt(question, history),
                purpose="rewrite",
                max_tokens=_TOKENS,
                timeout=self._timeout,
                admitted=True,
            )
        except LLMUnavailable:
            return Standalone(carried)
        return Standalone(_line(reply.text) or carried, reply.usage)

    async def search_query(self, question: str) -> str:
        """What to search for to answer the question. Never fails: without a model's help, or tokens for it, it is the
        question."""
        if not self._llm.configured:
            return question
        try:
            reply = await self._llm.complete(
                search_prompt(question), purpose="rewrite", max_tokens=_TOKENS, timeout=self._timeout
            )
        except (LLMUnavailable, TokenQuotaExceeded):
            return question
        return _line(reply.text) or question


def _line(text: str) -> str | None:
    """The one line that was asked for; None for anything else."""
    said = text.rpartition("</think>")[2].strip().strip("\"'“”").strip()
    return said if 0 < len(said) <= _LONGEST and "\n" not in said else None
