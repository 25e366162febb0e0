"""Answers whose citations carry their quotes' translations."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.llm.openai import CallLimits, OpenAILLM
from app.core.errors import TranslationNotFound
from app.logic.retry import RetryPolicy
from app.models.citations import QuoteTranslation
from app.models.events import AnswerResult, Done
from app.models.requests import AskRequest
from app.models.translation import Term
from app.services.answer import AnswerService
from app.services.boxes import BoxFinder
from app.services.llm import LLMService
from app.services.quote_translations import QuoteTranslations
from app.services.translator import Translator
from tests.fakes.openai_server import OpenAIServer, Reply
from tests.fakes.translator import asked
from tests.services.translation_kit import TranslationKit, open_translation

pytestmark = pytest.mark.anyio
TEXT = "# Harbour rules\n\nThe harbour opens at 6 in the morning. Ships pay 40 crowns for each day.\n"
ASK = AskRequest("When does the harbour open?", mode="extract", quote_language="de")


async def answered(found: TranslationKit, request: AskRequest, base_url: str | None) -> AnswerResult:
    kit = found.kit
    limits, retry = CallLimits(timeout=5.0), RetryPolicy(retries=0)
    model = None if base_url is None else OpenAILLM(model="fake", base_url=base_url, limits=limits, retry=retry)
    translator = Translator(kit.database, LLMService(model))
    boxes = BoxFinder(kit.engines.parser, kit.documents)
    quotes = QuoteTranslations(kit.database, translator)
    service = AnswerService(kit.retriever, kit.conversations, LLMService(None), boxes, quotes=quotes)
    done = [event async for event in service.answer(request) if isinstance(event, Done)]
    if model is not None:
        await model.close()
    return done[0].result


async def test_quotes_are_translated_with_the_glossary_and_remembered(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        await found.kit.ingested(TEXT.encode(), "rules.md")
        request = replace(ASK, terms=(Term("harbour", "Hafen"),))
        [citation] = (await answered(found, request, openai.base_url)).citations
        assert citation.quote == "The harbour opens at 6 in the morning."
        assert citation.translation == QuoteTranslation("de", "Theo Hafen openso ato 6 ino theo morningo.")
        [body] = [one.body for one in openai.requests]
        assert asked(body)["glossary"] == [{"term": "harbour", "say": "Hafen"}]
        await answered(found, request, openai.base_url)
        assert len(openai.requests) == 1


async def test_a_quote_that_cannot_be_translated_says_why_and_the_answer_stands(
    tmp_path: Path, openai: OpenAIServer
) -> None:
    openai.default = Reply(lambda body: json.dumps({"segments": []}), piece=4000)
    async with open_translation(tmp_path, openai.base_url) as found:
        await found.kit.ingested(TEXT.encode(), "rules.md")
        [citation] = (await answered(found, ASK, openai.base_url)).citations
        assert citation.translation == QuoteTranslation("de", None, "missing")
        openai.default = Reply(status=500)
        [citation] = (await answered(found, ASK, openai.base_url)).citations
        assert citation.translation == QuoteTranslation("de", None, "model_unavailable")
        [citation] = (await answered(found, ASK, None)).citations
        assert citation.translation == QuoteTranslation("de", None, "llm_not_configured")
        [citation] = (await answered(found, replace(ASK, quote_language=None), None)).citations
        assert citation.translation is None


async def test_a_translated_document_is_asked_and_the_original_cited(tmp_path: Path, openai: OpenAIServer) -> None:
    async with open_translation(tmp_path, openai.base_url) as found:
        outcome = await found.kit.ingested(TEXT.encode(), "rules.md")
        assert outcome.document
        made, _ = await found.translated(outcome.document.id, terms=(Term("harbour", "Hafen"),))
        openai.requests.clear()
        request = replace(ASK, document_ids=(outcome.document.id,), translation_id=made.id)
        [citation] = (await answered(found, request, None)).citations
        with pytest.raises(TranslationNotFound):
            await found.service.finished("another", made.id)
    assert (citation.document_id, citation.quote) == (outcome.document.id, "The harbour opens at 6 in the morning.")
    assert citation.translation == QuoteTranslation("de", "Theo Hafen openso ato 6 ino theo morningo.")
    assert openai.requests == []
