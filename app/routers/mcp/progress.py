"""How far a tool is, told while it works: a count that grows, as the protocol has it, and what was done last."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, TypeVar

from mcp.server.mcpserver import Context

from app.models.events import AnswerEvent, CitationFound, PassagesFound
from app.services.translate import SegmentDone, TranslateEvent

T = TypeVar("T")


async def watched(
    events: AsyncGenerator[T, None], ctx: Context[Any, Any], said: Callable[[T], str | None]
) -> AsyncGenerator[T, None]:
    """The events as they come; those that `said` has words for are told to the client first."""
    told = 0
    async with aclosing(events):
        async for event in events:
            if (message := said(event)) is not None:
                told += 1
                await ctx.report_progress(told, None, message)
            yield event


def of_answer(event: AnswerEvent) -> str | None:
    if isinstance(event, PassagesFound):
        return f"{len(event.passages)} passages found"
    if isinstance(event, CitationFound):
        citation = event.citation
        return citation.filename if citation.page is None else f"{citation.filename}, page {citation.page}"
    return None


def of_translation(event: TranslateEvent) -> str | None:
    return f"segment {event.done.index + 1}" if isinstance(event, SegmentDone) else None
