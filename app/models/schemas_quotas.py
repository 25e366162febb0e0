"""The wire: what a key may store and use, and what it has."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from app.models.quotas import Limits
from app.models.schemas import NUMERIC, In, Out

_LIMITS: dict[str, Any] = {"documents": 1000, "pages": 50_000, "bytes": None, "tokens_a_day": 1_000_000}
_USE: dict[str, Any] = {"documents": 12, "pages": 1480, "bytes": 48_211_004, "tokens_today": 20_417}
Most = Annotated[int, Field(ge=0, lt=2**53), NUMERIC]
"""Every program that reads JSON can hold it."""


class QuotaLimits(Out):
    """null: no limit."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LIMITS]})

    documents: int | None
    pages: int | None
    bytes: int | None
    tokens_a_day: int | None


class QuotaUse(Out):
    model_config = ConfigDict(json_schema_extra={"examples": [_USE]})

    documents: int = Field(description="That the key brought in and that are there still.")
    pages: int
    bytes: int = Field(description="Of their files, each once; of replaced versions too, until they leave.")
    tokens_today: int = Field(description="Read and written by the language model since midnight UTC.")


class NewLimits(In):
    """null, or left out: no limit."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LIMITS]})

    documents: Most | None = None
    pages: Most | None = None
    bytes: Most | None = None
    tokens_a_day: Most | None = None

    def value(self) -> Limits:
        return Limits(self.documents, self.pages, self.bytes, self.tokens_a_day)


class ChangedLimits(NewLimits):
    """Those that are named change; null takes a limit away."""
