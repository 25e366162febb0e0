"""Is it alive, can it serve, what does it measure."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.telemetry import Metrics
from app.core.version import current_version
from app.models.access import Scope
from app.models.schemas_answers import as_wire
from app.models.schemas_store import Dependency, Health, Readiness
from app.routers.deps import PUBLIC, TheServices, needs
from app.routers.errors import reading

router = APIRouter(tags=["health"])


@router.get("/health", dependencies=[PUBLIC], summary="Liveness", responses=reading())
async def health() -> Health:
    """The process answers; nothing else is touched."""
    return Health(version=current_version())


@router.get(
    "/health/ready",
    dependencies=[PUBLIC],
    summary="Readiness",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Something that is needed is down."}, **reading()},
)
async def ready(services: TheServices) -> Response:
    """Each dependency by name; 503 when one that is needed is down."""
    found = await services.health.ready()
    needed_down = any(item.required and not item.ok for item in found)
    up = all(item.ok for item in found)
    readiness = Readiness(
        status="not_ready" if needed_down else "ready" if up else "degraded",
        dependencies=[Dependency.of(item) for item in found],
    )
    return JSONResponse(as_wire(readiness), 503 if needed_down else 200, {"Cache-Control": "no-store"})


@router.get(
    "/metrics",
    dependencies=[needs(Scope.ADMIN)],
    summary="Prometheus metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "docubot_http_requests_in_flight 1.0"}}}, **reading()},
)
async def metrics(request: Request) -> Response:
    measured: Metrics = request.app.state.metrics
    return Response(measured.exposition(), headers={"Content-Type": measured.content_type})
