"""/v1/vector_stores/{id}/files: the documents of a collection, made of files."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.errors import (
    EmbeddingMismatch,
    FileNotFound,
    InvalidCursor,
    QuotaExceeded,
    VectorStoreExpired,
    VectorStoreNotFound,
)
from app.core.ids import prefixed
from app.models.access import Scope
from app.models.schemas_openai import Deleted
from app.models.schemas_openai_citations import FILE
from app.models.schemas_openai_files import listed
from app.models.schemas_openai_storefiles import (
    NewAttributes,
    NewStoreFile,
    StoreFile,
    StoreFileContent,
    StoreFileList,
    StoreFileText,
)
from app.routers.deps import TheCaller, TheServices, needs
from app.routers.openai.attaching import attachments
from app.routers.openai.errors import failing
from app.routers.openai.paths import POLL, FileId, StoreFileWindow, StoreId

router = APIRouter(prefix="/vector_stores/{vector_store_id}/files")
State = Annotated[
    Literal["in_progress", "completed", "failed", "cancelled"] | None,
    Query(alias="filter", description="Of this state."),
]


@router.post(
    "",
    dependencies=[needs(Scope.UPLOAD)],
    summary="Attach a file",
    responses=failing(
        VectorStoreNotFound, FileNotFound, VectorStoreExpired, EmbeddingMismatch, QuotaExceeded, body=True
    ),
)
async def create_store_file(
    store_id: StoreId, new: NewStoreFile, services: TheServices, caller: TheCaller, response: Response
) -> StoreFile:
    """It becomes a document of the collection; one that is there already stays as it is."""
    [document] = await services.store_files.attach(caller, store_id, attachments([new]))
    response.headers.update(POLL)
    return StoreFile.stored(document)


@router.get(
    "",
    dependencies=[needs(Scope.READ)],
    summary="List a store's files",
    responses=failing(VectorStoreNotFound, FileNotFound, InvalidCursor),
)
async def list_store_files(
    store_id: StoreId, services: TheServices, caller: TheCaller, window: StoreFileWindow, state: State = None
) -> StoreFileList:
    found = await services.store_files.list(caller, store_id, window, state=state)
    return StoreFileList.of(listed(StoreFileList, found, StoreFile.stored, lambda item: item.id))


@router.get(
    "/{file_id}",
    dependencies=[needs(Scope.READ)],
    summary="Get a store's file",
    responses=failing(VectorStoreNotFound, FileNotFound),
)
async def get_store_file(
    store_id: StoreId, file_id: FileId, services: TheServices, caller: TheCaller, response: Response
) -> StoreFile:
    response.headers.update(POLL)
    return StoreFile.stored(await services.store_files.get(caller, store_id, file_id))


@router.post(
    "/{file_id}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Replace a file's attributes",
    responses=failing(VectorStoreNotFound, FileNotFound, body=True),
)
async def update_store_file(
    store_id: StoreId, file_id: FileId, new: NewAttributes, services: TheServices, caller: TheCaller
) -> StoreFile:
    return StoreFile.stored(await services.store_files.set_attributes(caller, store_id, file_id, new.attributes))


@router.delete(
    "/{file_id}",
    dependencies=[needs(Scope.MANAGE)],
    summary="Detach a file",
    responses=failing(VectorStoreNotFound, FileNotFound, changes=True),
)
async def delete_store_file(store_id: StoreId, file_id: FileId, services: TheServices, caller: TheCaller) -> Deleted:
    """The document goes; the file stays, until DELETE /v1/files/{id}."""
    await services.store_files.detach(caller, store_id, file_id)
    return Deleted(id=prefixed(FILE, file_id), object="vector_store.file.deleted")


@router.get(
    "/{file_id}/content",
    dependencies=[needs(Scope.READ)],
    summary="Text of a store's file",
    responses=failing(VectorStoreNotFound, FileNotFound),
)
async def get_store_file_content(
    store_id: StoreId, file_id: FileId, services: TheServices, caller: TheCaller
) -> StoreFileContent:
    """As it was read, one item a page."""
    document, texts = await services.store_files.texts(caller, store_id, file_id)
    return StoreFileContent(
        file_id=prefixed(FILE, file_id),
        filename=document.filename,
        attributes=dict(document.metadata),
        data=[StoreFileText(text=text) for text in texts],
    )
