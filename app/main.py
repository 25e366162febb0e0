"""The HTTP application: routers, the middleware around them, and what a lifespan opens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Scope

from app.core.closing import Closing
from app.core.config import Settings
from app.core.telemetry import Metrics
from app.core.version import current_version
from app.models.schemas import Problem
from app.ports import Board
from app.routers import (
    administration,
    ask,
    ask_socket,
    audit,
    collections,
    conversations,
    document_translations,
    documents,
    errors,
    glossaries,
    health,
    jobs,
    keys,
    me,
    search,
    token,
    translate,
    translate_files,
    upload,
    users,
    webhooks,
)
from app.routers.declared import add_security, refused
from app.routers.head import HeadAsGet
from app.routers.mcp import endpoint as mcp
from app.routers.middleware import AccessLog, BodyLimit, LingeringClose, RequestId, SecurityHeaders, UnexpectedErrors
from app.routers.openai import sdk_headers
from app.routers.openai import wire as openai
from app.routers.openai.errors import drop_422
from app.routers.origins import OriginGuard
from app.routers.pages import add_pages
from app.routers.rate_headers import RateHeaders
from app.routers.slow import SlowBodies
from app.routers.sse import Frame
from app.services.container import Services
from app.services.journal import Journal, SharedStreams

BODY_BYTES = 1024 * 1024
_DESCRIPTION = "Self-hosted document Q&A whose every citation can be checked on the page."
_BUILT_PAGE = Path(__file__).parents[1] / "web" / "dist"
_ROUTERS = (
    health,
    upload,
    documents,
    collections,
    jobs,
    search,
    ask,
    ask_socket,
    conversations,
    translate,
    translate_files,
    document_translations,
    glossaries,
    openai,
    webhooks,
    token,
    me,
    keys,
    users,
    audit,
    administration,
)

OpenServices = Callable[[Settings], AbstractAsyncContextManager[Services]]


def create_app(
    settings: Settings,
    services_factory: OpenServices | None = None,
    *,
    built_page: Path = _BUILT_PAGE,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The application over `settings`; its lifespan opens the services (by default those of `bootstrap`). `metrics`:
    what it tells at /metrics, with whatever else is registered there."""
    metrics = metrics or Metrics()
    app = Api(
        title="DocuBot",
        description=_DESCRIPTION,
        version=current_version(),
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, services_factory or partial(_open_services, registry=metrics.registry)),
        middleware=_middleware(settings, metrics),
        generate_unique_id_function=_operation_id,
        # Its spans and logs would carry what ours must not: texts of exceptions, raw paths.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.metrics = metrics
    errors.install(app, refused)
    for module in _ROUTERS:
        app.include_router(module.router)
    app.include_router(mcp.router)
    add_pages(app, built_page)
    return app


class Api(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """FastAPI's document, the schema that every error response refers to, and what each call's caller must have."""
        document = super().openapi()
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document["components"]["schemas"]
        schemas.update(problem.pop("$defs"))
        schemas["Problem"] = problem
        add_security(document, self.routes)
        _only_events(document)
        drop_422(document)
        return document


def _only_events(document: dict[str, Any]) -> None:
    """A stream is told event by event; the framework calls it one text as well."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    if "itemSchema" in content:
                        content.pop("schema", None)


def _open_services(settings: Settings, registry: CollectorRegistry) -> AbstractAsyncContextManager[Services]:
    # Imported late: it brings every adapter, and whoever gives other services needs none of them.
    from app.bootstrap import open_services

    return open_services(settings, registry=registry)


def _lifespan(
    settings: Settings, services_factory: OpenServices
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with services_factory(settings) as services:
            app.state.services = services
            journal: Journal[Frame] = Journal(lambda frame: len(frame.data), shared=_shared(services.board))
            app.state.journal = journal
            app.state.closing = Closing()
            watching = asyncio.create_task(app.state.metrics.loop.run(), name="loop-watch")
            try:
                async with mcp.open_mcp(app, services):
                    yield
            finally:
                watching.cancel()
                await journal.close()

    return lifespan


def _shared(board: Board | None) -> SharedStreams[Frame] | None:
    return None if board is None else SharedStreams(board, Frame.written, Frame.read)


def _middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """Outermost first. Whatever answers stands inside CORS, so that a page may read every refusal."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials=settings.cors_credentials,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=(
            "Authorization",
            "Idempotency-Key",
            "Last-Event-ID",
            "X-API-Key",
            "X-Request-ID",
            *sdk_headers.SENT,
        ),
        expose_headers=(
            "X-Request-ID",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "Content-Disposition",
            "ETag",
            *sdk_headers.READ,
        ),
    )
    return [
        Middleware(HeadAsGet),
        Middleware(RequestId),
        Middleware(AccessLog, metrics=metrics),
        Middleware(SecurityHeaders, issuers=settings.issuer_origins),
        *([cors] if settings.cors_origins else []),
        Middleware(RateHeaders),
        Middleware(LingeringClose),
        Middleware(UnexpectedErrors),
        Middleware(OriginGuard, loopback=settings.loopback, origins=settings.cors_origins),
        Middleware(SlowBodies, seconds=settings.body_timeout),
        Middleware(BodyLimit, limit=BODY_BYTES, exempt=_takes_files),
    ]


def _takes_files(scope: Scope) -> bool:
    """The calls that stream files and count for themselves."""
    path: str = scope["path"].rstrip("/")
    put = scope["method"] == "PUT" and path.startswith("/documents/") and path.endswith("/file")
    return put or (scope["method"] == "POST" and path in ("/upload", "/translate_file", "/v1/files", "/mcp"))


def _operation_id(route: APIRoute) -> str:
    return route.name
