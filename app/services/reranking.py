"""A second look at the best candidates by a larger model, where the settings name one.

They have their scores by then, which keep their meaning: the floor under which nothing is found, and the chance that a
passage answers, were fitted to them. The larger model only says in which order the best ones stand.
"""

import re
from collections.abc import Sequence

from app.core.errors import LLMUnavailable, TokenQuotaExceeded, Unavailable
from app.core.logging import get_logger
from app.logic.prompts import rerank_prompt
from app.logic.relevance import dealt_out
from app.models.domain import Passage
from app.ports import Reranker
from app.services.llm import LLMService

log = get_logger(__name__)

_NUMBER = re.compile(r"\d{1,3}")
_TOKENS = 200


class SecondLook:
    """A Reranker of what was ranked before: `better` orders the `depth` passages with the highest scores."""

    def __init__(self, better: Reranker, *, depth: int) -> None:
        self._better, self._depth = better, depth

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The passages' scores, dealt out anew. What `better` fails at is logged, and the order stays."""
        scores = [passage.score for passage in passages]
        best = sorted(range(len(passages)), key=lambda index: -scores[index])[: self._depth]
        try:
            told = await self._better.rerank(question, [passages[index] for index in best])
        except (Unavailable, TokenQuotaExceeded) as error:
            log.warning("rerank_failed", detail=error.detail)
            return scores
        order = [index for _, index in sorted(zip(told, best, strict=True), key=lambda pair: -pair[0])]
        return dealt_out(scores, order)


class ModelReranker:
    """The language model names the passages that help, best first."""

    def __init__(self, llm: LLMService, *, timeout: float) -> None:
        self._llm, self._timeout = llm, timeout

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """Raises LLMUnavailable, also when it names none. What it does not name keeps its order, after the others."""
        prompt = rerank_prompt(question, passages, max_tokens=self._llm.context_tokens)
        reply = await self._llm.complete(prompt, purpose="rerank", max_tokens=_TOKENS, timeout=self._timeout)
        said = [int(number) - 1 for number in _NUMBER.findall(reply.text.rpartition("</think>")[2])]
        named = [index for index in dict.fromkeys(said) if 0 <= index < len(passages)]
        if not named and passages:
            raise LLMUnavailable("The language model named no passage.")
        ranks = {index: 1 - rank / (len(named) + 1) for rank, index in enumerate(named)}
        return [ranks.get(index, 0.0) for index in range(len(passages))]
