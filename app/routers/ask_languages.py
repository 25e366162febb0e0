"""In which languages a question is answered: what a request says of them, and what its translation does."""

from dataclasses import dataclass

from app.core.errors import TranslationNotFound
from app.core.ids import is_id
from app.models.access import Caller
from app.models.schemas_answers import Ask
from app.models.translation import DocumentTranslation, Pair, Term
from app.routers.translate_wire import language
from app.services.container import Services


@dataclass(frozen=True, slots=True)
class Spoken:
    answer: str | None
    quotes: str | None
    terms: tuple[Term, ...] = ()
    document_id: str | None = None
    """The only one to look into."""


async def spoken_as(body: Ask, services: Services, caller: Caller) -> Spoken:
    """Raises LanguageNotSupported, GlossaryNotFound, BadRequest, TranslationNotFound, TranslationNotReady."""
    quotes = None if body.quote_language is None else language(body.quote_language)
    asked_of = await _translation(body, services)
    if asked_of is not None:
        quotes = quotes or asked_of.target
    answer = body.answer_language or (None if asked_of is None else asked_of.target)
    terms = asked_of.terms if asked_of is not None else ()
    if body.glossary is not None:
        target = language(answer) if answer is not None else quotes
        terms = await services.glossaries.terms(caller.tenant, body.glossary, Pair(None, target or ""))
    return Spoken(answer, quotes, terms, asked_of.document_id if asked_of else None)


async def _translation(body: Ask, services: Services) -> DocumentTranslation | None:
    if body.translation_id is None:
        return None
    if not is_id(body.translation_id):
        raise TranslationNotFound
    found = await services.document_translations.finished(body.collection, body.translation_id)
    if body.document_ids is not None and found.document_id not in body.document_ids:
        raise TranslationNotFound("The translation is not one of these `document_ids`. Leave them out.")
    return found
