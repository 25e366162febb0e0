"""A larger model orders the best candidates; the embedded one's scores stay."""

from collections.abc import Sequence

import pytest

from app.core.errors import LLMUnavailable, Unavailable
from app.models.domain import Passage
from app.services.llm import LLMService
from app.services.reranking import ModelReranker, SecondLook
from tests.fakes.llm import ScriptedLLM
from tests.fakes.passages import passage

pytestmark = pytest.mark.anyio

PASSAGES = [
    passage(text, chunk_id=text, score=score)
    for text, score in (("one", 0.9), ("two", 0.2), ("three", 0.6), ("four", 0.4))
]


class Fixed:
    def __init__(self, **scores: float) -> None:
        self._scores = scores
        self.asked: list[str] = []

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        self.asked = [item.chunk_id for item in passages]
        if not self._scores:
            raise Unavailable("down")
        return [self._scores[item.chunk_id] for item in passages]


async def test_the_better_one_orders_what_has_its_scores() -> None:
    better = Fixed(one=0.01, three=0.02, four=0.03)
    assert await SecondLook(better, depth=3).rerank("q", PASSAGES) == [0.4, 0.2, 0.6, 0.9]
    assert better.asked == ["one", "three", "four"]


async def test_when_it_is_down_the_order_stays() -> None:
    assert await SecondLook(Fixed(), depth=3).rerank("q", PASSAGES) == [0.9, 0.2, 0.6, 0.4]


async def test_the_language_model_names_what_helps() -> None:
    llm = ScriptedLLM(["<think>1 is nice</think>3, ", "1, 99, 3"])
    scores = await ModelReranker(LLMService(llm), timeout=5).rerank("q", PASSAGES)
    assert sorted(range(4), key=lambda index: -scores[index]) == [2, 0, 1, 3]
    shown = llm.asked[0][1].content
    assert all(item.text in shown for item in PASSAGES)


async def test_a_model_that_names_nothing_is_no_help() -> None:
    with pytest.raises(LLMUnavailable):
        await ModelReranker(LLMService(ScriptedLLM(["none of them"])), timeout=5).rerank("q", PASSAGES)
