"""POST /upload: files in, jobs out. 202 means that they are stored and will be worked on, whatever happens next."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.config import Settings
from app.core.errors import (
    BadRequest,
    CollectionNotAllowed,
    EmbeddingMismatch,
    EmptyFile,
    IdempotencyConflict,
    MalformedUpload,
    QuotaExceeded,
    StorageUnavailable,
    UnsupportedMediaType,
)
from app.models.access import Scope
from app.models.estimates import DryOutcome, Estimate
from app.models.requests import UploadOptions, UploadOutcome
from app.models.schemas_answers import as_wire
from app.models.schemas_documents import Upload, UploadedDocument, UploadFields
from app.models.schemas_estimates import Estimate as EstimateOnWire
from app.models.schemas_estimates import EstimatedDocument, UploadEstimate
from app.routers.deps import TheCaller, TheServices, may_fill, needs
from app.routers.errors import MEDIA_TYPE, changing, problem
from app.routers.forms import Limits, receiving
from app.routers.idempotency import Answer, IdempotencyKey, fingerprint, once

router = APIRouter(tags=["documents"])
DryRun = Annotated[
    bool, Query(description="Read the files, tell pages, tokens, chunks, price and time, and keep nothing.")
]
ERRORS = (MalformedUpload, UnsupportedMediaType, EmptyFile, QuotaExceeded, StorageUnavailable)
_REPEATED = {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1}
_FIELDS = {
    "collection": {"type": "string", "default": "default", "description": "Made when it is new."},
    "metadata": {"type": "string", "description": "A JSON object.", "examples": ['{"year": 2023}']},
    "language": {"type": "string", "description": "A BCP 47 tag; recognized when left out.", "examples": ["en"]},
    "password": {"type": "string", "description": "Opens encrypted files.", "minLength": 1},
}


def multipart_body(file: Mapping[str, Any]) -> dict[str, Any]:
    """The request body for the OpenAPI document: the endpoint reads the stream by itself."""
    schema = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": file, **_FIELDS},
        "additionalProperties": False,
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


@router.post(
    "/upload",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Upload documents",
    response_model=Upload,
    status_code=202,
    responses={
        200: {
            "model": Upload | UploadEstimate,
            "description": "Every file was known already; nothing new to do. Or what a dry run found.",
        },
        **changing(CollectionNotAllowed, BadRequest, *ERRORS, EmbeddingMismatch, IdempotencyConflict),
    },
    openapi_extra=multipart_body(_REPEATED),
)
async def upload(
    request: Request, services: TheServices, caller: TheCaller, key: IdempotencyKey, dry_run: DryRun = False
) -> Response:
    """Any number of parts named `file`. One bad file does not fail the others: each item has its own `error`.

    A ZIP is unpacked: each file in it becomes a document, with an item of its own that names `archive` and `path`.

    When no file could be accepted, the answer is the first file's problem, with `documents` beside it.
    """
    async with receiving(request, services.uploads.writer, limits(services.settings)) as form:
        options = upload_options(form.fields)
        may_fill(caller, options.collection)
        files = await form.commit()

    async def run() -> Answer:
        return upload_answer(await services.uploads.accept(files, options))

    if dry_run:  # may be sent again as often as you like: it takes no key
        status, body = estimate_answer(await services.estimates.estimate(files, options))
    else:
        status, body = await once(services, caller, key, fingerprint(request, files, form.fields), run)
    return JSONResponse(body, status, media_type=MEDIA_TYPE if "code" in body else None)


def limits(settings: Settings, files: int | None = None) -> Limits:
    """What one upload may hold."""
    return Limits(
        settings.max_upload_bytes, files or settings.max_files_per_upload, frozenset(UploadFields.model_fields)
    )


def upload_options(fields: Mapping[str, str]) -> UploadOptions:
    """The form fields, checked. Raises RequestValidationError."""
    try:
        return UploadFields.model_validate(fields).options()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in found]) from None


def upload_answer(outcomes: Sequence[UploadOutcome]) -> Answer:
    """202 when there is new work, 200 when every accepted file was known, else the first file's problem."""
    body = as_wire(Upload(documents=[_item(outcome) for outcome in outcomes]))
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    if len(errors) == len(outcomes):
        return errors[0].status, problem(errors[0]) | body
    fresh = any(not outcome.duplicate for outcome in outcomes if outcome.error is None)
    return (202 if fresh else 200), body


def estimate_answer(outcomes: Sequence[DryOutcome]) -> Answer:
    """200 when any file could be read, else the first file's problem."""
    fresh = (outcome.estimate for outcome in outcomes if outcome.estimate is not None and not outcome.duplicate)
    total = EstimateOnWire.of(sum(fresh, Estimate()))
    body = as_wire(UploadEstimate(documents=[_estimated(outcome) for outcome in outcomes], total=total))
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    if len(errors) == len(outcomes):
        return errors[0].status, problem(errors[0]) | body
    return 200, body


def _estimated(outcome: DryOutcome) -> EstimatedDocument:
    error = None if outcome.error is None else problem(outcome.error)
    estimate = None if outcome.estimate is None else EstimateOnWire.of(outcome.estimate)
    return EstimatedDocument.of(outcome, error=error, estimate=estimate)


def _item(outcome: UploadOutcome) -> UploadedDocument:
    if outcome.error is not None:
        return UploadedDocument(
            filename=outcome.filename, archive=outcome.archive, path=outcome.path, error=problem(outcome.error)
        )
    return UploadedDocument.accepted(outcome)
