"""Everything under /v1."""

from fastapi import APIRouter

from app.routers.openai import chat, embeddings, file_batches, files, models, responses, store_files, stores
from app.routers.openai.errors import PREFIX

router = APIRouter(prefix=PREFIX, tags=["openai"])
for module in (models, chat, embeddings, files, stores, store_files, file_batches, responses):
    router.include_router(module.router)
