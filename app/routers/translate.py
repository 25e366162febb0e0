"""Texts over LibreTranslate's wire, through the language model: translate, detect, suggest, and what there is."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.errors import (
    BadRequest,
    DocubotError,
    GlossaryNotFound,
    LanguageNotSupported,
    SuggestionsOff,
    TranslationFailed,
    Unprocessable,
)
from app.core.logging import get_logger
from app.logic import translation_languages as languages
from app.logic.glossaries import clean, unique
from app.logic.translation_files import FORMATS
from app.models.access import Caller, Scope
from app.models.schemas_answers import as_wire
from app.models.schemas_translate import (
    DetectBody,
    DetectedLanguage,
    FailedText,
    FrontendSettings,
    LanguageChoice,
    LanguageName,
    MissedTerms,
    SuggestBody,
    Suggested,
    Supported,
    TranslateBody,
    Translated,
)
from app.models.translation import Detected, Memory, Outcome, Pair, Term, TextTranslation, TranslationOptions
from app.routers import translate_wire as wire
from app.routers.ask import unless_left
from app.routers.deps import PUBLIC, TheCaller, TheServices, needs
from app.routers.sse import EventStream, Frame, Numbered, event_stream
from app.services.container import Services
from app.services.translate import TextsDone, TranslateEvent, check_length, check_whole

router = APIRouter(tags=["translate"])
_EXAMPLE = 'event: segment\ndata: {"text":0,"outcome":"translated","translation":"Guten Morgen","reason":null}\nid: 1'
_TIMEOUT = 500  # milliseconds that LibreTranslate's own page waits for the next key; nothing here reads it
_log = get_logger(__name__)


def json_or_form(schema: type[Any]) -> dict[str, Any]:
    """The request body for the OpenAPI document: the endpoint reads it by itself."""
    shape = schema.model_json_schema(ref_template="#/components/schemas/{model}")
    kinds = ("application/json", "application/x-www-form-urlencoded")
    return {"requestBody": {"required": True, "content": {kind: {"schema": shape} for kind in kinds}}}


@router.post(
    "/translate",
    dependencies=[needs(Scope.TRANSLATE, key_in_body=True)],
    summary="Translate text",
    response_model=Translated,
    responses={
        200: {"content": event_stream(_EXAMPLE)},
        **wire.failing(*wire.MODEL, LanguageNotSupported, GlossaryNotFound, TranslationFailed, changes=True),
    },
    openapi_extra=json_or_form(TranslateBody),
)
async def translate(request: Request, services: TheServices, caller: TheCaller) -> Response:
    """`q` is one text or a list. A segment that could not be translated fails the call, unless `partial` is set."""
    body = await wire.received(request, TranslateBody)
    texts = [body.q] if isinstance(body.q, str) else body.q
    check_length(sum(map(len, texts)), services.settings.translate_max_characters)
    options = await _options(body, services, caller)
    memory = Memory(caller.tenant)
    if body.stream or "text/event-stream" in request.headers.get("accept", ""):
        return EventStream(_frames(services.translations.translate(texts, options, memory), body))
    done = await unless_left(request, services.translations.whole(texts, options, memory))
    if not body.partial:
        check_whole(done)
    return JSONResponse(_answer(done, body))


@router.post(
    "/detect",
    dependencies=[needs(Scope.TRANSLATE, key_in_body=True)],
    summary="Recognize a language",
    response_model=list[DetectedLanguage],
    responses=wire.failing(changes=True),
    openapi_extra=json_or_form(DetectBody),
)
async def detect(request: Request, services: TheServices) -> Response:
    """Best first. Works without a model; few letters give a low confidence."""
    body = await wire.received(request, DetectBody)
    check_length(len(body.q), services.settings.translate_max_characters)
    return JSONResponse([as_wire(_detected(found)) for found in services.translations.detect(body.q)])


@router.get("/languages", dependencies=[PUBLIC], summary="List languages", responses=wire.failing())
async def list_languages() -> list[Supported]:
    """Every language, each with all the others."""
    codes = languages.codes()
    return [
        Supported(code=code, name=languages.name(code), targets=[other for other in codes if other != code])
        for code in codes
    ]


@router.post(
    "/suggest",
    dependencies=[needs(Scope.TRANSLATE, key_in_body=True)],
    summary="Suggest a better translation",
    response_model=Suggested,
    responses=wire.failing(SuggestionsOff, LanguageNotSupported, Unprocessable, changes=True),
    openapi_extra=json_or_form(SuggestBody),
)
async def suggest(request: Request, services: TheServices, caller: TheCaller) -> Response:
    """From now on it goes before what the model says, for all who share the caller's memory."""
    body = await wire.received(request, SuggestBody)
    pair = Pair(wire.source_language(body.source), wire.language(body.target))
    await services.translations.suggest(body.q, body.s, pair, Memory(caller.tenant))
    return JSONResponse(as_wire(Suggested()))


@router.get("/frontend/settings", dependencies=[PUBLIC], summary="What a client may ask", responses=wire.failing())
async def frontend_settings(services: TheServices) -> FrontendSettings:
    guarded = await services.access.door() == "guarded"
    return FrontendSettings(
        apiKeys=guarded,
        charLimit=services.settings.translate_max_characters,
        filesTranslation=True,
        frontendTimeout=_TIMEOUT,
        keyRequired=guarded,
        language=LanguageChoice(
            source=LanguageName(code=wire.AUTO, name="Auto Detect"),
            target=LanguageName(code="en", name=languages.name("en")),
        ),
        suggestions=services.settings.translate_suggestions,
        supportedFilesFormat=list(FORMATS),
    )


# ---------------------------------------------------------------- requests


async def _options(body: TranslateBody, services: Services, caller: Caller) -> TranslationOptions:
    source, target = wire.source_language(body.source), wire.language(body.target)
    return TranslationOptions(
        target=target,
        source=source,
        format=body.format,
        alternatives=body.alternatives,
        glossary=await _terms(body, services, caller, Pair(source, target)),
    )


async def _terms(body: TranslateBody, services: Services, caller: Caller, pair: Pair) -> tuple[Term, ...]:
    if body.glossary is None:
        return ()
    if isinstance(body.glossary, str):
        return await services.glossaries.terms(caller.tenant, body.glossary, pair)
    try:
        return unique([clean(source, target) for source, target in body.glossary.items()])
    except ValueError as error:
        raise BadRequest(f"Invalid request: glossary: {error}") from None


# ---------------------------------------------------------------- answers


def _answer(done: Sequence[TextTranslation], body: TranslateBody) -> dict[str, Any]:
    """The shape of `q` is the shape of each member."""
    one = isinstance(body.q, str)

    def shaped(members: list[Any]) -> Any:
        return members[0] if one else members

    answer: dict[str, Any] = {"translatedText": shaped([text.text for text in done])}
    if body.source.lower() == wire.AUTO:
        answer["detectedLanguage"] = shaped([as_wire(_detected(text.detected or _unknown())) for text in done])
    if body.alternatives:
        answer["alternatives"] = shaped([list(text.alternatives) for text in done])
    if body.partial:
        answer["failed"] = [
            as_wire(FailedText(text=number, segment=item.text, reason=item.reason or ""))
            for number, text in enumerate(done)
            for item in text.failures
        ]
    if body.glossary is not None:
        missed = [MissedTerms(text=number, terms=list(text.missed)) for number, text in enumerate(done) if text.missed]
        answer["missed_terms"] = [as_wire(item) for item in missed]
    return answer


def _detected(found: Detected) -> DetectedLanguage:
    return DetectedLanguage(confidence=round(found.confidence * 100, 1), language=found.language)


def _unknown() -> Detected:
    return languages.unknown()


async def _frames(events: AsyncGenerator[TranslateEvent, None], body: TranslateBody) -> AsyncGenerator[Numbered]:
    """A `segment` each, then `done` with the whole answer, or `error`."""
    number = 0
    async for frame in _told(events, body):
        number += 1
        yield str(number), frame


async def _told(events: AsyncGenerator[TranslateEvent, None], body: TranslateBody) -> AsyncGenerator[Frame]:
    try:
        async with aclosing(events):
            async for event in events:
                if isinstance(event, TextsDone):
                    yield Frame.of("done", _answer(event.texts, body.model_copy(update={"partial": True})))
                else:
                    done = event.done
                    failed = done.outcome is Outcome.FAILED
                    yield Frame.of(
                        "segment",
                        {
                            "text": event.text,
                            "start": event.start,
                            "end": event.end,
                            "outcome": done.outcome.value,
                            "translation": None if failed else done.text,
                            "source": done.text if failed else None,
                            "reason": done.reason,
                        },
                    )
    except DocubotError as error:
        yield Frame.of("error", {"error": error.detail, "code": error.code})
    except Exception:  # noqa: BLE001 - the edge of the process: nobody further out could still tell the client
        _log.exception("unexpected error")
        yield Frame.of("error", {"error": DocubotError.advice, "code": DocubotError.code})
