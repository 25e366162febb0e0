"""POST /v1/chat/completions: answers from the documents, citations as annotations."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.errors import ModelNotFound, UnsupportedParameter
from app.core.ids import prefixed
from app.logic.filters import parse_filter
from app.models.access import Scope
from app.models.citations import Citation
from app.models.domain import Usage
from app.models.events import AnswerEvent, AnswerResult, CitationFound, Delta, Done, Started
from app.models.requests import AskRequest
from app.models.schemas_answers import AnswerSentence, as_wire
from app.models.schemas_openai_chat import (
    ChatAnswer,
    ChatChoice,
    ChatCompletion,
    ChatRequest,
    ChatUsage,
    Verdict,
)
from app.models.schemas_openai_citations import ChatAnnotation, footnotes
from app.routers.ask import ERRORS, last, streamed, unless_left
from app.routers.deps import TheCaller, TheJournal, TheServices, needs
from app.routers.openai.errors import failing
from app.routers.openai.messages import question_and_history
from app.routers.openai.names import collection_of
from app.routers.openai.parameters import IGNORED, ignored
from app.routers.openai.streams import CitedFiles, plain, translated
from app.routers.sse import Frame, event_stream

router = APIRouter(dependencies=[needs(Scope.ASK)])
_EXAMPLE = """\
data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Revenue was $26.5 billion"}}],...}

data: [DONE]
"""


@router.post(
    "/chat/completions",
    summary="Answer a chat",
    response_model=ChatCompletion,
    responses={
        200: {"content": event_stream(_EXAMPLE)},
        **failing(*ERRORS, ModelNotFound, UnsupportedParameter, body=True),
    },
)
async def create_chat_completion(
    body: ChatRequest, request: Request, services: TheServices, caller: TheCaller, journal: TheJournal
) -> Response:
    """`model` names the collection: `docubot` or `docubot/<collection>`. Earlier turns make a follow-up question stand
    alone. Each citation is a `url_citation` annotation that links to the page and holds quote, boxes and `verified`."""
    passed_over = ignored(body.model_extra)
    asked, instructions = _ask_request(body, collection_of(body.model, caller))
    files = CitedFiles(services.documents)
    events = files.following(services.answers.answer(asked))
    writer = ChatWriter(body, str(request.base_url).rstrip("/"), files)
    if body.stream:
        response: Response = await streamed(journal, translated(events, writer.take), caller.id)
    else:
        result = await unless_left(request, last(events))
        response = JSONResponse(as_wire(writer.whole(result)))
    if passed_over or instructions:
        response.headers[IGNORED] = ", ".join([*passed_over, *instructions])
    return response


def _ask_request(body: ChatRequest, collection: str) -> tuple[AskRequest, list[str]]:
    question, history, passed_over = question_and_history(body.messages)
    own = body.docubot
    asked = AskRequest(
        question=question,
        collection=collection,
        document_ids=None if own.document_ids is None else tuple(own.document_ids),
        filters=None if own.filters is None else parse_filter(own.filters),
        top_k=own.top_k,
        answer_language=own.answer_language,
        mode=own.mode,
        history=history,
        keep=False,
    )
    return asked, passed_over


@dataclass
class ChatWriter:
    """One answer in the words of chat completions, whole or chunk by chunk."""

    body: ChatRequest
    base_url: str
    files: CitedFiles
    created: int = field(default_factory=lambda: int(time.time()))
    _id: str = ""
    _cited: list[Citation] = field(default_factory=list)

    def whole(self, result: AnswerResult) -> ChatCompletion:
        notes = footnotes(result.citations) if self.body.docubot.footnotes else ""
        message = ChatAnswer(
            content=result.answer + notes, annotations=[self._annotation(item) for item in result.citations]
        )
        return ChatCompletion(
            id=prefixed("chatcmpl-", result.message_id),
            created=self.created,
            model=self.body.model,
            choices=[ChatChoice(message=message)],
            usage=usage_of(result.usage),
            docubot=verdict(result),
        )

    def take(self, event: AnswerEvent) -> Iterator[Frame]:
        if isinstance(event, Started):
            self._id = prefixed("chatcmpl-", event.message_id)
            yield self._chunk({"role": "assistant", "content": ""})
        elif isinstance(event, Delta):
            yield self._chunk({"content": event.text})
        elif isinstance(event, CitationFound):
            yield self._chunk({"annotations": [as_wire(self._annotation(event.citation))]})
        elif isinstance(event, Done):
            yield from self._end(event.result)

    def _end(self, result: AnswerResult) -> Iterator[Frame]:
        notes = footnotes(result.citations) if self.body.docubot.footnotes else ""
        if notes:
            yield self._chunk({"content": notes})
        yield self._chunk({}, finish="stop", docubot=as_wire(verdict(result)))
        if self.body.stream_options and self.body.stream_options.include_usage:
            yield plain(self._frame() | {"choices": [], "usage": as_wire(usage_of(result.usage))})
        yield Frame("", "[DONE]")

    def _annotation(self, citation: Citation) -> ChatAnnotation:
        return ChatAnnotation.cited(citation, self.files.of(citation.document_id), self.base_url)

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> Frame:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return plain(self._frame() | {"choices": [choice]} | more)

    def _frame(self) -> dict[str, Any]:
        frame = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.body.model,
        }
        wanted = self.body.stream_options and self.body.stream_options.include_usage
        return frame | {"usage": None} if wanted else frame


def usage_of(usage: Usage | None) -> ChatUsage:
    found = usage or Usage()
    total = found.prompt_tokens + found.completion_tokens
    return ChatUsage(prompt_tokens=found.prompt_tokens, completion_tokens=found.completion_tokens, total_tokens=total)


def verdict(result: AnswerResult) -> Verdict:
    sentences = [as_wire(AnswerSentence.of(item)) for item in result.sentences]
    return Verdict.of(result, sentences=sentences)
