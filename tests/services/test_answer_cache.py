"""Identical questions over documents that have not changed are answered once."""

from dataclasses import replace

import pytest

from app.models.events import AnswerResult, Done
from app.models.requests import AskRequest
from app.services.answer import AnswerService
from app.services.answer_cache import AnswerCache
from app.services.boxes import BoxFinder
from app.services.llm import LLMService
from tests.fakes.llm import ScriptedLLM
from tests.fakes.passages import passage
from tests.services.answer_kit import Conversations, Pages, Searcher

pytestmark = pytest.mark.anyio

ASK = AskRequest("When was the harbour dug?")
HARBOUR = passage("The harbour was dug in 1802. It holds 40 ships.")


def service(searcher: Searcher, cache: AnswerCache, llm: ScriptedLLM | None = None) -> AnswerService:
    pages = Pages()
    return AnswerService(searcher, Conversations(), LLMService(llm), BoxFinder(pages, pages), cache=cache)  # type: ignore[arg-type]


async def ask(made: AnswerService, request: AskRequest = ASK) -> AnswerResult:
    done = [event async for event in made.answer(request)][-1]
    assert isinstance(done, Done)
    return done.result


async def test_the_second_time_nothing_is_searched_or_spent() -> None:
    searcher, llm = Searcher(HARBOUR), ScriptedLLM(["It was dug in 1802 [1]."])
    made = service(searcher, AnswerCache(8), llm)
    first, second = await ask(made), await ask(made, replace(ASK, question="When was  the harbour dug? "))
    assert (first.cached, second.cached) == (False, True)
    assert (second.answer, second.citations, second.sentences) == (first.answer, first.citations, first.sentences)
    assert second.message_id != first.message_id
    assert second.usage is None
    assert len(searcher.asked) == len(llm.asked) == 1


async def test_any_change_of_the_documents_empties_it() -> None:
    searcher, cache = Searcher(HARBOUR), AnswerCache(8)
    made = service(searcher, cache)
    await ask(made)
    searcher.changes += 1
    assert not (await ask(made)).cached
    assert (await ask(made)).cached
    assert cache.forget("id of default") == 1
    assert not (await ask(made)).cached


@pytest.mark.parametrize(
    "other",
    [
        replace(ASK, collection="another"),
        replace(ASK, document_ids=("d1",)),
        replace(ASK, answer_language="de"),
        replace(ASK, top_k=3),
        replace(ASK, mode="extract"),
        replace(ASK, cache=False),
    ],
)
async def test_another_question_is_not_this_one(other: AskRequest) -> None:
    made = service(Searcher(HARBOUR), AnswerCache(8))
    await ask(made)
    assert not (await ask(made, other)).cached


async def test_what_is_less_than_it_could_be_is_not_kept() -> None:
    searcher = Searcher(HARBOUR)
    searcher.result = replace(searcher.result, degraded=True)
    made = service(searcher, AnswerCache(8))
    await ask(made)
    assert not (await ask(made)).cached


async def test_a_change_while_an_answer_is_made_keeps_it_out() -> None:
    searcher, cache = Searcher(HARBOUR), AnswerCache(8)
    made = service(searcher, cache)
    events = made.answer(ASK)
    await anext(events)
    searcher.changes += 1
    await ask(made, replace(ASK, question="How many ships does it hold?"))
    assert isinstance([event async for event in events][-1], Done)
    assert not (await ask(made)).cached


async def test_only_the_answers_used_last_are_kept() -> None:
    made = service(Searcher(HARBOUR), AnswerCache(1))
    await ask(made)
    await ask(made, replace(ASK, question="How many ships does it hold?"))
    assert not (await ask(made)).cached
