"""Documents in another language: a job makes a file, which tells how complete it is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import JSONResponse, Response

from app.core.config import Settings
from app.core.errors import (
    BadRequest,
    DocumentNotFound,
    FontMissing,
    GlossaryNotFound,
    InvalidCursor,
    LanguageNotSupported,
    LLMNotConfigured,
    NotRetryable,
    OutputNotPossible,
    TokenQuotaExceeded,
    TranslationNotFound,
    TranslationNotReady,
)
from app.core.ids import is_id
from app.models.access import Caller, Scope
from app.models.schemas import EXAMPLE_ID
from app.models.schemas_answers import as_wire
from app.models.schemas_translations import (
    AlignedPage,
    AlignedPageList,
    Estimate,
    Price,
    TranslateDocument,
    Translation,
    TranslationItem,
    TranslationList,
)
from app.models.translation import Estimate as EstimateRecord
from app.models.translation import Pair, Term, TranslationRequest
from app.routers.deps import DocumentId, IdCursor, Limit, OrdinalCursor, TheCaller, TheServices, needs
from app.routers.errors import changing, reading
from app.routers.translate_files import attachment
from app.routers.translate_wire import language
from app.services.container import Services

router = APIRouter(prefix="/documents/{document_id}", tags=["translate"])
_BINARY = {"type": "string", "format": "binary"}
_MILLION = 1_000_000


async def _translation_id(translation_id: Annotated[str, Path(examples=[EXAMPLE_ID])]) -> str:
    if not is_id(translation_id):
        raise TranslationNotFound()
    return translation_id


TranslationId = Annotated[str, Depends(_translation_id)]


@router.post(
    "/translate",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Translate a document",
    response_model=Translation,
    status_code=202,
    responses={
        200: {"model": Estimate, "description": "With `dry_run`: what it would cost."},
        **changing(
            DocumentNotFound,
            GlossaryNotFound,
            LanguageNotSupported,
            BadRequest,
            LLMNotConfigured,
            TokenQuotaExceeded,
            OutputNotPossible,
            FontMissing,
            body=True,
        ),
    },
)
async def translate_document(
    document_id: DocumentId, body: TranslateDocument, services: TheServices, caller: TheCaller
) -> Response:
    """A job translates it; what was translated before, here or in an earlier run, is not paid for again."""
    request = await _request(body, services, caller)
    if body.dry_run:
        estimate = await services.document_translations.estimate(document_id, request)
        return JSONResponse(as_wire(_priced(estimate, services.settings)))
    made, job = await services.document_translations.request(document_id, request)
    return JSONResponse(as_wire(Translation.from_records(made, job)), 202)


@router.get(
    "/translations",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="List a document's translations",
    responses=reading(DocumentNotFound, InvalidCursor),
)
async def list_translations(
    document_id: DocumentId, services: TheServices, cursor: IdCursor, limit: Limit = 20
) -> TranslationList:
    """Newest first."""
    found = await services.document_translations.list(document_id, cursor, limit)
    return TranslationList(items=[TranslationItem.of(item) for item in found.items], next_cursor=found.next_cursor)


@router.get(
    "/translations/{translation_id}",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Get a translation",
    responses=reading(DocumentNotFound, TranslationNotFound),
)
async def get_translation(document_id: DocumentId, translation_id: TranslationId, services: TheServices) -> Translation:
    """How far it is and, once there is a file, how complete."""
    return Translation.from_records(*await services.document_translations.get(document_id, translation_id))


@router.get(
    "/translations/{translation_id}/file",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Download a translation",
    response_class=Response,
    responses={
        200: {"content": {"*/*": {"schema": _BINARY}}},
        **reading(DocumentNotFound, TranslationNotFound, TranslationNotReady),
    },
)
async def get_translation_file(
    document_id: DocumentId, translation_id: TranslationId, services: TheServices
) -> Response:
    """What could not be translated stands in it as `<mark>`."""
    file = await services.document_translations.file(document_id, translation_id)
    return attachment(file.path, file.media_type, file.filename)


@router.get(
    "/translations/{translation_id}/pages",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Read a translation beside its source",
    responses=reading(DocumentNotFound, TranslationNotFound, TranslationNotReady, InvalidCursor),
)
async def list_translated_pages(
    document_id: DocumentId,
    translation_id: TranslationId,
    services: TheServices,
    cursor: OrdinalCursor,
    limit: Limit = 20,
) -> AlignedPageList:
    """Page by page, block by block, as plain text; pages without text to translate are left out."""
    found = await services.document_translations.pages(document_id, translation_id, cursor, limit)
    return AlignedPageList(items=[AlignedPage.of(page) for page in found.items], next_cursor=found.next_cursor)


@router.post(
    "/translations/{translation_id}/retry",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Retry a translation",
    status_code=202,
    responses=changing(DocumentNotFound, TranslationNotFound, NotRetryable, TokenQuotaExceeded),
)
async def retry_translation(
    document_id: DocumentId, translation_id: TranslationId, services: TheServices
) -> Translation:
    """Only what failed is asked again; the file that there is stays until the new one is whole."""
    return Translation.from_records(*await services.document_translations.retry(document_id, translation_id))


@router.delete(
    "/translations/{translation_id}",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Delete a translation",
    status_code=204,
    responses=changing(DocumentNotFound, TranslationNotFound),
)
async def delete_translation(document_id: DocumentId, translation_id: TranslationId, services: TheServices) -> None:
    """With its file. The translation memory stays until the document goes."""
    await services.document_translations.delete(document_id, translation_id)


async def _request(body: TranslateDocument, services: Services, caller: Caller) -> TranslationRequest:
    source = None if body.source is None else language(body.source)
    target = language(body.target)
    terms: tuple[Term, ...] = ()
    if body.glossary is not None:
        terms = await services.glossaries.terms(caller.tenant, body.glossary, Pair(source, target))
    return TranslationRequest(target, source, body.output, body.glossary, terms)


def _priced(estimate: EstimateRecord, settings: Settings) -> Estimate:
    prompt = estimate.prompt_tokens * settings.llm_price_input / _MILLION
    completion = estimate.completion_tokens * settings.llm_price_output / _MILLION
    known = settings.llm_price_input > 0 or settings.llm_price_output > 0
    price = Price(prompt=prompt, completion=completion, total=prompt + completion) if known else None
    return Estimate.of(estimate, price=price)
