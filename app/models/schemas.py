"""The wire: what every schema is made of. The nouns are in the modules beside this one."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)

from app.models.records import Scalar
from app.models.scalars import MAX_INTEGER, MAX_KEY, MAX_KEYS, MAX_TEXT, clean_metadata, clean_text

T = TypeVar("T")

EXAMPLE_ID = "019ab8f2-6f0c-7a51-9d3e-2b8c41d07e55"
EXAMPLE_TIME = "2026-11-22T12:00:00Z"
# What the validators hold, as the OpenAPI document tells it.
NO_NUL = r"^[^\u0000]*$"
NOT_BLANK = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
_NAME = r"^(?!\.{1,2}$)(?!\s)[^/\\*\u0000-\u001f]*(?<!\s)$"
_KEYS = {"minLength": 1, "maxLength": MAX_KEY, "pattern": NOT_BLANK}
_VALUES = {
    "anyOf": [
        {"type": "string", "maxLength": MAX_TEXT, "pattern": NO_NUL},
        {"type": "number", "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER},
        {"type": "boolean"},
    ]
}
BOUNDED = {"maxProperties": MAX_KEYS, "propertyNames": _KEYS, "additionalProperties": _VALUES}
_DATED = re.compile(r"\d{4}-\d\d-\d\d[Tt ]", re.ASCII)


class In(BaseModel):
    """A request. A misspelt field is an error: ignored, it would silently widen a search."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """A response, or a part of one."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, record: Any, **more: Any) -> Self:
        """From a record's attributes of the same names, and `more` for those that it lacks."""
        names = cls.model_fields.keys() - more.keys()
        return cls.model_validate({name: getattr(record, name) for name in names if hasattr(record, name)} | more)


class Page(Out, Generic[T]):
    """One page of a list; `next_cursor` leads to the next, null ends it."""

    items: list[T]
    next_cursor: str | None = None


class Failure(Out):
    code: str
    message: str


def failure(record: Any) -> Failure | None:
    """What stands in a record's error columns."""
    return Failure(code=record.error_code, message=record.error_message or "") if record.error_code else None


class FieldError(Out):
    loc: list[str | int]
    msg: str
    type: str


class Problem(Out):
    """RFC 9457. Branch on `code`; docs/errors.md lists every one."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str | None = None
    errors: list[FieldError] | None = Field(None, description="Which fields are wrong, when some are.")


# ---------------------------------------------------------------- values


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _name(text: str) -> str:
    text = clean_text(text)
    if text != text.strip() or text in (".", "..") or any(c in "/\\*" or ord(c) < ord(" ") for c in text):
        raise ValueError("has no slashes, asterisks or control characters and neither begins nor ends with a space")
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError("must not be blank")
    return text


def _number(value: Any) -> Any:
    if isinstance(value, (str, bytes, bool)):
        raise ValueError("is a number, not text and not a truth value")
    return value


def _spelled(value: Any) -> Any:
    if isinstance(value, (int, float)) or (isinstance(value, str) and not _DATED.match(value)):
        raise ValueError("is a time as RFC 3339 spells it, like 2026-11-22T12:00:00Z")
    return value


Flag = Annotated[bool, Strict()]
"""In a JSON body; a form's or a query's is text."""
NUMERIC = BeforeValidator(_number)
"""For numbers in a JSON body. It stands last among the annotations: bounds before it are told in the document."""
Moment = Annotated[AwareDatetime, BeforeValidator(_spelled)]
"""A time with its offset, and not seconds since some year."""
Instant = Annotated[datetime, AfterValidator(_utc)]
"""UTC; a stored time has no offset."""
Text = Annotated[str, AfterValidator(clean_text), Field(json_schema_extra={"pattern": NO_NUL})]
Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=4000),
    AfterValidator(clean_text),
    AfterValidator(_filled),
    Field(json_schema_extra={"pattern": NOT_BLANK}),
]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(_name),
    Field(examples=["default"], json_schema_extra={"pattern": _NAME}),
]
"""A collection's name, in any language."""
Language = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"), Field(examples=["en", "zh-Hans"])
]
"""A BCP 47 tag."""
Metadata = Annotated[
    dict[str, Scalar],
    AfterValidator(clean_metadata),
    Field(
        description=f"At most {MAX_KEYS} keys; text, numbers, true or false.",
        examples=[{"year": 2023}],
        json_schema_extra=BOUNDED,
    ),
]
Filters = Annotated[
    dict[str, Any],
    Field(
        description="`{type: eq|ne|gt|gte|lt|lte|in|nin, key, value}`, nested under `{type: and|or, filters: [...]}`.",
        examples=[{"type": "eq", "key": "year", "value": 2023}],
    ),
]
