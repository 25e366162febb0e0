"""What an administrator looks at: settings in force, usage, kept evaluation runs."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import FileResponse, Response

from app.core.errors import EvaluationNotFound, InvalidCursor
from app.core.version import current_version
from app.models.access import Scope
from app.models.schemas_administration import (
    CollectionUsage,
    EvaluationDetail,
    EvaluationRun,
    EvaluationRunList,
    Setting,
    SettingsInForce,
    Usage,
    UsageDay,
)
from app.routers.deps import Limit, NameCursor, TheServices, needs
from app.routers.errors import reading

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[needs(Scope.ADMIN)])
_RUN = "20261122-120000-123-questions"
RunId = Annotated[str, Path(examples=[_RUN])]
_HTML = {"text/html": {"schema": {"type": "string"}, "example": "<!doctype html>…"}}


@router.get("/settings", summary="Settings in force", responses=reading())
async def read_settings(services: TheServices) -> SettingsInForce:
    """Each environment variable, in the order of `.env.example`; secrets, and passwords in addresses, are masked."""
    found = services.administration.settings()
    return SettingsInForce(version=current_version(), settings=[Setting.of(item) for item in found])


@router.get("/usage", summary="Usage by day and by collection", responses=reading())
async def read_usage(
    services: TheServices, days: Annotated[int, Query(ge=1, le=366, description="To today, in UTC.")] = 30
) -> Usage:
    by_day, by_collection = await services.administration.usage(days)
    return Usage(
        days=[UsageDay.of(day) for day in by_day],
        collections=[CollectionUsage.of(item) for item in by_collection],
    )


@router.get("/evaluations", summary="List evaluation runs", responses=reading(InvalidCursor))
async def list_evaluations(services: TheServices, cursor: NameCursor, limit: Limit = 20) -> EvaluationRunList:
    """Finished runs of `docubot eval` in this data folder, newest first."""
    found = await services.administration.runs(cursor, limit)
    return EvaluationRunList(items=[EvaluationRun.of(run) for run in found.items], next_cursor=found.next_cursor)


@router.get("/evaluations/{run_id}", summary="Get an evaluation run", responses=reading(EvaluationNotFound))
async def get_evaluation(run_id: RunId, services: TheServices) -> EvaluationDetail:
    """Every figure: overall, by language, by document, and what changed since the run that it was compared with."""
    short, run = await services.administration.run(run_id)
    figures = run["figures"]
    return EvaluationDetail(
        **EvaluationRun.of(short).model_dump(),
        languages=figures["languages"],
        by_document=figures["documents"],
        compared_with=run.get("compared_with"),
        changes=run.get("changes", []),
    )


@router.get(
    "/evaluations/{run_id}/report",
    summary="Download an evaluation's report",
    response_class=FileResponse,
    responses={200: {"content": _HTML}, **reading(EvaluationNotFound)},
)
async def get_evaluation_report(run_id: RunId, services: TheServices) -> Response:
    """The page that `docubot eval` wrote, with each question and answer."""
    return FileResponse(
        services.administration.report(run_id),
        media_type="text/html; charset=utf-8",
        filename=f"{run_id}.html",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"},
    )
