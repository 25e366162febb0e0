"""Segments through the model: remembered ones first, the rest in batches side by side, each reply checked.

A translation is stored the moment it is accepted, so whatever ends this, nothing that was paid for is asked again.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from app.core.errors import LLMNotConfigured, LLMUnavailable
from app.db import translation_memory as rows
from app.db.session import Database
from app.logic import translation_prompts as prompts
from app.logic.translation_checks import fault
from app.logic.translation_masks import restore
from app.logic.translation_memory import correction_key
from app.logic.translation_prompts import Ask, Context
from app.logic.translation_run import Item, Reply, Run, Work, batches, items
from app.models.translation import Done, Estimate, Outcome, Pair, Segment
from app.services.llm import LLMService

UNAVAILABLE = "model_unavailable"
_PURPOSE = "translate"
_ASKED_AGAIN = 4
"""Segments in a second call, so that few of them can spoil each other once more."""
_REFUSALS = 6
"""Calls in a row, none answered between them, after which the model is taken to be down."""

_Answered = list[tuple[Item, Reply]]


@dataclass(slots=True)
class _Line:
    """How the model has answered in this work."""

    answered: bool = False
    refusals: int = 0
    last: LLMUnavailable | None = None

    def refused(self, error: LLMUnavailable) -> None:
        """Raises the error once there have been too many."""
        self.refusals += 1
        self.last = error
        if self.refusals >= _REFUSALS:
            raise error


class Translator:
    """`concurrency`: batches at once for each piece of work; the model's own limit holds for all together."""

    def __init__(
        self,
        database: Database,
        llm: LLMService,
        *,
        concurrency: int = 4,
        observe: Callable[[int, int], None] = lambda hits, misses: None,
    ) -> None:
        """`observe` is told how many segments the memory held, and how many not."""
        self._observe = observe
        self._database = database
        self._llm = llm
        self._concurrency = concurrency

    @property
    def configured(self) -> bool:
        return self._llm.configured

    async def admit(self) -> None:
        """Whether whoever acts has tokens left. Raises TokenQuotaExceeded."""
        await self._llm.admit()

    async def translate(self, work: Work) -> AsyncGenerator[Done, None]:
        """One Done for each segment, in order, as soon as all before it are done.

        Raises LLMNotConfigured when a model is needed, LLMUnavailable when it does not answer at all,
        TokenQuotaExceeded when there are none left: what is done by then is remembered.
        """
        run = Run(work)
        asked = await asyncio.to_thread(items, work, self._llm.model or "")  # a long document, a large glossary
        known = await self._known(work, asked)
        for item in asked:
            if item.key in known:
                run.settle(item, Outcome.REMEMBERED, Reply(known[item.key]))
        missing = [item for item in asked if item.key not in known]
        self._observe(len(asked) - len(missing), len(missing))
        if missing and not self._llm.configured:
            raise LLMNotConfigured
        for done in run.ready():
            yield done
        async with aclosing(self._answers(work, missing)) as answers:
            async for answered in answers:
                for item, reply in answered:
                    run.settle(item, Outcome.FAILED if reply.reason else Outcome.TRANSLATED, reply)
                for done in run.ready():
                    yield done

    async def estimate(self, work: Work) -> Estimate:
        """What `translate` would ask the model for; a repeated segment is paid once. Needs no model."""
        asked = await asyncio.to_thread(items, work, self._llm.model or "")
        known = await self._known(work, asked)
        missing = [item for item in asked if item.key not in known]
        tokens = sum(prompts.weight(item.segment) for item in missing)
        calls = [batch[0].pair for batch in batches(missing)]
        kept = sum(pair.source == pair.target for pair in work.pairs)
        return Estimate(
            segments=len(work.segments),
            kept=kept,
            from_memory=len(work.segments) - kept - len(missing),
            to_translate=len(missing),
            prompt_tokens=tokens + sum(map(prompts.overhead, calls)),
            completion_tokens=tokens,
        )

    async def alternatives(self, piece: Segment, translation: str, pair: Pair, count: int) -> list[str]:
        """Other translations that pass the same checks, as they go into the text; fewer where there are none."""
        done = await self._llm.complete(
            prompts.alternatives_messages(piece, translation, pair, count),
            purpose=_PURPOSE,
            max_tokens=self._room([Ask(piece)] * count),
            json_schema=prompts.ALTERNATIVES_SCHEMA,
        )
        said = prompts.read_alternatives(done.text)
        good = [restore(piece, text) for text in said if fault(piece, text, pair) is None]
        return [text for text in dict.fromkeys(good) if text != translation][:count]

    # ------------------------------------------------------------ the model

    async def _answers(self, work: Work, missing: Sequence[Item]) -> AsyncGenerator[_Answered, None]:
        """The batches as they end. What failed for want of an answer waits until the model has answered anything."""
        line = _Line()
        waiting = batches(missing)
        running: set[asyncio.Task[_Answered]] = set()
        withheld: list[_Answered] = []
        try:
            while True:
                for batch in _take(waiting, self._concurrency - len(running)):
                    running.add(asyncio.create_task(self._batch(work, batch, line)))
                if not running:
                    break
                ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                withheld += [task.result() for task in ended]
                while withheld and line.answered:
                    yield withheld.pop()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        if withheld and line.last is not None:
            raise line.last

    async def _batch(self, work: Work, batch: Sequence[Item], line: _Line) -> _Answered:
        """Ask, and ask once more for what was no good, saying why."""
        first = await self._ask(work, [(item, None) for item in batch], line)
        good = [(item, reply) for item, reply in first if reply.reason is None]
        bad = [(item, reply.reason) for item, reply in first if reply.reason is not None]
        for start in range(0, len(bad), _ASKED_AGAIN):
            good += await self._ask(work, bad[start : start + _ASKED_AGAIN], line)
        return good

    async def _ask(self, work: Work, asked: Sequence[tuple[Item, str | None]], line: _Line) -> _Answered:
        """One call; what is accepted is stored before anything else happens."""
        pair = asked[0][0].pair
        asks = [Ask(item.segment, item.terms, problem) for item, problem in asked]
        try:
            done = await self._llm.complete(
                prompts.messages(asks, pair, _context(work, asked[0][0])),
                purpose=_PURPOSE,
                max_tokens=self._room(asks),
                json_schema=prompts.SCHEMA,
            )
        except LLMUnavailable as error:
            line.refused(error)
            return [(item, Reply(reason=UNAVAILABLE)) for item, _ in asked]
        line.answered, line.refusals = True, 0
        said = prompts.read_reply(done.text, len(asked))
        replies = [(item, _judged(item, said.get(number))) for number, (item, _) in enumerate(asked, 1)]
        await self._remember(work, replies)
        return replies

    def _room(self, asks: Sequence[Ask]) -> int:
        return max(self._llm.max_tokens, prompts.room(asks))

    # ------------------------------------------------------------ the memory

    async def _known(self, work: Work, asked: Sequence[Item]) -> dict[str, str]:
        """Translations by the key of their item; a person's correction goes before what the model said."""
        corrections = {correction_key(work.memory.scope, item.segment, item.pair): item.key for item in asked}
        async with self._database.read() as connection:
            known = dict(await rows.find(connection, [item.key for item in asked]))
            corrected = await rows.find(connection, list(corrections))
        return known | {corrections[key]: text for key, text in corrected.items()}

    async def _remember(self, work: Work, replies: _Answered) -> None:
        entries = [
            rows.Entry(item.key, work.memory.scope, work.memory.document_id, item.segment.text, reply.text)
            for item, reply in replies
            if reply.reason is None
        ]
        if entries:
            async with self._database.write() as connection:
                await rows.add(connection, entries)


def _take(waiting: Iterator[list[Item]], most: int) -> Iterator[list[Item]]:
    for _, batch in zip(range(most), waiting, strict=False):
        yield batch


def _context(work: Work, first: Item) -> Context:
    index = first.indexes[0]
    before = work.segments[index - 1].raw if work.connected and index else None
    return Context(work.title, before)


def _judged(item: Item, said: str | None) -> Reply:
    if said is None:
        return Reply(reason="missing")
    reason = fault(item.segment, said, item.pair, item.terms)
    return Reply(reason=reason) if reason else Reply(said)
