"""A chat's messages as DocuBot asks: the last question, and the turns before it."""

from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from app.models.domain import Turn
from app.models.schemas import Question
from app.models.schemas_openai_chat import ChatMessage
from app.routers.openai.parameters import unsupported

_questions: TypeAdapter[str] = TypeAdapter(Question)
_TEXT_PARTS = ("text", "input_text", "output_text", "refusal")


def question_and_history(
    messages: Sequence[ChatMessage], field: str = "messages"
) -> tuple[str, tuple[Turn, ...], list[str]]:
    """The question, the turns before it, and which messages were passed over (instructions: DocuBot has its own).

    Raises UnsupportedParameter for tools and for parts that are no text, RequestValidationError when no question ends
    the chat.
    """
    turns: list[Turn] = []
    asked: str | None = None
    passed_over: list[str] = []
    for number, message in enumerate(messages):
        text = text_of(message, (field, number))
        if message.role == "user":
            asked = text if asked is None else f"{asked}\n{text}"
        elif message.role == "assistant":
            if asked is not None:
                turns.append(Turn(asked, text))
            asked = None
        else:
            passed_over.append(f"{field}[{number}]")
    return question(asked, ("body", field, len(messages) - 1, "content")), tuple(turns), passed_over


def question(text: str | None, location: tuple[str | int, ...]) -> str:
    """Raises RequestValidationError unless the text can be asked."""
    if text is None:
        raise _invalid(location, "The last message is the user's question")
    try:
        return _questions.validate_python(text)
    except ValidationError as error:
        raise _invalid(location, error.errors()[0]["msg"].removeprefix("Value error, ")) from None


def text_of(message: ChatMessage, location: tuple[str | int, ...]) -> str:
    """Raises UnsupportedParameter for a message of a tool, or a part that is no text."""
    if message.role in ("tool", "function") or message.tool_calls:
        raise unsupported(("body", *location), "DocuBot calls no tools: it answers from the documents")
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    place = ("body", *location, "content")
    return "\n".join(part_text(part, (*place, at)) for at, part in enumerate(message.content))


def part_text(part: dict[str, Any], location: tuple[str | int, ...]) -> str:
    kind = part.get("type")
    if kind not in _TEXT_PARTS:
        raise unsupported((*location, "type"), "Only text can be asked; upload files by POST /v1/files")
    text = part.get("refusal" if kind == "refusal" else "text")
    if not isinstance(text, str):
        raise _invalid((*location, "text"), "Input should be text")
    return text


def _invalid(location: tuple[str | int, ...], message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": location, "msg": message, "type": "value_error"}])
