from collections.abc import Sequence

import numpy as np
import pytest

from app.logic.typical_questions import typical_questions
from app.ports import EmbeddingKind, Vectors
from app.services.neutral_questions import NeutralQuestions

pytestmark = pytest.mark.anyio

CHINESE, SPANISH = "工程是什么时候开始的？", "¿Cuándo empezó la construcción del puente?"


class Accents:
    """The first number is of the meaning, the others of Chinese and of Spanish."""

    model, dimension, max_tokens = "accents", 3, 512

    def __init__(self) -> None:
        self.calls: list[Sequence[str]] = []

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        assert kind == "query"
        self.calls.append(texts)
        return np.array([(text in (CHINESE, SPANISH), text > "一", text < "一") for text in texts], np.float32)

    async def close(self) -> None:
        pass


async def test_what_all_questions_of_the_language_share_is_mostly_taken_out() -> None:
    questions = NeutralQuestions(Accents())
    assert await questions.embed(CHINESE) == pytest.approx([1, 0.4, 0])
    assert await questions.embed(SPANISH) == pytest.approx([1, 0, 0.4])


async def test_a_language_is_learned_once() -> None:
    embedder = Accents()
    questions = NeutralQuestions(embedder)
    await questions.embed(CHINESE)
    await questions.embed("大桥有多长？")
    assert embedder.calls == [[CHINESE], typical_questions("zh"), ["大桥有多长？"]]


@pytest.mark.parametrize("question", ["???", "Pryd dechreuodd y gwaith o adeiladu'r bont dros yr afon?"])
async def test_a_language_without_typical_questions_keeps_its_own_vectors(question: str) -> None:
    embedder = Accents()
    assert await NeutralQuestions(embedder).embed(question) == pytest.approx([0, 0, 1])
    assert embedder.calls == [[question]]
