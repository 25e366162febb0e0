"""A cross-encoder behind HTTP: the wire of Cohere (Jina, vLLM, Infinity, llama.cpp speak it too), or that of TEI."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from app.adapters.rerank.shown import shown, unit
from app.core.errors import Unavailable
from app.core.logging import get_logger
from app.models.domain import Passage

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Wire:
    body: Callable[[str, str, list[str]], dict[str, Any]]
    """Of a model's name, a question and texts."""
    results: Callable[[Any], Any]
    score: str


WIRES: Mapping[str, _Wire] = {
    "cohere": _Wire(
        lambda model, query, texts: {"model": model, "query": query, "documents": texts, "top_n": len(texts)},
        lambda reply: reply["results"],
        "relevance_score",
    ),
    "tei": _Wire(
        lambda model, query, texts: {"query": query, "texts": texts, "truncate": True}, lambda reply: reply, "score"
    ),
}
_RESULTS = TypeAdapter(list[dict[str, Any]])


class HttpReranker:
    """Fills the `Reranker` port; raises Unavailable when the server does not give one score for each passage."""

    def __init__(
        self, *, base_url: str, wire: str = "cohere", model: str = "", api_key: str | None = None, timeout: float = 5.0
    ) -> None:
        self._url = base_url if base_url.endswith("/rerank") else f"{base_url}/rerank"
        self._wire, self._model = WIRES[wire], model
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.AsyncClient(timeout=httpx.Timeout(timeout, connect=min(timeout, 2.0)), headers=headers)

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        if not passages:
            return []
        body = self._wire.body(self._model, question, [shown(passage) for passage in passages])
        try:
            reply = await self._client.post(self._url, json=body)
            reply.raise_for_status()
            found = _RESULTS.validate_python(self._wire.results(reply.json()))
            scores = {int(item["index"]): float(item[self._wire.score]) for item in found}
            raw = [scores[index] for index in range(len(passages))]
        except httpx.HTTPStatusError as error:
            raise Unavailable(f"The rerank server answered {error.response.status_code}.") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"The rerank server cannot be asked ({type(error).__name__}).") from None
        except (ValueError, TypeError, KeyError, ValidationError):
            raise Unavailable("The rerank server sent something that is not one score for each passage.") from None
        return unit(raw)

    async def close(self) -> None:
        await self._client.aclose()
