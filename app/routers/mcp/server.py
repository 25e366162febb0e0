"""Tools and resources of the Model Context Protocol, for callers whose scopes were read at the door.

Source: the protocol of 2026-07-28 as the official SDK serves it. A failure that a model can do something about comes
back as a tool error whose text says what to do next.
"""

import base64
import binascii
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from app.core.errors import CollectionNotFound, DocubotError, DocumentNotFound, ScopeMissing
from app.core.ids import is_id
from app.core.version import current_version
from app.logic.filenames import clean_filename
from app.logic.mediatype import HEAD_BYTES
from app.models.access import Caller, Scope
from app.models.records import Document
from app.models.requests import AskRequest, ReceivedFile, SearchRequest, UploadOptions
from app.models.schemas_answers import AnswerCitation, Passage, as_wire
from app.models.translation import Memory, TranslationOptions
from app.routers.ask import last
from app.routers.deps import may_fill
from app.routers.mcp.listing import list_documents
from app.routers.mcp.progress import of_answer, of_translation, watched
from app.routers.mcp.results import (
    CitedAnswer,
    Excerpt,
    Excerpts,
    KnownDocument,
    KnownDocuments,
    PageText,
    Translated,
    Uploaded,
)
from app.services.container import Services
from app.services.translate import at_the_end, check_whole

_INSTRUCTIONS = (
    "DocuBot answers from a library of documents. `ask` gives an answer whose every citation was found on its page; "
    "`search` gives passages; `get_page` the text of a page. Cite file and page when you use them."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
Question = Annotated[str, Field(min_length=1, max_length=4000)]
Collection = Annotated[str, Field(min_length=1, max_length=100, description="Name of the collection.")]
DocumentId = Annotated[str, Field(description="As list_documents and citations give it.")]


def make_server(services: Services) -> MCPServer[Any]:
    """One server over the services; who calls is read from each request."""
    server: MCPServer[Any] = MCPServer("docubot", version=current_version(), instructions=_INSTRUCTIONS)
    tools = Tools(services)
    for tool, hints in (
        (tools.search, _READS),
        (tools.ask, _READS),
        (tools.list_documents, _READS),
        (tools.get_page, _READS),
        (tools.upload, ToolAnnotations(destructive_hint=False, idempotent_hint=True)),
        (tools.translate, _READS),
    ):
        server.add_tool(tool, annotations=hints)
    server.resource("docubot://documents/{document_id}", mime_type="text/plain")(tools.document_text)
    server.resource("docubot://documents/{document_id}/pages/{page}", mime_type="text/plain")(tools.page_text)
    list_documents(server, services.documents)
    return server


class Tools:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def search(
        self,
        query: Question,
        ctx: Context[Any, Any],
        collection: Collection = "default",
        limit: Annotated[int, Field(ge=1, le=50)] = 8,
    ) -> Excerpts:
        """Find passages in the documents, best first."""
        async with _told(ctx, Scope.ASK) as caller:
            _reach(caller, collection)
            found = await self._services.retriever.search(SearchRequest(query, collection, top_k=limit))
            told = [Passage.found(item, explain=False) for item in found.passages]
            return Excerpts(passages=[Excerpt.of(item) for item in told], reason=found.reason)

    async def ask(
        self,
        question: Question,
        ctx: Context[Any, Any],
        collection: Collection = "default",
        mode: Literal["auto", "generate", "extract"] = "auto",
    ) -> CitedAnswer:
        """Answer a question from the documents; every citation is a quote that stands on the page it names."""
        async with _told(ctx, Scope.ASK) as caller:
            _reach(caller, collection)
            asked = AskRequest(question, collection, mode=mode, keep=False)
            result = await last(watched(self._services.answers.answer(asked), ctx, of_answer))
            citations = [as_wire(AnswerCitation.of(item)) for item in result.citations]
            return CitedAnswer.of(result, citations=citations)

    async def list_documents(
        self,
        ctx: Context[Any, Any],
        collection: Collection = "default",
        cursor: Annotated[str | None, Field(description="`next_cursor` of the page before.")] = None,
        limit: Annotated[int, Field(ge=1, le=100)] = 50,
    ) -> KnownDocuments:
        """List the documents of a collection, newest first."""
        async with _told(ctx, Scope.READ) as caller:
            _reach(caller, collection)
            if cursor is not None and not is_id(cursor):
                raise ToolError("`cursor` is not one that list_documents gave out.")
            found = await self._services.documents.list(collection, None, None, cursor, limit)
            return KnownDocuments(documents=[_known(item) for item in found.items], next_cursor=found.next_cursor)

    async def get_page(
        self, document_id: DocumentId, page: Annotated[int, Field(ge=1, lt=2**31)], ctx: Context[Any, Any]
    ) -> PageText:
        """The text of one page, as citations quote it."""
        async with _told(ctx, Scope.READ) as caller:
            document = await self._document(caller, document_id)
            found = await self._services.documents.page(document.id, page, None)
            return PageText(document_id=document.id, page=found.number, label=found.label, text=found.text)

    async def upload(
        self,
        filename: Annotated[str, Field(min_length=1, max_length=255)],
        content: Annotated[str, Field(description="Text, or base64 of the file's bytes.")],
        ctx: Context[Any, Any],
        encoding: Literal["text", "base64"] = "text",
        collection: Collection = "default",
    ) -> Uploaded:
        """Add a document and wait until it can be asked about; progress is told on the way."""
        async with _told(ctx, Scope.UPLOAD) as caller:
            may_fill(caller, collection)
            file = await self._received(clean_filename(filename), _bytes_of(content, encoding))
            [outcome] = await self._services.uploads.accept([file], UploadOptions(collection))
            if outcome.error is not None or outcome.document is None:
                raise outcome.error or DocubotError()
            if outcome.job_id is not None:
                await self._follow(outcome.job_id, ctx)
            document = await self._services.documents.get(outcome.document.id)
            return Uploaded(
                document_id=document.id,
                filename=document.filename,
                status=document.status,
                pages=document.page_count,
                duplicate=outcome.duplicate,
                error=document.error_message,
            )

    async def _follow(self, job_id: str, ctx: Context[Any, Any]) -> None:
        """Tell how far a job is, until it ends. What is told grows each time, as the protocol has it."""
        told = -1.0
        async for event in self._services.jobs.events(job_id):
            done = 1.0 if event.type == "finished" else float(event.data.get("progress") or 0.0)
            if done > told:
                told = done
                await ctx.report_progress(done, 1.0, str(event.data.get("stage") or event.type))

    async def translate(
        self,
        text: Annotated[str, Field(min_length=1, max_length=20_000)],
        target: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")],
        ctx: Context[Any, Any],
        source: Annotated[str | None, Field(max_length=20, description="Recognized when left out.")] = None,
    ) -> Translated:
        """Translate a text by the configured language model."""
        async with _told(ctx, Scope.TRANSLATE) as caller:
            options = TranslationOptions(target=target, source=source)
            events = self._services.translations.translate([text], options, Memory(caller.tenant))
            done = await at_the_end(watched(events, ctx, of_translation))
            check_whole(done)
            return Translated(text=done[0].text, source=source, target=target)

    # ------------------------------------------------------------ resources

    async def document_text(self, document_id: str, ctx: Context[Any, Any]) -> str:
        """A document's text, page by page."""
        async with _read(ctx) as caller:
            document = await self._document(caller, document_id)
            numbers = range(1, document.page_count + 1)
            pages = [await self._services.documents.page(document.id, number, None) for number in numbers]
            return "\n\f\n".join(page.text for page in pages)

    async def page_text(self, document_id: str, page: str, ctx: Context[Any, Any]) -> str:
        """The text of one page."""
        async with _read(ctx) as caller:
            document = await self._document(caller, document_id)
            if not (page.isascii() and page.isdigit() and len(page) < 10):
                raise ResourceNotFoundError("A page is named by its number.")
            return (await self._services.documents.page(document.id, int(page), None)).text

    async def _document(self, caller: Caller, document_id: str) -> Document:
        if not is_id(document_id):
            raise DocumentNotFound
        found = await self._services.documents.get(document_id)
        if not caller.may(found.collection):
            raise DocumentNotFound
        return found

    async def _received(self, filename: str, data: bytes) -> ReceivedFile:
        writer = await self._services.uploads.writer()
        try:
            await writer.write(data)
            blob = await writer.commit()
        except BaseException:
            await writer.abort()
            raise
        return ReceivedFile(filename, blob, data[:HEAD_BYTES])


@asynccontextmanager
async def _told(ctx: Context[Any, Any], scope: Scope) -> AsyncGenerator[Caller]:
    """The caller, if they have the scope; our errors become text that a model can read."""
    try:
        yield _caller(ctx, scope)
    except DocubotError as error:
        raise ToolError(f"{error.code}: {error.detail}") from None


@asynccontextmanager
async def _read(ctx: Context[Any, Any]) -> AsyncGenerator[Caller]:
    try:
        yield _caller(ctx, Scope.READ)
    except DocubotError as error:
        raise ResourceNotFoundError(f"{error.code}: {error.detail}") from None


def _caller(ctx: Context[Any, Any], scope: Scope) -> Caller:
    request: Any = ctx.request_context.request
    caller: Caller = request.state.caller
    if not caller.can(scope):
        raise ScopeMissing(f"This needs the scope `{scope}`, which the key or user lacks.")
    return caller.within(scope)


def _reach(caller: Caller, collection: str) -> None:
    if not caller.may(collection):
        raise CollectionNotFound


def _bytes_of(content: str, encoding: str) -> bytes:
    if encoding == "text":
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise ToolError("`content` is not base64; send text with encoding `text`.") from None


def _known(document: Document) -> KnownDocument:
    return KnownDocument.of(
        document, uri=f"docubot://documents/{document.id}", pages=document.page_count, metadata=dict(document.metadata)
    )
