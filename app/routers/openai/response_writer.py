"""One answer as a response object, whole or event by event: numbered, each item opened, filled and closed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.errors import DocubotError
from app.core.ids import prefixed
from app.models.citations import Citation
from app.models.domain import Passage
from app.models.events import AnswerEvent, AnswerResult, CitationFound, Delta, Done, PassagesFound, Started
from app.models.schemas_answers import as_wire
from app.models.schemas_openai_citations import FILE, FileCitation, footnotes
from app.models.schemas_openai_responses import RESPONSE, Response, ResponseRequest, ResponseUsage
from app.routers.openai.chat import verdict
from app.routers.openai.streams import CitedFiles
from app.routers.sse import Frame

_SEARCH, _MESSAGE = 0, 1
"""Places in the output."""


@dataclass
class ResponseWriter:
    body: ResponseRequest
    files: CitedFiles
    results: bool
    """Whether the passages are told."""
    created: int = field(default_factory=lambda: int(time.time()))
    _message_id: str = ""
    _number: int = 0
    _passages: tuple[Passage, ...] = ()
    _query: str = ""
    _text: str = ""
    _annotations: list[dict[str, Any]] = field(default_factory=list)

    # ------------------------------------------------------------ whole

    def whole(self, result: AnswerResult) -> Response:
        self._message_id = result.message_id
        self._passages = result.passages
        self._query = result.standalone or self._query
        notes = footnotes(result.citations) if self.body.docubot.footnotes else ""
        self._text = result.answer + notes
        self._annotations = [self._annotation(item) for item in result.citations]
        return self._completed(result)

    def _completed(self, result: AnswerResult) -> Response:
        usage = ResponseUsage()
        if result.usage is not None:
            used = result.usage
            total = used.prompt_tokens + used.completion_tokens
            usage = ResponseUsage(
                input_tokens=used.prompt_tokens, output_tokens=used.completion_tokens, total_tokens=total
            )
        output = [self._search("completed"), self._message("completed", self._text)]
        return self._response("completed", output, usage=usage, docubot=as_wire(verdict(result)))

    # ------------------------------------------------------------ event by event

    def asked(self, question: str) -> None:
        self._query = question

    def take(self, event: AnswerEvent) -> Iterator[Frame]:
        if isinstance(event, Started):
            self._message_id = event.message_id
            yield from self._begin()
        elif isinstance(event, PassagesFound):
            self._passages = event.passages
            yield from self._found()
        elif isinstance(event, Delta):
            yield self._delta(event.text)
        elif isinstance(event, CitationFound):
            yield self._cited(event.citation)
        elif isinstance(event, Done):
            yield from self._end(event.result)

    def failed(self, error: DocubotError) -> Iterator[Frame]:
        told = {"code": "server_error", "message": f"{error.code}: {error.detail}"}
        response = as_wire(self._response("failed", [], error=told))
        yield replace(self._event("response.failed", response=response), error=error)

    def _begin(self) -> Iterator[Frame]:
        response = as_wire(self._response("in_progress", []))
        item = {"output_index": _SEARCH, "item_id": self._search_id}
        yield self._event("response.created", response=response)
        yield self._event("response.in_progress", response=response)
        yield self._event("response.output_item.added", output_index=_SEARCH, item=self._search("in_progress"))
        yield self._event("response.file_search_call.in_progress", **item)
        yield self._event("response.file_search_call.searching", **item)

    def _found(self) -> Iterator[Frame]:
        item = {"output_index": _SEARCH, "item_id": self._search_id}
        yield self._event("response.file_search_call.completed", **item)
        yield self._event("response.output_item.done", output_index=_SEARCH, item=self._search("completed"))
        message = self._message("in_progress", None)
        yield self._event("response.output_item.added", output_index=_MESSAGE, item=message)
        yield self._event("response.content_part.added", **self._place, part=_part("", []))

    def _delta(self, text: str) -> Frame:
        self._text += text
        return self._event("response.output_text.delta", **self._place, delta=text, logprobs=[])

    def _cited(self, citation: Citation) -> Frame:
        annotation = self._annotation(citation)
        self._annotations.append(annotation)
        index = len(self._annotations) - 1
        told = {"annotation_index": index, "annotation": annotation}
        return self._event("response.output_text.annotation.added", **self._place, **told)

    def _end(self, result: AnswerResult) -> Iterator[Frame]:
        if self.body.docubot.footnotes and (notes := footnotes(result.citations)):
            yield self._delta(notes)
        yield self._event("response.output_text.done", **self._place, text=self._text, logprobs=[])
        yield self._event("response.content_part.done", **self._place, part=_part(self._text, self._annotations))
        message = self._message("completed", self._text)
        yield self._event("response.output_item.done", output_index=_MESSAGE, item=message)
        yield self._event("response.completed", response=as_wire(self._completed(result)))

    def _event(self, kind: str, **data: Any) -> Frame:
        frame = Frame.of(kind, {"type": kind, "sequence_number": self._number, **data})
        self._number += 1
        return frame

    # ------------------------------------------------------------ parts

    @property
    def _search_id(self) -> str:
        return prefixed("fs_", self._message_id)

    @property
    def _place(self) -> dict[str, Any]:
        return {"item_id": prefixed("msg_", self._message_id), "output_index": _MESSAGE, "content_index": 0}

    def _annotation(self, citation: Citation) -> dict[str, Any]:
        return as_wire(FileCitation.cited(citation, self.files.of(citation.document_id)))

    def _search(self, status: str) -> dict[str, Any]:
        results = [self._result(item) for item in self._passages] if self.results and status == "completed" else None
        return {
            "type": "file_search_call",
            "id": self._search_id,
            "status": status,
            "queries": [self._query],
            "results": results,
        }

    def _result(self, passage: Passage) -> dict[str, Any]:
        return {
            "file_id": prefixed(FILE, self.files.of(passage.document_id)),
            "filename": passage.filename,
            "score": passage.score,
            "text": passage.text,
            "attributes": self.files.attributes(passage.document_id),
        }

    def _message(self, status: str, text: str | None) -> dict[str, Any]:
        return {
            "type": "message",
            "id": prefixed("msg_", self._message_id),
            "status": status,
            "role": "assistant",
            "content": [] if text is None else [_part(text, self._annotations)],
        }

    def _response(self, status: Any, output: list[dict[str, Any]], **more: Any) -> Response:
        return Response(
            id=prefixed(RESPONSE, self._message_id),
            created_at=self.created,
            status=status,
            instructions=self.body.instructions,
            metadata=dict(self.body.metadata or {}),
            model=self.body.model,
            output=output,
            previous_response_id=self.body.previous_response_id,
            store=self.body.store is not False,
            tools=self.body.tools or [],
            **more,
        )


def _part(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}
