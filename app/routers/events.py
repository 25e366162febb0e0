"""Events of an answer, as they go over the wire: by table, one row an event."""

from collections.abc import Callable
from typing import Any

from app.models.events import AnswerEvent, CitationFound, Delta, Done, PassagesFound, Started
from app.models.schemas_answers import AnswerCitation, Passage, answer_object, as_wire
from app.routers.sse import Frame

EXAMPLE = """\
event: delta
data: {"text":"Revenue was $26.5 billion [1]."}
id: 5f0c2f1f8e8a4f0b9d3e2b8c41d07e55-3

event: done
data: {"answer":"Revenue was $26.5 billion [1].","status":"answered", ...}
id: 5f0c2f1f8e8a4f0b9d3e2b8c41d07e55-5
"""


def _started(event: Started, _: bool) -> dict[str, Any]:
    return {"conversation_id": event.conversation_id, "message_id": event.message_id, "mode": event.mode}


def _passages(event: PassagesFound, explain: bool) -> dict[str, Any]:
    return {"passages": [as_wire(Passage.found(passage, explain)) for passage in event.passages]}


def _delta(event: Delta, _: bool) -> dict[str, Any]:
    return {"text": event.text}


def _citation(event: CitationFound, _: bool) -> dict[str, Any]:
    return as_wire(AnswerCitation.of(event.citation))


def _done(event: Done, explain: bool) -> dict[str, Any]:
    return answer_object(event.result, explain)


_SHAPES: dict[type, tuple[str, Callable[[Any, bool], dict[str, Any]]]] = {
    Started: ("started", _started),
    PassagesFound: ("passages", _passages),
    Delta: ("delta", _delta),
    CitationFound: ("citation", _citation),
    Done: ("done", _done),
}


def frame_of(event: AnswerEvent, explain: bool) -> Frame:
    """The event's name and data; `explain` keeps the passages' scores by stage."""
    name, shape = _SHAPES[type(event)]
    return Frame.of(name, shape(event, explain))
