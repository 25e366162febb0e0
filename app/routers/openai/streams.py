"""Streams on OpenAI's wire: our events in its words, and a failure as the last of them."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from dataclasses import replace
from typing import Any

from app.core.errors import DocubotError
from app.core.logging import get_logger
from app.models.events import AnswerEvent, PassagesFound
from app.models.records import Document, Scalar
from app.models.schemas_openai import error_body
from app.routers.sse import Frame
from app.services.documents import DocumentService

_log = get_logger(__name__)


class CitedFiles:
    """The file of each document that an answer may cite: looked up once, when its passages are known."""

    def __init__(self, documents: DocumentService) -> None:
        self._documents = documents
        self._found: dict[str, Document] = {}

    def of(self, document_id: str) -> str:
        found = self._found.get(document_id)
        return (found and found.file_id) or document_id

    def attributes(self, document_id: str) -> dict[str, Scalar]:
        found = self._found.get(document_id)
        return dict(found.metadata) if found else {}

    async def following(self, events: AsyncIterator[AnswerEvent]) -> AsyncGenerator[AnswerEvent]:
        """The same events; from the passages on, `of` knows."""
        async for event in events:
            if isinstance(event, PassagesFound):
                self._found |= await self._documents.several([passage.document_id for passage in event.passages])
            yield event


def plain(data: Any) -> Frame:
    """An event without a name, as chat completions send theirs."""
    return Frame.of("", data)


def plain_failure(error: DocubotError) -> Iterable[Frame]:
    yield replace(plain(error_body(error)), error=error)


async def translated(
    events: AsyncIterator[AnswerEvent],
    take: Callable[[AnswerEvent], Iterable[Frame]],
    failed: Callable[[DocubotError], Iterable[Frame]] = plain_failure,
) -> AsyncGenerator[Frame]:
    """What `take` makes of each event; what is raised goes through `failed`."""
    try:
        async for event in events:
            for frame in take(event):
                yield frame
    except DocubotError as error:
        for frame in failed(error):
            yield frame
    except Exception:  # noqa: BLE001 - the edge of the process: nobody further out could still tell the client
        _log.exception("unexpected error")
        for frame in failed(DocubotError()):
            yield frame
