"""Citations with their quotes in another language: from the document's translation, or by the model."""

from collections.abc import Sequence
from dataclasses import replace

from app.core.errors import LLMNotConfigured, LLMUnavailable, TokenQuotaExceeded
from app.db import translations as translation_rows
from app.db import versions as version_rows
from app.db.session import Database
from app.logic import translation_languages as languages
from app.logic.quote_alignment import translated_quote
from app.logic.translation_masks import segment
from app.logic.translation_run import Work
from app.models.citations import Citation, QuoteTranslation
from app.models.domain import Passage
from app.models.requests import AskRequest
from app.models.translation import Memory, Outcome, Pair
from app.services.translator import UNAVAILABLE, Translator

_PAGES = 3


class QuoteTranslations:
    def __init__(self, database: Database, translator: Translator) -> None:
        self._database = database
        self._translator = translator

    async def added(
        self, citations: Sequence[Citation], passages: Sequence[Passage], request: AskRequest
    ) -> tuple[Citation, ...]:
        """The citations, each with its quote's translation, or with the reason why there is none. Never raises for
        what the model does."""
        target = request.quote_language
        if target is None:
            return tuple(citations)
        found = [await self._from_document(citation, request, target) for citation in citations]
        by_chunk = {passage.chunk_id: passage for passage in passages}
        for passage in {by_chunk[one.chunk_id].version_id: by_chunk[one.chunk_id] for one in found}.values():
            missing = [
                index
                for index, one in enumerate(found)
                if one.translation is None and by_chunk[one.chunk_id].version_id == passage.version_id
            ]
            made = await self._by_model([found[index] for index in missing], passage, request, target)
            for index, translation in zip(missing, made, strict=True):
                found[index] = replace(found[index], translation=translation)
        return tuple(found)

    async def _from_document(self, citation: Citation, request: AskRequest, target: str) -> Citation:
        """What the translation that was asked of says in the quote's place."""
        if request.translation_id is None:
            return citation
        number = citation.page
        async with self._database.read() as connection:
            after, limit = (0, 10_000) if number is None else (max(0, number - 2), _PAGES)
            pages = await translation_rows.pages(connection, request.translation_id, after, limit)
        text = translated_quote(pages, citation.quote, number)
        return citation if text is None else replace(citation, translation=QuoteTranslation(target, text))

    async def _by_model(
        self, citations: Sequence[Citation], passage: Passage, request: AskRequest, target: str
    ) -> list[QuoteTranslation]:
        """Of quotes of one document."""
        if not citations:
            return []
        async with self._database.read() as connection:
            version = await version_rows.by_id(connection, passage.version_id)
        spoken = passage.language or version.language
        work = Work(
            segments=[segment(citation.quote) for citation in citations],
            pairs=[Pair(spoken and languages.wire(spoken, one.quote), target) for one in citations],
            memory=Memory(version.collection_id, version.document_id),
            terms=request.terms,
            title=passage.title or passage.filename,
            connected=False,
        )
        try:
            done = [item async for item in self._translator.translate(work)]
        except (LLMNotConfigured, TokenQuotaExceeded) as error:
            return [QuoteTranslation(target, None, error.code)] * len(citations)
        except LLMUnavailable:
            return [QuoteTranslation(target, None, UNAVAILABLE)] * len(citations)
        return [
            QuoteTranslation(target, None, item.reason)
            if item.outcome is Outcome.FAILED
            else QuoteTranslation(target, item.text)
            for item in done
        ]
