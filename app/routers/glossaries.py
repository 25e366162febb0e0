"""Glossaries: how terms are to be translated, as JSON or CSV. Each tenant has its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import (
    GlossaryExists,
    GlossaryNotFound,
    InvalidCursor,
    MalformedUpload,
    Unprocessable,
    UnsupportedMediaType,
)
from app.logic import glossaries
from app.logic import translation_languages as languages
from app.models.access import Scope
from app.models.schemas import Name
from app.models.schemas_glossaries import Glossary, GlossaryContent, GlossaryList, NewGlossary
from app.models.translation import Term
from app.routers.deps import Limit, NameCursor, TheCaller, TheServices, needs
from app.routers.errors import changing, reading

router = APIRouter(prefix="/glossaries", tags=["translate"])
_names: TypeAdapter[str] = TypeAdapter(Name)


async def _glossary_name(name: Annotated[str, Path(examples=["contracts"])]) -> str:
    try:
        return _names.validate_python(name)
    except ValidationError:
        raise GlossaryNotFound() from None


def _pair(body: GlossaryContent) -> tuple[str | None, str | None]:
    """Wire codes. Raises Unprocessable for a language that is not supported."""
    found = []
    for field in ("source", "target"):
        code = getattr(body, field)
        known = None if code is None else languages.known(code)
        if code is not None and known is None:
            message = "Is not supported; GET /languages lists those that are"
            raise Unprocessable(errors=[{"loc": ["body", field], "msg": message, "type": "language"}])
        found.append(known)
    return found[0], found[1]


def _terms(body: GlossaryContent) -> tuple[Term, ...]:
    try:
        return glossaries.unique(
            [glossaries.clean(term.source, term.target, term.case_sensitive) for term in body.terms]
        )
    except ValueError as error:
        raise Unprocessable(errors=[{"loc": ["body", "terms"], "msg": str(error), "type": "term"}]) from None


GlossaryName = Annotated[str, Depends(_glossary_name)]
_CSV = "text/csv"
_SHOWN = "source,target,case_sensitive\r\ninvoice,Rechnung,false\r\nDocuBot,,true\r\n"
_TABLE = {"content": {_CSV: {"schema": {"type": "string", "examples": [_SHOWN]}}}}


@router.get("", dependencies=[needs(Scope.TRANSLATE)], summary="List glossaries", responses=reading(InvalidCursor))
async def list_glossaries(
    services: TheServices, caller: TheCaller, cursor: NameCursor, limit: Limit = 20
) -> GlossaryList:
    """By name."""
    found = await services.glossaries.list(caller.tenant, cursor, limit)
    return GlossaryList(items=[Glossary.from_record(item) for item in found.items], next_cursor=found.next_cursor)


@router.post(
    "",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Make a glossary",
    status_code=201,
    responses=changing(GlossaryExists, body=True),
)
async def create_glossary(body: NewGlossary, services: TheServices, caller: TheCaller) -> Glossary:
    source, target = _pair(body)
    made = await services.glossaries.create(caller.tenant, body.name, source, target, _terms(body))
    return Glossary.from_record(made)


@router.get(
    "/{name}", dependencies=[needs(Scope.TRANSLATE)], summary="Get a glossary", responses=reading(GlossaryNotFound)
)
async def get_glossary(name: GlossaryName, services: TheServices, caller: TheCaller) -> Glossary:
    return Glossary.from_record(await services.glossaries.get(caller.tenant, name))


@router.put(
    "/{name}",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Replace a glossary",
    responses=changing(GlossaryNotFound, body=True),
)
async def replace_glossary(
    name: GlossaryName, body: GlossaryContent, services: TheServices, caller: TheCaller
) -> Glossary:
    """All of it, under the next version."""
    source, target = _pair(body)
    return Glossary.from_record(await services.glossaries.replace(caller.tenant, name, source, target, _terms(body)))


@router.delete(
    "/{name}",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Delete a glossary",
    status_code=204,
    responses=changing(GlossaryNotFound),
)
async def delete_glossary(name: GlossaryName, services: TheServices, caller: TheCaller) -> None:
    await services.glossaries.delete(caller.tenant, name)


@router.get(
    "/{name}/csv",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Download a glossary as CSV",
    response_class=Response,
    responses={200: _TABLE, **reading(GlossaryNotFound)},
)
async def export_glossary(name: GlossaryName, services: TheServices, caller: TheCaller) -> Response:
    found = await services.glossaries.get(caller.tenant, name)
    headers = {"Content-Disposition": 'attachment; filename="glossary.csv"'}
    return Response(glossaries.to_csv(found.terms), media_type=_CSV, headers=headers)


@router.put(
    "/{name}/csv",
    dependencies=[needs(Scope.TRANSLATE)],
    summary="Replace a glossary's terms by CSV",
    responses=changing(GlossaryNotFound, MalformedUpload, UnsupportedMediaType),
    openapi_extra={"requestBody": {"required": True, **_TABLE}},
)
async def import_glossary(name: GlossaryName, request: Request, services: TheServices, caller: TheCaller) -> Glossary:
    """Columns source, target, case_sensitive; the last may be left out. An empty target keeps the term as it is."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _CSV:
        raise UnsupportedMediaType("Send the table with the header Content-Type: text/csv; charset=utf-8.")
    try:
        terms = glossaries.from_csv((await request.body()).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise MalformedUpload("The table is not UTF-8. Save it as CSV UTF-8, and send that.") from None
    except ValueError as error:
        raise Unprocessable(errors=[{"loc": ["body"], "msg": str(error), "type": "csv"}]) from None
    return Glossary.from_record(await services.glossaries.replace_terms(caller.tenant, name, terms))
