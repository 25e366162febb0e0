"""/v1/vector_stores: collections, as OpenAI's wire has them."""

from fastapi import APIRouter
from starlette.responses import Response

from app.core.errors import (
    CollectionNotAllowed,
    EmbeddingMismatch,
    EmbeddingsUnavailable,
    FileNotFound,
    InvalidCursor,
    InvalidFilter,
    QuotaExceeded,
    VectorStoreExpired,
    VectorStoreNotFound,
)
from app.core.ids import prefixed
from app.logic.filters import parse_filter
from app.models.access import Scope
from app.models.requests import SearchRequest
from app.models.schemas_openai import Deleted
from app.models.schemas_openai_files import listed
from app.models.schemas_openai_storefiles import NewFileBatch
from app.models.schemas_openai_stores import (
    STORE,
    NewStore,
    SearchHit,
    SearchPage,
    Store,
    StoreChange,
    StoreList,
    StoreSearch,
)
from app.routers.deps import TheCaller, TheServices, needs
from app.routers.openai.attaching import attachments
from app.routers.openai.errors import failing
from app.routers.openai.paths import POLL, StoreId, StoreWindow

router = APIRouter(prefix="/vector_stores")


@router.post(
    "",
    dependencies=[needs(Scope.MANAGE)],
    summary="Create a vector store",
    responses=failing(CollectionNotAllowed, FileNotFound, EmbeddingMismatch, QuotaExceeded, body=True),
)
async def create_vector_store(new: NewStore, services: TheServices, caller: TheCaller, response: Response) -> Store:
    """A collection of that name; when the name is taken or cannot be one, of one like it (`collection` tells)."""
    batch = NewFileBatch(file_ids=new.file_ids, chunking_strategy=new.chunking_strategy) if new.file_ids else None
    wanted = attachments(batch.each()) if batch else []
    for item in wanted:
        await services.files.get(caller, item.file_id)
    days = new.expires_after.days if new.expires_after else None
    made = await services.stores.create(caller, new.name, new.metadata or {}, days)
    if new.description:
        await services.collections.update(made.collection.name, new.description, None)
    if wanted:
        await services.store_files.attach_first(caller, made.collection.id, wanted)
    response.headers.update(POLL)
    return Store.stored(await services.stores.get(caller, made.collection.id))


@router.get("", dependencies=[needs(Scope.READ)], summary="List vector stores", responses=failing(InvalidCursor))
async def list_vector_stores(services: TheServices, caller: TheCaller, window: StoreWindow) -> StoreList:
    found = await services.stores.list(caller, window)
    return StoreList.of(listed(StoreList, found, Store.stored, lambda item: item.id))


@router.get(
    "/{vector_store_id}",
    dependencies=[needs(Scope.READ)],
    summary="Get a vector store",
    responses=failing(VectorStoreNotFound),
)
async def get_vector_store(store_id: StoreId, services: TheServices, caller: TheCaller, response: Response) -> Store:
    response.headers.update(POLL)
    return Store.stored(await services.stores.get(caller, store_id))


@router.post(
    "/{vector_store_id}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Change a vector store",
    responses=failing(VectorStoreNotFound, body=True),
)
async def update_vector_store(
    store_id: StoreId, change: StoreChange, services: TheServices, caller: TheCaller
) -> Store:
    """A new name is the store's; the collection keeps its own."""
    return Store.stored(await services.stores.update(caller, store_id, change.changes()))


@router.delete(
    "/{vector_store_id}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Delete a vector store",
    responses=failing(VectorStoreNotFound, changes=True),
)
async def delete_vector_store(store_id: StoreId, services: TheServices, caller: TheCaller) -> Deleted:
    """The collection and its documents; the files of /v1/files stay."""
    await services.stores.delete(caller, store_id)
    return Deleted(id=prefixed(STORE, store_id), object="vector_store.deleted")


@router.post(
    "/{vector_store_id}/search",
    dependencies=[needs(Scope.ASK)],
    summary="Search a vector store",
    responses=failing(
        VectorStoreNotFound, VectorStoreExpired, InvalidFilter, EmbeddingMismatch, EmbeddingsUnavailable, body=True
    ),
)
async def search_vector_store(
    store_id: StoreId, body: StoreSearch, services: TheServices, caller: TheCaller
) -> SearchPage:
    """Passages, best first. `hybrid_search` weighs the two sides of the fusion; by `rewrite_query` a model says
    what to search for, where there is one."""
    queries = [body.query] if isinstance(body.query, str) else body.query
    how = SearchRequest(
        "",
        filters=None if body.filters is None else parse_filter(body.filters),
        top_k=body.max_num_results,
        keyword_weight=body.ranking_options.keyword_weight,
        score_floor=body.ranking_options.score_threshold,
    )
    found = await services.stores.search(caller, store_id, queries, how, rewrite=body.rewrite_query)
    documents = await services.documents.several([passage.document_id for passage in found.passages])
    data = [SearchHit.found(passage, documents.get(passage.document_id)) for passage in found.passages]
    return SearchPage(search_query=list(found.queries), data=data)
