"""POST /search: passages without an answer."""

from fastapi import APIRouter

from app.core.errors import (
    CollectionNotFound,
    EmbeddingMismatch,
    EmbeddingsUnavailable,
    InvalidFilter,
)
from app.logic.filters import parse_filter
from app.models.access import Scope
from app.models.requests import SearchRequest
from app.models.schemas_answers import Found, Search
from app.routers.deps import TheCaller, TheServices, needs, reached
from app.routers.errors import changing

router = APIRouter(tags=["answers"])


@router.post(
    "/search",
    dependencies=[needs(Scope.ASK)],
    summary="Find passages",
    responses=changing(InvalidFilter, CollectionNotFound, EmbeddingMismatch, EmbeddingsUnavailable, body=True),
)
async def search(body: Search, services: TheServices, caller: TheCaller) -> Found:
    """Best first, from the documents that are ready; `reason` says why there are none."""
    request = SearchRequest(
        body.query,
        reached(caller, body.collection),
        None if body.document_ids is None else tuple(body.document_ids),
        None if body.filters is None else parse_filter(body.filters),
        body.top_k,
    )
    return Found.result(await services.retriever.search(request), body.explain)
