"""OpenAI's wire: what its schemas are made of. The nouns are in the modules beside this one.

Source of all shapes: OpenAI's published API description, as the official SDK of 2026-08 types it.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from app.core.errors import DocubotError, QuotaExceeded
from app.models.scalars import clean_metadata
from app.models.schemas import BOUNDED, Out

_NO_QUOTA = "insufficient_quota"
"""OpenAI's word, as code and as type: what its clients look for to stop trying. What is stored counts as well."""
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class OpenAIError(Out):
    message: str
    type: str = Field(description="invalid_request_error, authentication_error, rate_limit_error, server_error ...")
    param: str | None = Field(description="The field that is wrong, when one is.")
    code: str | None = Field(description="DocuBot's stable code; docs/errors.md lists every one.")


class OpenAIErrorBody(Out):
    """How every call under /v1 tells of a failure."""

    error: OpenAIError


class Deleted(Out):
    id: str = Field(examples=["file-019ab8f26f0c7a519d3e2b8c41d07e55"])
    object: str
    deleted: Literal[True] = True


def error_status(error: DocubotError) -> int:
    """OpenAI's wire knows no 422, and no 402."""
    if isinstance(error, QuotaExceeded):
        return 429
    return 400 if error.status == 422 else error.status


def error_body(error: DocubotError) -> dict[str, Any]:
    """The error object; of several wrong fields `param` names the first, `message` all of them."""
    status = error_status(error)
    fields = [(_param(item["loc"]), item["msg"]) for item in error.errors]
    wrong = "; ".join(f"{name}: {message}" if name else message for name, message in fields)
    told = OpenAIError(
        message=f"{error.detail} ({wrong})" if wrong else error.detail,
        type=_type_of(error, status),
        param=next((name for name, _ in fields if name), None),
        code=_NO_QUOTA if isinstance(error, QuotaExceeded) else error.code,
    )
    return {"error": told.model_dump()}


def _type_of(error: DocubotError, status: int) -> str:
    if isinstance(error, QuotaExceeded):
        return _NO_QUOTA
    return _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")


def _param(location: list[str | int]) -> str | None:
    """`messages[0].content`, without the part of the request that it stands in."""
    path = ""
    for part in location[1:]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or None


def seconds(time: datetime) -> int:
    """A stored time (UTC, without offset) as Unix time."""
    return int(time.replace(tzinfo=UTC).timestamp())


Attributes = Annotated[
    dict[str, str | float | bool],
    AfterValidator(clean_metadata),
    Field(
        description="At most 16 keys of 64 characters; text of 512, numbers, true or false.",
        examples=[{"year": 2023}],
        json_schema_extra=BOUNDED,
    ),
]
