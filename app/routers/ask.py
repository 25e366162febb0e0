"""POST /ask: an answer with citations, whole or as a stream that survives a lost connection."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from app.core.errors import (
    BadRequest,
    CollectionNotFound,
    ConversationNotFound,
    DocubotError,
    EmbeddingMismatch,
    EmbeddingsUnavailable,
    GlossaryNotFound,
    InvalidFilter,
    LanguageNotSupported,
    LLMNotConfigured,
    LLMUnavailable,
    StreamNotFound,
    TokenQuotaExceeded,
    TranslationNotFound,
    TranslationNotReady,
)
from app.core.ids import is_id
from app.core.logging import get_logger
from app.logic.filters import parse_filter
from app.models.access import Caller, Scope
from app.models.events import AnswerEvent, AnswerResult, Done
from app.models.requests import AskRequest
from app.models.schemas_answers import Answer, Ask, answer_object
from app.routers.ask_languages import spoken_as
from app.routers.deps import TheCaller, TheJournal, TheServices, needs, reached
from app.routers.errors import changing
from app.routers.events import EXAMPLE, frame_of
from app.routers.sse import EventStream, Frame, Numbered, event_stream
from app.services.container import Services
from app.services.journal import Journal

router = APIRouter(tags=["answers"])
ERRORS = (
    InvalidFilter,
    LanguageNotSupported,
    BadRequest,
    CollectionNotFound,
    ConversationNotFound,
    GlossaryNotFound,
    TranslationNotFound,
    TranslationNotReady,
    EmbeddingMismatch,
    EmbeddingsUnavailable,
    TokenQuotaExceeded,
    LLMNotConfigured,
    LLMUnavailable,
)
# How long a stream's first event may keep the status line waiting: what fails by then gets its own status.
_FIRST_EVENT_SECONDS = 0.3
_EVENT_ID = re.compile(r"([0-9a-f]{32})-([0-9]{1,9})", re.ASCII)
_log = get_logger(__name__)
T = TypeVar("T")


@router.post(
    "/ask",
    dependencies=[needs(Scope.ASK)],
    summary="Ask a question",
    response_model=Answer,
    responses={
        200: {"content": event_stream(EXAMPLE)},
        **changing(*ERRORS, StreamNotFound, body=True),
    },
)
async def ask(
    body: Ask,
    request: Request,
    services: TheServices,
    caller: TheCaller,
    journal: TheJournal,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", description="Resumes a stream: the last event's id.")
    ] = None,
) -> Response:
    """With `stream: true` or `Accept: text/event-stream` the answer comes as events: `started`, `passages`,
    `delta`, `citation`, `done` (the whole answer object) or `error` (a problem). The WebSocket `/ask/ws` carries the
    same events as messages `{event, data}`, for one question a message.

    A stream that broke off goes on when the call is repeated with `Last-Event-ID` within 10 minutes, and within
    2 seconds while it is being written; after that the answer is 404 `stream_not_found`: ask again.
    """
    if last_event_id:
        return await resumed(journal, last_event_id, caller.id)
    events = services.answers.answer(await ask_request(body, services, caller))
    if body.stream or "text/event-stream" in request.headers.get("accept", ""):
        return await streamed(journal, frames(events, body.explain), caller.id)
    result = await unless_left(request, last(events))
    return JSONResponse(answer_object(result, body.explain))


async def ask_request(body: Ask, services: Services, caller: Caller) -> AskRequest:
    """Raises InvalidFilter, CollectionNotFound, ConversationNotFound, and what `spoken_as` raises."""
    reached(caller, body.collection)
    if body.conversation_id is not None:
        if not is_id(body.conversation_id):
            raise ConversationNotFound()
        await services.reach.conversation(body.conversation_id, body.collection)
    spoken = await spoken_as(body, services, caller)
    document_ids = body.document_ids if spoken.document_id is None else [spoken.document_id]
    return AskRequest(
        question=body.question,
        collection=body.collection,
        document_ids=None if document_ids is None else tuple(document_ids),
        filters=None if body.filters is None else parse_filter(body.filters),
        top_k=body.top_k,
        conversation_id=body.conversation_id,
        answer_language=spoken.answer,
        mode=body.mode,
        explain=body.explain,
        rewrite=body.rewrite,
        strict=body.strict,
        token_budget=body.token_budget,
        cache=body.cache,
        quote_language=spoken.quotes,
        terms=spoken.terms,
        translation_id=body.translation_id,
    )


async def frames(events: AsyncIterator[AnswerEvent], explain: bool) -> AsyncGenerator[Frame]:
    """Events as they go over the wire; a failure becomes the last of them."""
    try:
        async for event in events:
            yield frame_of(event, explain)
    except DocubotError as error:
        yield Frame.failed(error)
    except Exception:  # noqa: BLE001 - the edge of the process: nobody further out could still tell the client
        _log.exception("unexpected error")
        yield Frame.failed(DocubotError())


async def streamed(journal: Journal[Frame], source: AsyncGenerator[Frame], owner: str) -> Response:
    """A new stream, that `owner` (a caller's id) can resume; what fails before its first event is raised, with a
    status of its own."""
    stream_id = journal.start(source, owner)
    first = await journal.first(stream_id, _FIRST_EVENT_SECONDS)
    if first is not None and first.error is not None:
        raise first.error
    return EventStream(_numbered(journal, stream_id, 0))


async def resumed(journal: Journal[Frame], last_event_id: str, owner: str) -> Response:
    """The stream of `owner` after that event. Raises StreamNotFound."""
    match = _EVENT_ID.fullmatch(last_event_id)
    if match is None:
        raise StreamNotFound()
    stream_id, number = match.groups()
    await journal.check(stream_id, owner)
    return EventStream(_numbered(journal, stream_id, int(number)))


async def _numbered(journal: Journal[Frame], stream_id: str, after: int) -> AsyncGenerator[Numbered]:
    async for number, frame in journal.follow(stream_id, after):
        yield f"{stream_id}-{number}", frame


async def last(events: AsyncIterator[AnswerEvent]) -> AnswerResult:
    """The result at the end of the events."""
    result: AnswerResult | None = None
    async for event in events:
        if isinstance(event, Done):
            result = event.result
    if result is None:
        raise DocubotError()
    return result


async def unless_left(request: Request, work: Awaitable[T]) -> T:
    """`work`'s value; when the client leaves first, the work is cancelled and ClientDisconnect raised."""
    tasks = (asyncio.ensure_future(work), asyncio.ensure_future(_disconnected(request)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            return tasks[0].result()
        raise ClientDisconnect
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
