"""OpenAI's wire: files, and the shape of its lists."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from app.core.ids import prefixed
from app.models import stores
from app.models.schemas import EXAMPLE_ID, In, Out
from app.models.schemas_openai import seconds
from app.models.schemas_openai_citations import FILE

T = TypeVar("T")
R = TypeVar("R")
EXAMPLE_FILE = prefixed(FILE, EXAMPLE_ID)


class Listed(Out, Generic[T]):
    object: Literal["list"] = "list"
    data: list[T]
    first_id: str | None
    last_id: str | None
    has_more: bool


def listed(
    shape: type[Listed[T]], found: tuple[Sequence[R], bool], told: Callable[[R], T], id_of: Callable[[T], str]
) -> Listed[T]:
    """A list of what `told` makes of each record."""
    items = [told(item) for item in found[0]]
    ids = [id_of(item) for item in items]
    return shape(data=items, first_id=ids[0] if ids else None, last_id=ids[-1] if ids else None, has_more=found[1])


class FileExpiry(In):
    anchor: Literal["created_at"]
    seconds: Annotated[int, Field(ge=3600, le=2_592_000)]


class FileFields(In):
    """The form fields beside the file."""

    purpose: Literal["assistants", "user_data"]
    expires_after: FileExpiry | None = None


class File(Out):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_FILE,
                    "object": "file",
                    "bytes": 1_048_576,
                    "created_at": 1_795_348_800,
                    "expires_at": None,
                    "filename": "annual-report.pdf",
                    "purpose": "assistants",
                    "status": "processed",
                }
            ]
        }
    )

    id: str
    object: Literal["file"] = "file"
    bytes: int
    created_at: int
    expires_at: int | None
    filename: str
    purpose: str
    status: Literal["processed"] = "processed"

    @classmethod
    def stored(cls, file: stores.File) -> "File":
        return cls.of(
            file,
            id=prefixed(FILE, file.id),
            object="file",
            status="processed",
            created_at=seconds(file.created_at),
            expires_at=None if file.expires_at is None else seconds(file.expires_at),
        )


class FileList(Listed[File]):
    pass
