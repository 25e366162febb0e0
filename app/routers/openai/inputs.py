"""What a response is asked for: its input as question and history, its tools as where to look."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from app.models.domain import Turn
from app.models.schemas_openai_chat import ChatMessage
from app.models.schemas_openai_responses import FileSearch, ResponseRequest
from app.routers.openai.messages import question, question_and_history
from app.routers.openai.parameters import unsupported

RESULTS = "file_search_call.results"
_PASSED_OVER = ("file_search_call", "reasoning")
"""Items of earlier responses that clients send back; the search is made anew."""
_messages: TypeAdapter[ChatMessage] = TypeAdapter(ChatMessage)
_tools: TypeAdapter[FileSearch] = TypeAdapter(FileSearch)


def asked_of(body: ResponseRequest) -> tuple[str, tuple[Turn, ...], list[str]]:
    """The question, the turns that the input itself brings, and what was passed over.

    Raises UnsupportedParameter, RequestValidationError.
    """
    if isinstance(body.input, str):
        return question(body.input, ("body", "input")), (), []
    messages = [
        _message(item, number) for number, item in enumerate(body.input) if item.get("type") not in _PASSED_OVER
    ]
    return question_and_history(messages, "input")


def _message(item: Mapping[str, Any], number: int) -> ChatMessage:
    if item.get("type", "message") != "message":
        raise unsupported(("body", "input", number, "type"), "Only messages can be asked")
    try:
        return _messages.validate_python(item)
    except ValidationError as error:
        raise _invalid(error, ("body", "input", number)) from None


def search_of(tools: Sequence[Mapping[str, Any]] | None) -> FileSearch | None:
    """The file_search tool, if there is one. Raises UnsupportedParameter for any other, and for a second one."""
    for number, tool in enumerate(tools or ()):
        if tool.get("type") != "file_search" or number:
            raise unsupported(("body", "tools", number, "type"), "The one tool is file_search, once")
    if not tools:
        return None
    stores = tools[0].get("vector_store_ids")
    if isinstance(stores, list) and len(stores) > 1:
        raise unsupported(("body", "tools", 0, "vector_store_ids"), "One vector store a request")
    try:
        return _tools.validate_python(tools[0])
    except ValidationError as error:
        raise _invalid(error, ("body", "tools", 0)) from None


def wants_results(include: Sequence[str] | None) -> bool:
    """Raises UnsupportedParameter for anything else that `include` names."""
    for number, name in enumerate(include or ()):
        if name != RESULTS:
            raise unsupported(("body", "include", number), f"Only {RESULTS}")
    return bool(include)


def _invalid(error: ValidationError, place: tuple[str | int, ...]) -> RequestValidationError:
    found = error.errors(include_url=False, include_input=False)
    return RequestValidationError([{**item, "loc": (*place, *item["loc"])} for item in found])
