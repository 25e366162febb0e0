"""POST /v1/responses: an answer from a vector store, and the turns that follow it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.responses import Response as HttpResponse

from app.core.errors import (
    MessageNotFound,
    ModelNotFound,
    ResponseNotFound,
    UnsupportedParameter,
    VectorStoreExpired,
    VectorStoreNotFound,
)
from app.logic.filters import parse_filter
from app.models.access import Caller, Scope
from app.models.records import Thread
from app.models.requests import AskRequest
from app.models.schemas_answers import as_wire
from app.models.schemas_openai_responses import RESPONSE, FileSearch, Response, ResponseRequest
from app.models.schemas_openai_stores import STORE
from app.routers.ask import ERRORS, last, streamed, unless_left
from app.routers.deps import TheCaller, TheJournal, TheServices, needs
from app.routers.openai.errors import failing
from app.routers.openai.inputs import asked_of, search_of, wants_results
from app.routers.openai.names import collection_of
from app.routers.openai.parameters import IGNORED, RESPONSE_HINTS, RESPONSE_UNABLE, ignored
from app.routers.openai.paths import stored_id
from app.routers.openai.response_writer import ResponseWriter
from app.routers.openai.streams import CitedFiles, translated
from app.routers.sse import event_stream
from app.services.container import Services

router = APIRouter(dependencies=[needs(Scope.ASK)])
_REMEMBERED_TURNS = 3
_EXAMPLE = """\
event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":9,"delta":"$26.5 billion","output_index":1,...}
"""


@router.post(
    "/responses",
    summary="Answer from a vector store",
    response_model=Response,
    responses={
        200: {"content": event_stream(_EXAMPLE)},
        **failing(
            *ERRORS,
            ModelNotFound,
            ResponseNotFound,
            UnsupportedParameter,
            VectorStoreExpired,
            VectorStoreNotFound,
            body=True,
        ),
    },
)
async def create_response(
    body: ResponseRequest, request: Request, services: TheServices, caller: TheCaller, journal: TheJournal
) -> HttpResponse:
    """With the tool `file_search` any `model` is taken, and the vector store says where to look; without it `model`
    names the collection. `previous_response_id` continues. Annotations hold page, quote, boxes and `verified`."""
    passed_over = ignored(body.model_extra, RESPONSE_HINTS, RESPONSE_UNABLE) + (
        ["instructions"] if body.instructions else []
    )
    files = CitedFiles(services.documents)
    writer = ResponseWriter(body, files, wants_results(body.include))
    asked, unread = await _ask_request(body, services, caller)
    writer.asked(asked.question)
    events = files.following(services.answers.answer(asked))
    if body.stream:
        response = await streamed(journal, translated(events, writer.take, writer.failed), caller.id)
    else:
        result = await unless_left(request, last(events))
        response = JSONResponse(as_wire(writer.whole(result)))
    if passed_over or unread:
        response.headers[IGNORED] = ", ".join([*passed_over, *unread])
    return response


async def _ask_request(body: ResponseRequest, services: Services, caller: Caller) -> tuple[AskRequest, list[str]]:
    question, turns, unread = asked_of(body)
    search = search_of(body.tools)
    collection = await _collection(body, search, services, caller)
    thread = await _thread(body.previous_response_id, services, caller)
    own = body.docubot
    filters = search.filters if search and search.filters is not None else own.filters
    asked = AskRequest(
        question=question,
        collection=collection,
        document_ids=None if own.document_ids is None else tuple(own.document_ids),
        filters=None if filters is None else parse_filter(filters),
        top_k=(search.max_num_results if search else None) or own.top_k,
        conversation_id=thread.conversation_id if thread else None,
        answer_language=own.answer_language,
        mode=own.mode,
        history=(*(thread.turns if thread else ()), *turns),
        keep=body.store is not False,
        keyword_weight=search.ranking_options.keyword_weight if search else None,
        score_floor=search.ranking_options.score_threshold if search else None,
    )
    return asked, unread


async def _collection(body: ResponseRequest, search: FileSearch | None, services: Services, caller: Caller) -> str:
    if search is None:
        return collection_of(body.model, caller)
    store_id = stored_id(STORE, search.vector_store_ids[0], VectorStoreNotFound)
    return (await services.stores.usable(caller, store_id)).collection.name


async def _thread(previous: str | None, services: Services, caller: Caller) -> Thread | None:
    if previous is None:
        return None
    try:
        found = await services.conversations.thread(stored_id(RESPONSE, previous, ResponseNotFound), _REMEMBERED_TURNS)
    except MessageNotFound:
        raise ResponseNotFound() from None
    if not caller.may(found.collection):
        raise ResponseNotFound()
    return found
