"""GET /v1/models: each collection is a model to chat with."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path

from app.core.errors import CollectionNotFound, ModelNotFound
from app.models.access import Caller, Scope
from app.models.records import Collection
from app.models.schemas_openai import seconds
from app.models.schemas_openai_chat import Model, ModelList
from app.routers.deps import TheCaller, TheServices, needs
from app.routers.openai.errors import failing
from app.routers.openai.names import MODEL, collection_of, model_name
from app.services.collections import DEFAULT
from app.services.container import Services

router = APIRouter(dependencies=[needs(Scope.ASK)])
_PAGE = 100


@router.get("/models", summary="List models", responses=failing())
async def list_models(services: TheServices, caller: TheCaller) -> ModelList:
    """`docubot` and one `docubot/<collection>` for each; the last one makes embeddings."""
    found = [Model(id=MODEL)] if caller.may(DEFAULT) else []
    found += [_model(item) async for item in _collections(services, caller) if item.name != DEFAULT]
    return ModelList(data=[*found, Model(id=services.embeddings.model)])


@router.get("/models/{model:path}", summary="Get a model", responses=failing(ModelNotFound))
async def get_model(
    model: Annotated[str, Path(examples=["docubot/reports"])], services: TheServices, caller: TheCaller
) -> Model:
    if model in (MODEL, services.embeddings.model):
        return Model(id=model)
    name = collection_of(model, caller)
    try:
        return _model(await services.collections.get(name))
    except CollectionNotFound:
        raise ModelNotFound() from None


async def _collections(services: Services, caller: Caller) -> AsyncIterator[Collection]:
    cursor: str | None = None
    while True:
        page = await services.collections.list(cursor, _PAGE)
        for item in page.items:
            if caller.may(item.name):
                yield item
        cursor = page.next_cursor
        if cursor is None:
            return


def _model(collection: Collection) -> Model:
    return Model(id=model_name(collection.name), created=seconds(collection.created_at))
