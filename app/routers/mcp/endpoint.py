"""/mcp: the protocol over streamable HTTP, with the same keys and scopes as every call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.core.errors import Unavailable
from app.models.access import Scope as AccessScope
from app.routers.deps import needs
from app.services.container import Services

router = APIRouter(tags=["mcp"])
BODY_BYTES = 32 * 1024 * 1024
_MISSING = 'The protocol\'s SDK is not installed here. Run: pip install "docubot[mcp]"; then start again.'


@asynccontextmanager
async def open_mcp(app: FastAPI, services: Services) -> AsyncIterator[None]:
    """Sessions for as long as the application lives; none where the SDK is not installed."""
    app.state.mcp = None
    if find_spec("mcp") is None:
        yield
        return
    from mcp.server.transport_security import TransportSecuritySettings

    from app.routers.mcp.server import make_server

    server = make_server(services)
    # Hosts and origins are checked for every call alike, by OriginGuard.
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server.streamable_http_app(stateless_http=True, max_request_body_size=BODY_BYTES, transport_security=unchecked)
    async with server.session_manager.run():
        app.state.mcp = server.session_manager
        yield


class Handled(Response):
    """The SDK's own answer."""

    def __init__(self, manager: Any) -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


@router.api_route(
    "/mcp", methods=["GET", "POST", "DELETE"], dependencies=[needs(AccessScope.READ)], include_in_schema=False
)
async def mcp(request: Request) -> Response:
    """Each tool asks for its own scope besides."""
    manager = request.app.state.mcp
    if manager is None:
        raise Unavailable(_MISSING)
    return Handled(manager)
