"""Other wordings of a question, and its parts, from the model: documents may use other words than people do."""

import re
from dataclasses import dataclass

from app.core.errors import LLMUnavailable
from app.logic.prompts import queries_prompt
from app.models.domain import Usage
from app.services.llm import LLMService

_TOKENS = 150
_MOST = 3
_LONGEST = 300
"""Characters; what is longer is no query."""
_ORNAMENT = re.compile(r"^\s*(?:[-*•]+|\d{1,2}[.)])\s+|^[\"'“”«»\s]+|[\"'“”«»\s]+$")


@dataclass(frozen=True, slots=True)
class Queries:
    texts: tuple[str, ...]
    """Beside the question itself; none where the model was no help."""
    usage: Usage | None = None


class RewritingService:
    def __init__(self, llm: LLMService, *, timeout: float = 4.0) -> None:
        self._llm, self._timeout = llm, timeout

    async def queries(self, question: str) -> Queries:
        """At most three more queries. Never fails, and costs at most 150 tokens beside the question and the prompt."""
        if not self._llm.configured:
            return Queries(())
        try:
            reply = await self._llm.complete(
                queries_prompt(question), purpose="queries", max_tokens=_TOKENS, timeout=self._timeout, admitted=True
            )
        except LLMUnavailable:
            return Queries(())
        lines = reply.text.rpartition("</think>")[2].splitlines()
        said = (_ORNAMENT.sub("", _ORNAMENT.sub("", line)) for line in lines)
        fresh = dict.fromkeys(line for line in said if line and len(line) <= _LONGEST and line != question)
        return Queries(tuple(fresh)[:_MOST], reply.usage)
