"""Collections of documents, each stamped with its embedding model."""

from fastapi import APIRouter

from app.core.errors import CollectionExists, CollectionNotAllowed, CollectionNotFound, InvalidCursor
from app.models.access import Scope
from app.models.schemas import failure
from app.models.schemas_store import Collection, CollectionChange, CollectionList, Job, NewCollection
from app.routers.deps import CollectionName, Limit, NameCursor, TheCaller, TheServices, may_fill, needs
from app.routers.errors import changing, reading

router = APIRouter(prefix="/collections", tags=["collections"])


@router.get("", dependencies=[needs(Scope.READ)], summary="List collections", responses=reading(InvalidCursor))
async def list_collections(
    services: TheServices, caller: TheCaller, cursor: NameCursor, limit: Limit = 20
) -> CollectionList:
    """By name."""
    found = await services.collections.list(cursor, limit, caller.reach)
    return CollectionList(items=[Collection.of(item) for item in found.items], next_cursor=found.next_cursor)


@router.post(
    "",
    dependencies=[needs(Scope.MANAGE)],
    summary="Create a collection",
    status_code=201,
    responses=changing(CollectionNotAllowed, CollectionExists, body=True),
)
async def create_collection(new: NewCollection, services: TheServices, caller: TheCaller) -> Collection:
    """An upload makes its collection too; this call gives it a description."""
    may_fill(caller, new.name)
    return Collection.of(await services.collections.create(new.name, new.description, new.metadata))


@router.get(
    "/{name}", dependencies=[needs(Scope.READ)], summary="Get a collection", responses=reading(CollectionNotFound)
)
async def get_collection(name: CollectionName, services: TheServices) -> Collection:
    return Collection.of(await services.collections.get(name))


@router.patch(
    "/{name}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Change description or metadata",
    responses=changing(CollectionNotFound, body=True),
)
async def update_collection(name: CollectionName, change: CollectionChange, services: TheServices) -> Collection:
    return Collection.of(await services.collections.update(name, change.description, change.metadata))


@router.delete(
    "/{name}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Delete a collection",
    status_code=202,
    responses=changing(CollectionNotFound),
)
async def delete_collection(name: CollectionName, services: TheServices) -> Job:
    """Its documents vanish from every answer at once; the job removes what they left."""
    job = await services.collections.delete(name)
    return Job.of(job, error=failure(job))


@router.post(
    "/{name}/reindex",
    dependencies=[needs(Scope.MANAGE)],
    summary="Rebuild a collection's vectors",
    status_code=202,
    responses=changing(CollectionNotFound),
)
async def reindex_collection(name: CollectionName, services: TheServices) -> Job:
    """With the configured embedding model; the old index answers until the new one is whole."""
    job = await services.collections.reindex(name)
    return Job.of(job, error=failure(job))
