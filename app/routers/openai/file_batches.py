"""/v1/vector_stores/{id}/file_batches: many files attached in one step."""

from fastapi import APIRouter
from starlette.responses import Response

from app.core.errors import (
    EmbeddingMismatch,
    FileBatchNotFound,
    FileNotFound,
    InvalidCursor,
    QuotaExceeded,
    VectorStoreExpired,
    VectorStoreNotFound,
)
from app.models.access import Scope
from app.models.schemas_openai_files import listed
from app.models.schemas_openai_storefiles import FileBatch, NewFileBatch, StoreFile, StoreFileList
from app.routers.deps import TheCaller, TheServices, needs
from app.routers.openai.attaching import attachments
from app.routers.openai.errors import failing
from app.routers.openai.paths import POLL, BatchId, StoreFileWindow, StoreId
from app.routers.openai.store_files import State

router = APIRouter(prefix="/vector_stores/{vector_store_id}/file_batches")


@router.post(
    "",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Attach many files",
    responses=failing(
        VectorStoreNotFound, FileNotFound, VectorStoreExpired, EmbeddingMismatch, QuotaExceeded, body=True
    ),
)
async def create_file_batch(
    store_id: StoreId, new: NewFileBatch, services: TheServices, caller: TheCaller, response: Response
) -> FileBatch:
    """At most 2,000; none is attached when one of them does not exist."""
    made = await services.store_files.attach_batch(caller, store_id, attachments(new.each()))
    response.headers.update(POLL)
    return FileBatch.stored(made)


@router.get(
    "/{batch_id}",
    dependencies=[needs(Scope.READ)],
    summary="Get a file batch",
    responses=failing(VectorStoreNotFound, FileBatchNotFound),
)
async def get_file_batch(
    store_id: StoreId, batch_id: BatchId, services: TheServices, caller: TheCaller, response: Response
) -> FileBatch:
    response.headers.update(POLL)
    return FileBatch.stored(await services.store_files.batch(caller, store_id, batch_id))


@router.post(
    "/{batch_id}/cancel",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Cancel a file batch",
    responses=failing(VectorStoreNotFound, FileBatchNotFound, changes=True),
)
async def cancel_file_batch(
    store_id: StoreId, batch_id: BatchId, services: TheServices, caller: TheCaller
) -> FileBatch:
    """What is finished stays."""
    return FileBatch.stored(await services.store_files.cancel_batch(caller, store_id, batch_id))


@router.get(
    "/{batch_id}/files",
    dependencies=[needs(Scope.READ)],
    summary="List a batch's files",
    responses=failing(VectorStoreNotFound, FileBatchNotFound, FileNotFound, InvalidCursor),
)
async def list_batch_files(
    store_id: StoreId,
    batch_id: BatchId,
    services: TheServices,
    caller: TheCaller,
    window: StoreFileWindow,
    state: State = None,
) -> StoreFileList:
    found = await services.store_files.list(caller, store_id, window, state=state, batch_id=batch_id)
    return StoreFileList.of(listed(StoreFileList, found, StoreFile.stored, lambda item: item.id))
