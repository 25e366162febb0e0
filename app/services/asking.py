"""One question on its way to its answer: what is known of it so far, and the result that it comes to."""

import time
from dataclasses import dataclass, field, replace

from app.core.ids import new_id
from app.logic import language
from app.logic.languages import not_found
from app.models.citations import Sentence
from app.models.domain import SearchResult, Usage
from app.models.events import AnswerResult, Mode, Reason, Status
from app.models.requests import AskRequest
from app.services.citing import CitationDesk
from app.services.drafts import Draft
from app.services.measures import Prices

_REASON: dict[Mode, Reason] = {"generate": "no_match", "extract": "low_score"}
"""Why passages were found and yet no answer: the model saw none in them, or too little of the question stands there."""
_LEAST_REPLY = 256
"""Tokens that a budget leaves for the reply; else a quarter of it."""
_MILLION = 1_000_000


@dataclass
class Asked:
    request: AskRequest
    mode: Mode
    question: str
    """As it is searched for: it stands alone."""
    language: str | None
    """Of the answer."""
    prices: Prices
    message_id: str = field(default_factory=new_id)
    began: float = field(default_factory=time.perf_counter)
    timings: dict[str, float] = field(default_factory=dict)
    found: SearchResult = field(default_factory=lambda: SearchResult(()))
    queries: tuple[str, ...] = ()
    """What else was searched for."""
    usage: Usage | None = None
    fallback: str | None = None

    def mark(self, name: str) -> None:
        """Note the milliseconds since the question came, at the first of its kind."""
        self.timings.setdefault(name, round((time.perf_counter() - self.began) * 1000, 2))

    def used(self, usage: Usage | None) -> None:
        if usage is None:
            return
        before = self.usage or Usage()
        read = before.prompt_tokens + usage.prompt_tokens
        written = before.completion_tokens + usage.completion_tokens
        price = (read * self.prices.input + written * self.prices.output) / _MILLION
        known = self.prices.input or self.prices.output
        self.usage = Usage(read, written, usage.model or before.model, price if known else None)

    def room(self, prompt: int, reply: int) -> tuple[int, int]:
        """Tokens of a prompt and of its reply: the limits given, within what is left of the request's budget."""
        budget = self.request.token_budget
        if budget is None:
            return prompt, reply
        left = budget - (self.usage.prompt_tokens + self.usage.completion_tokens if self.usage else 0)
        reply = max(1, min(reply, max(left // 4, _LEAST_REPLY)))
        return max(1, min(prompt, left - reply)), reply

    def searched(self, found: SearchResult) -> None:
        self.found = found
        rerank = found.timings.get("rerank", 0.0)
        took = round(found.timings.get("total", rerank) - rerank, 2)
        self.timings |= {"retrieve_ms": took, "rerank_ms": rerank}

    def result(self, draft: Draft | None, desk: CitationDesk) -> AnswerResult:
        self._ended()
        text = draft.text if draft else ""
        status = self._status(draft)
        spoken = language.detect(text) if text else None
        return AnswerResult(
            answer=text or not_found(self.language),
            status=status,
            reason=(self.found.reason or _REASON[self.mode]) if status == "not_found" else None,
            mode=self.mode,
            language=spoken[0] if spoken else self.language,
            citations=desk.citations,
            sentences=_sentences(draft),
            passages=self.found.passages,
            conversation_id=self.request.conversation_id,
            message_id=self.message_id,
            usage=self.usage,
            timings=self.timings,
            fallback=self.fallback,
            standalone=self._standalone(),
            queries=self.queries,
            removed=draft.removed if draft else 0,
        )

    def again(self, kept: AnswerResult) -> AnswerResult:
        """An answer given before, as that to this question."""
        self._ended()
        return replace(
            kept,
            conversation_id=self.request.conversation_id,
            message_id=self.message_id,
            usage=self.usage,
            timings=self.timings,
            standalone=self._standalone(),
            cached=True,
        )

    def _ended(self) -> None:
        self.mark("first_token_ms")
        self.mark("total_ms")

    def _standalone(self) -> str | None:
        return self.question if self.question != self.request.question else None

    def _status(self, draft: Draft | None) -> Status:
        if draft is None or not draft.text or (draft.lacking and not draft.cited):
            return "not_found"
        return "partial" if draft.lacking or (self.fallback and self.mode == "generate") else "answered"


def _sentences(draft: Draft | None) -> tuple[Sentence, ...]:
    if draft is None:
        return ()
    return tuple(
        Sentence(item.start, item.end, draft.support(item), item.numbers, item.composed) for item in draft.sentences
    )
