"""POST /v1/embeddings: vectors of the model that DocuBot searches with."""

import base64

import numpy as np
from fastapi import APIRouter
from numpy.typing import NDArray

from app.core.errors import EmbeddingsUnavailable, ModelNotFound, Unprocessable, UnsupportedParameter
from app.models.access import Scope
from app.models.schemas_openai_chat import Embedding, EmbeddingList, EmbeddingRequest, EmbeddingUsage
from app.routers.deps import TheServices, needs
from app.routers.openai.errors import failing
from app.routers.openai.parameters import unsupported

router = APIRouter(dependencies=[needs(Scope.ASK)])


@router.post(
    "/embeddings",
    summary="Embed texts",
    responses=failing(ModelNotFound, Unprocessable, UnsupportedParameter, EmbeddingsUnavailable, body=True),
)
async def create_embeddings(body: EmbeddingRequest, services: TheServices) -> EmbeddingList:
    """`model` is the last one of GET /v1/models. Rows of unit length."""
    if body.model != services.embeddings.model:
        raise ModelNotFound(f"The embedding model here is `{services.embeddings.model}`.")
    if body.dimensions not in (None, services.embeddings.dimension):
        raise unsupported(("body", "dimensions"), f"The model gives {services.embeddings.dimension} numbers")
    texts = [body.input] if isinstance(body.input, str) else body.input
    found = await services.embeddings.embed(texts, body.input_type)
    data = [
        Embedding(index=index, embedding=_told(row, body.encoding_format)) for index, row in enumerate(found.vectors)
    ]
    usage = EmbeddingUsage(prompt_tokens=found.tokens, total_tokens=found.tokens)
    return EmbeddingList(data=data, model=body.model, usage=usage)


def _told(row: NDArray[np.float32], encoding: str) -> list[float] | str:
    if encoding == "base64":
        return base64.b64encode(row.astype("<f4").tobytes()).decode("ascii")
    return [float(number) for number in row]
