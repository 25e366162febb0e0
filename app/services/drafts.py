"""The two ways to an answer's text, in one shape: verbatim sentences, or the language model's reply as it streams."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from anyio import to_thread

from app.core.errors import LLMUnavailable
from app.logic.answerability import Meaning, answerability
from app.logic.citations import Cited, Citer
from app.logic.evidence import Evidence
from app.logic.extract import Extracted, Pick, extract, written_out
from app.logic.parts import parts
from app.logic.prompts import AnswerPrompt
from app.logic.question import Question
from app.logic.reply import Reply, ReplySentence
from app.logic.strict import Strict, supported_only
from app.models.domain import Usage
from app.services.likeness import Likeness
from app.services.llm import LLMService

_SURE = 0.55
"""Answerability below which verbatim sentences are called a partial answer."""
_HOPELESS = 0.05
"""Below it the meaning of the best sentence changes nothing any more."""


class Draft(Protocol):
    """An answer in the making. `pieces` yields what may be shown; the rest grows with it."""

    @property
    def text(self) -> str: ...
    @property
    def sentences(self) -> Sequence[ReplySentence]: ...
    @property
    def cited(self) -> Sequence[Cited]: ...
    @property
    def lacking(self) -> bool:
        """The passages do not answer, or not all that was asked."""
        ...

    @property
    def removed(self) -> int:
        """Sentences taken out because nothing supports them."""
        ...

    @property
    def usage(self) -> Usage | None: ...
    def pieces(self) -> AsyncGenerator[str, None]: ...
    def support(self, sentence: ReplySentence) -> float: ...


@dataclass
class _Attempt:
    """At one part of a question."""

    question: Question
    picks: Sequence[Pick]
    chance: float
    """That the picks answer it."""


class ExtractedDraft:
    """Verbatim sentences: each is its own evidence. Nothing, when the passages hardly answer."""

    usage: Usage | None = None
    removed = 0

    def __init__(self, evidence: Evidence, question: Question, likeness: Likeness, *, refuse_below: float) -> None:
        self._evidence, self._question = evidence, question
        self._likeness = likeness
        self._refuse_below = refuse_below
        self._answerable = 0.0
        self._whole = Extracted("", (), ())
        self._shown = 0

    @property
    def text(self) -> str:
        return self._whole.text[: self._shown]

    @property
    def sentences(self) -> Sequence[ReplySentence]:
        return [sentence for sentence in self._whole.sentences if sentence.end <= self._shown]

    @property
    def cited(self) -> Sequence[Cited]:
        return self._whole.cited

    @property
    def lacking(self) -> bool:
        return self._answerable < _SURE

    async def pieces(self) -> AsyncGenerator[str, None]:
        likeness = await self._likeness.of(self._evidence, self._question)
        # Some 20 ms of CPU: in a thread, so that the event loop gets its turns meanwhile.
        attempts = await to_thread.run_sync(self._attempts, likeness)
        for attempt in attempts:
            if _HOPELESS < attempt.chance < _SURE:
                cosine = await self._likeness.cosine(attempt.question, attempt.picks[0].unit)
                attempt.chance = self._chance(attempt.question, attempt.picks, cosine)
        self._choose(attempts)
        for sentence in self._whole.sentences:
            start, self._shown = self._shown, sentence.end
            yield self._whole.text[start : sentence.end]

    def _attempts(self, likeness: Sequence[float] | None) -> list[_Attempt]:
        """One for each part of the question."""
        attempts = []
        for part in parts(self._question.text, self._question.language):
            question = Question(part, self._question.language)
            picks = extract(self._evidence, question, likeness)
            attempts.append(_Attempt(question, picks, self._chance(question, picks, None)))
        return attempts

    def _chance(self, question: Question, picks: Sequence[Pick], cosine: float | None) -> float:
        meaning = Meaning(self._likeness.model, cosine)
        return answerability(self._evidence, question, picks[0].unit, meaning) if picks else 0.0

    def _choose(self, attempts: Sequence[_Attempt]) -> None:
        """What answers each part; a part that nothing answers makes the whole lacking."""
        answered = [attempt for attempt in attempts if attempt.chance >= self._refuse_below]
        if answered:
            self._answerable = min(attempt.chance for attempt in attempts)
            picks = {pick.unit: pick for attempt in answered for pick in attempt.picks}
            self._whole = written_out(self._evidence, self._question, tuple(picks.values()))

    def support(self, sentence: ReplySentence) -> float:
        return 1.0


@dataclass(frozen=True, slots=True)
class Rules:
    """For a model's reply."""

    language: str | None
    """Of the answer."""
    max_tokens: int
    strict: bool = False
    """What nothing supports is taken out, so nothing is shown before the reply is whole."""


class GeneratedDraft:
    """A model's reply; its claims are checked and its markers resolved against the evidence that it was shown."""

    def __init__(self, evidence: Evidence, prompt: AnswerPrompt, llm: LLMService, rules: Rules) -> None:
        self._prompt, self._llm, self._rules = prompt, llm, rules
        self._citer = Citer(evidence, rules.language)
        self._reply = Reply(self._citer.cite, self._citer.attribute)
        self._strict = Strict("", (), (), 0) if rules.strict else None
        self._supports: dict[str, float] = {}
        self.usage: Usage | None = None

    @property
    def text(self) -> str:
        return self._strict.text if self._strict else self._reply.text

    @property
    def sentences(self) -> Sequence[ReplySentence]:
        return self._strict.sentences if self._strict else self._reply.sentences

    @property
    def cited(self) -> Sequence[Cited]:
        return self._strict.cited if self._strict else self._citer.cited

    @property
    def removed(self) -> int:
        return self._strict.removed if self._strict else 0

    @property
    def lacking(self) -> bool:
        return self._reply.not_found or self.removed > 0

    async def pieces(self) -> AsyncGenerator[str, None]:
        """Raises LLMUnavailable, when something was shown already too: what was held back is then in `text`."""
        try:
            reply = self._llm.stream(
                self._prompt.messages, purpose="answer", max_tokens=self._rules.max_tokens, admitted=True
            )
            async with aclosing(reply) as deltas:
                async for delta in deltas:
                    self.usage = delta.usage or self.usage
                    shown = self._reply.feed(delta.text)
                    yield "" if self._strict else shown
        except LLMUnavailable:
            if self._reply.text:
                yield self._finish()
            raise
        yield self._finish()
        if not self.text and not self.lacking:
            raise LLMUnavailable("The language model replied with nothing.")

    def _finish(self) -> str:
        shown = self._reply.finish()
        if self._strict is None:
            return shown
        self._strict = supported_only(self._reply.text, self._reply.sentences, self._citer.cited, self._checked)
        return self._strict.text

    def _checked(self, sentence: ReplySentence) -> float:
        self._supports[sentence.claim] = self._citer.support(sentence.claim, sentence.numbers)
        return self._supports[sentence.claim]

    def support(self, sentence: ReplySentence) -> float:
        return self._supports.get(sentence.claim, 0.0) if self._strict else self._checked(sentence)
