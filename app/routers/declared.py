"""Which scope each route declares: for the OpenAPI document, and for the tests that walk all routes."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import BaseRoute, compile_path

from app.core.errors import DocubotError
from app.routers.deps import Guard

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or a token of `POST /token`."},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "password": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/token", "refreshUrl": "/token", "scopes": {}}}},
}


def declared(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, frozenset[str], Guard | None]]:
    """Path, methods (none of a WebSocket) and guard of every route that calls code of ours; None: it declares nothing.

    Mounted folders of files and FastAPI's own /openapi.json are no such routes: they hold nothing of anybody.
    """
    for context in iter_route_contexts(routes):
        dependant: Dependant | None = getattr(context, "dependant", None)
        if dependant is not None and context.path:
            yield context.path, frozenset(context.methods or ()), _guard(dependant)


def _guard(dependant: Dependant) -> Guard | None:
    return next((item.call for item in dependant.dependencies if isinstance(item.call, Guard)), None)


async def refused(request: Request) -> DocubotError | None:
    """Why the caller may not make this call; None when they may, or when that is only known from a form."""
    for template, methods, guard in declared(request.app.routes):
        names_it = request.method in methods and compile_path(template)[0].match(request.scope["path"])
        if names_it and guard is not None:
            try:
                await guard(request)
            except DocubotError as error:
                return error
    return None


def add_security(document: dict[str, Any], routes: Sequence[BaseRoute]) -> None:
    """Name the ways to bring a key, and say of each call which scope it needs."""
    document["components"]["securitySchemes"] = _SCHEMES
    for template, methods, guard in declared(routes):
        _, path, _ = compile_path(template)  # the document names parameters without their convertors
        for method in methods & {name.upper() for name in document["paths"].get(path, ())}:
            operation = document["paths"][path][method.lower()]
            if guard is not None and not guard.public:
                operation["security"] = [{name: []} for name in _SCHEMES]
                operation["x-scope"] = guard.scope.value if guard.scope else "any"
