"""Answers: a question becomes a search, the passages become text, and every citation is checked before it is told."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol

from anyio import to_thread

from app.core.errors import CollectionNotFound, LLMNotConfigured, LLMUnavailable
from app.logic import language
from app.logic.evidence import read_evidence
from app.logic.intent import read
from app.logic.prompts import answer_prompt
from app.logic.question import Question
from app.models.domain import Turn
from app.models.events import (
    AnswerEvent,
    AnswerResult,
    CitationFound,
    Delta,
    Done,
    Mode,
    PassagesFound,
    Started,
)
from app.models.requests import AskRequest, SearchRequest
from app.models.schemas_answers import Answer, as_wire
from app.services.answer_cache import AnswerCache
from app.services.asking import Asked
from app.services.boxes import BoxFinder
from app.services.citing import CitationDesk
from app.services.drafts import Draft, ExtractedDraft, GeneratedDraft, Rules
from app.services.likeness import Likeness
from app.services.llm import LLMService
from app.services.measures import Prices
from app.services.parted import PartedSearch, StampedSearcher
from app.services.quote_translations import QuoteTranslations
from app.services.rewriting import RewritingService
from app.services.standalone import StandaloneService

_REMEMBERED_TURNS = 3
_FREE = Prices()
_REWRITING = 2048
"""Tokens of a budget from which on some are spent on a question that stands alone."""


class Conversations(Protocol):
    async def turns(self, conversation_id: str, limit: int) -> Sequence[Turn]: ...
    async def store(
        self,
        conversation_id: str | None,
        message_id: str,
        *,
        collection: str,
        question: str,
        standalone: str | None,
        answer: Mapping[str, Any],
    ) -> str: ...


def _unobserved(result: AnswerResult) -> None:
    """The default of `observe`."""


class AnswerService:
    def __init__(
        self,
        searcher: StampedSearcher,
        conversations: Conversations,
        llm: LLMService,
        boxes: BoxFinder,
        *,
        likeness: Likeness | None = None,
        cache: AnswerCache | None = None,
        prices: Prices = _FREE,
        refuse_below: float = 0.5,
        observe: Callable[[AnswerResult], None] = _unobserved,
        quotes: QuoteTranslations | None = None,
    ) -> None:
        """`likeness` finds verbatim answers in other languages than the question's; `prices` are those of the model's
        tokens; `refuse_below` is the answerability (0..1) under which verbatim sentences are no answer; `observe` is
        told of each answer, for the metrics."""
        self._observe = observe
        self._cache = cache or AnswerCache(0)
        self._stamped = searcher
        self._prices = prices
        self._quotes = quotes
        self._searcher = PartedSearch(searcher)
        self._conversations = conversations
        self._llm = llm
        self._boxes = boxes
        self._likeness = likeness or Likeness(None)
        self._refuse_below = refuse_below
        self._standalone = StandaloneService(llm)
        self._rewriting = RewritingService(llm)

    async def answer(self, request: AskRequest) -> AsyncGenerator[AnswerEvent, None]:
        """Events of one answer; closing the iterator ends the model's call.

        Before the first event: ConversationNotFound, LLMNotConfigured, TokenQuotaExceeded, and what searching raises.
        Later:
        LLMUnavailable, when mode `generate` was asked for and the model said nothing; in mode `auto` verbatim sentences
        take its place (`fallback` says why). A model that breaks off leaves what it said, as a partial answer.
        """
        asked = await self._begun(request)
        key = await self._cache.key(self._stamped, request, asked.question, asked.language)
        if kept := self._cache.get(key):
            async for event in self._repeated(asked, kept):
                yield event
            return
        await self._search(asked)
        yield Started(request.conversation_id, asked.message_id, asked.mode)
        yield PassagesFound(asked.found.passages)
        with CitationDesk(self._boxes, asked.found.passages) as desk:
            draft: Draft | None = None
            async for draft in self._drafts(asked):
                try:
                    async with aclosing(_told(asked, draft, desk)) as events:
                        async for event in events:
                            yield event
                except LLMUnavailable as error:
                    if request.mode == "generate" and not draft.text:
                        raise
                    asked.fallback = error.detail
                asked.used(draft.usage)
                if draft.text or draft.lacking:
                    break
            for citation in [] if draft is None else await desk.rest(draft.sentences):
                yield CitationFound(citation)
            result = asked.result(draft, desk)
        if draft is None or not draft.text:
            yield Delta(result.answer)
        if not asked.found.degraded:
            self._cache.keep(key, result)
        result = await self._in_other_words(result, request)
        self._observe(result)
        yield Done(await self._stored(asked, result))

    async def _in_other_words(self, result: AnswerResult, request: AskRequest) -> AnswerResult:
        """The answer with its quotes' translations, where they were asked for; these are not kept with it."""
        if self._quotes is None or request.quote_language is None:
            return result
        return replace(result, citations=await self._quotes.added(result.citations, result.passages, request))

    async def _repeated(self, asked: Asked, kept: AnswerResult) -> AsyncGenerator[AnswerEvent, None]:
        """An answer given before, told as if it were new."""
        yield Started(asked.request.conversation_id, asked.message_id, kept.mode)
        yield PassagesFound(kept.passages)
        result = asked.again(kept)
        yield Delta(result.answer)
        for citation in result.citations:
            yield CitationFound(citation)
        result = await self._in_other_words(result, asked.request)
        self._observe(result)
        yield Done(await self._stored(asked, result))

    async def _begun(self, request: AskRequest) -> Asked:
        if request.mode == "generate" and not self._llm.configured:
            raise LLMNotConfigured
        mode: Mode = "generate" if self._llm.configured and request.mode != "extract" else "extract"
        if mode == "generate":
            await self._llm.admit()
        spoken = language.detect(request.question)
        own = spoken[0] if spoken else None
        asked = Asked(request, mode, request.question, request.answer_language or own, self._prices)
        history: Sequence[Turn] = (request.history or ())[-_REMEMBERED_TURNS:]
        if request.history is None and request.conversation_id is not None:
            history = await self._conversations.turns(request.conversation_id, _REMEMBERED_TURNS)
        if history:
            affordable = request.token_budget is None or request.token_budget >= _REWRITING
            by_model = mode == "generate" and affordable
            alone = await self._standalone.rewrite(request.question, history, own, by_model=by_model)
            asked.question = alone.question
            asked.used(alone.usage)
            asked.mark("rewrite_ms")
        return asked

    async def _search(self, asked: Asked) -> None:
        request = asked.request
        if request.rewrite and asked.mode == "generate":
            queries = await self._rewriting.queries(asked.question)
            asked.queries = queries.texts
            asked.used(queries.usage)
            asked.mark("queries_ms")
        asked.searched(
            await self._searcher.search_all(
                SearchRequest(
                    question=asked.question,
                    collection=request.collection,
                    document_ids=request.document_ids,
                    filters=request.filters,
                    top_k=request.top_k,
                    keyword_weight=request.keyword_weight,
                    score_floor=request.score_floor,
                ),
                asked.queries,
            )
        )

    async def _drafts(self, asked: Asked) -> AsyncGenerator[Draft, None]:
        """Ways to answer, to be tried in turn until one says something; none when nothing was found."""
        passages = asked.found.passages
        if not passages:
            return
        if asked.mode == "generate":
            room, reply = asked.room(self._llm.context_tokens, self._llm.max_tokens)
            prompt = answer_prompt(
                asked.question,
                passages,
                language=asked.request.answer_language,
                max_tokens=room,
                terms=asked.request.terms,
            )
            shown = await to_thread.run_sync(read_evidence, passages[: prompt.passages])
            rules = Rules(asked.language, reply, asked.request.strict)
            yield GeneratedDraft(shown, prompt, self._llm, rules)
            asked.mode = "extract"  # whoever asks for the next draft had nothing from this one
        spoken = language.detect(asked.question)
        question = Question(read(asked.question).core, spoken[0] if spoken else None)
        evidence = await to_thread.run_sync(read_evidence, passages)
        yield ExtractedDraft(evidence, question, self._likeness, refuse_below=self._refuse_below)

    async def _stored(self, asked: Asked, result: AnswerResult) -> AnswerResult:
        """The result with its conversation; a collection that does not exist yet has none."""
        if not asked.request.keep:
            return result
        try:
            conversation_id = await self._conversations.store(
                asked.request.conversation_id,
                asked.message_id,
                collection=asked.request.collection,
                question=asked.request.question,
                standalone=result.standalone,
                answer=as_wire(Answer.result(result, asked.request.explain)),
            )
        except CollectionNotFound:
            return result
        return replace(result, conversation_id=conversation_id)


async def _told(asked: Asked, draft: Draft, desk: CitationDesk) -> AsyncGenerator[AnswerEvent, None]:
    """What the draft says, and its citations as soon as they are whole."""
    async with aclosing(draft.pieces()) as pieces:
        async for piece in pieces:
            if piece:
                asked.mark("first_token_ms")
                yield Delta(piece)
            desk.take(draft.cited)
            for citation in desk.ready(draft.sentences):
                yield CitationFound(citation)
