"""What OpenAI's paths and queries name: prefixed ids, and windows of lists."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query

from app.core.errors import DocubotError, FileBatchNotFound, FileNotFound, InvalidCursor, VectorStoreNotFound
from app.core.ids import unprefixed
from app.models.schemas_openai_citations import FILE
from app.models.schemas_openai_files import EXAMPLE_FILE
from app.models.schemas_openai_storefiles import BATCH
from app.models.schemas_openai_stores import EXAMPLE_STORE, STORE
from app.models.stores import Window

POLL = {"openai-poll-after-ms": "300"}
"""How long the SDKs' polling helpers wait before they look again."""


def stored_id(prefix: str, text: str, missing: type[DocubotError]) -> str:
    """The id behind a prefixed one. Raises `missing` for what is not spelled so, and therefore names nothing."""
    found = unprefixed(prefix, text)
    if found is None:
        raise missing()
    return found


async def _file(file_id: Annotated[str, Path(examples=[EXAMPLE_FILE])]) -> str:
    return stored_id(FILE, file_id, FileNotFound)


async def _store(vector_store_id: Annotated[str, Path(examples=[EXAMPLE_STORE])]) -> str:
    return stored_id(STORE, vector_store_id, VectorStoreNotFound)


async def _batch(batch_id: Annotated[str, Path(examples=[EXAMPLE_STORE.replace(STORE, BATCH)])]) -> str:
    return stored_id(BATCH, batch_id, FileBatchNotFound)


def _cursor_query(prefix: str, description: str) -> Any:
    return Query(description=description, json_schema_extra={"pattern": f"^{prefix}[0-9a-f]{{32}}$"})


def _window(prefix: str, most: int) -> Callable[..., Awaitable[Window]]:
    async def window(
        limit: Annotated[int, Query(ge=1, le=most, description="How many at most.")] = 20,
        order: Annotated[Literal["asc", "desc"], Query(description="By the time of creation.")] = "desc",
        after: Annotated[str | None, _cursor_query(prefix, "Those after this id, a page's `last_id`.")] = None,
        before: Annotated[str | None, _cursor_query(prefix, "Those right before this id.")] = None,
    ) -> Window:
        if after is not None and before is not None:
            raise InvalidCursor("Pass `after` or `before`, not both.")
        return Window(limit, _cursor(prefix, after), _cursor(prefix, before), order == "desc")

    return window


def _cursor(prefix: str, text: str | None) -> str | None:
    if text is None:
        return None
    found = unprefixed(prefix, text)
    if found is None:
        raise InvalidCursor(f"`after` and `before` are ids as the list gives them: {prefix}...")
    return found


FileId = Annotated[str, Depends(_file)]
StoreId = Annotated[str, Depends(_store)]
BatchId = Annotated[str, Depends(_batch)]
StoreWindow = Annotated[Window, Depends(_window(STORE, 100))]
StoreFileWindow = Annotated[Window, Depends(_window(FILE, 100))]
FileWindow = Annotated[Window, Depends(_window(FILE, 10_000))]
