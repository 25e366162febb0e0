"""`resources/list`: the documents that the caller reaches. The SDK's own list knows what is fixed at start alone."""

from typing import Any

from mcp import MCPError
from mcp.server import ServerRequestContext
from mcp.server.mcpserver import MCPServer
from mcp_types import INVALID_PARAMS, ListResourcesResult, PaginatedRequestParams, Resource

from app.core.ids import is_id
from app.models.access import Caller, Scope
from app.models.records import Document
from app.services.documents import DocumentService

_AT_ONCE = 100


def list_documents(server: MCPServer[Any], documents: DocumentService) -> None:
    """Let `server` list them, newest first, a hundred a page."""

    async def handler(ctx: ServerRequestContext[Any], params: PaginatedRequestParams) -> ListResourcesResult:
        caller: Caller = ctx.request.state.caller  # type: ignore[union-attr]
        if params.cursor is not None and not is_id(params.cursor):
            raise MCPError(INVALID_PARAMS, "`cursor` is not one that resources/list gave out.")
        if not caller.can(Scope.READ):
            return ListResourcesResult(resources=[])
        found = await documents.list(None, None, None, params.cursor, _AT_ONCE, reach=caller.reach)
        return ListResourcesResult(resources=[_resource(item) for item in found.items], next_cursor=found.next_cursor)

    server._lowlevel_server.add_request_handler("resources/list", PaginatedRequestParams, handler)


def _resource(document: Document) -> Resource:
    return Resource(
        uri=f"docubot://documents/{document.id}",
        name=document.filename,
        title=document.title,
        description=f"In the collection {document.collection}, {document.status.value.replace('_', ' ')}.",
        mime_type="text/plain",
    )
