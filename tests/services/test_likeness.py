from collections.abc import Sequence

import numpy as np
import pytest

from app.core.errors import EmbeddingsUnavailable
from app.logic.evidence import read_evidence
from app.logic.question import Question
from app.ports import EmbeddingKind, Vectors
from app.services.likeness import cosine_of, likeness_of
from tests.fakes.passages import passage

pytestmark = pytest.mark.anyio

ENGLISH = passage("The bridge is famous. Building began in 1931. Ships pass below.", language="en")
GERMAN = passage("Die Brücke ist berühmt. Der Bau begann 1931.", language="de")
ASKED = Question("什么时候开始建造？", "zh")


class Meanings:
    """Texts about a beginning point one way, all others another."""

    model, dimension, max_tokens = "meanings", 2, 512

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.embedded: list[str] = []

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if self.error:
            raise self.error
        self.embedded += texts
        rows = [(1.0, 0.0) if "began" in text or "开始" in text else (0.6, 0.8) for text in texts]
        return np.array(rows, dtype=np.float32)

    async def close(self) -> None:
        pass


async def test_the_nearest_sentence_of_another_language_is_found() -> None:
    assert await likeness_of(Meanings(), read_evidence([ENGLISH]), ASKED) == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("source", "question"),
    [
        (ENGLISH, Question("When did it begin?", "en")),
        (ENGLISH, Question("?", None)),
        (passage("Ja.", language=None), ASKED),
    ],
)
async def test_words_tell_where_languages_are_the_same_or_unknown(source: object, question: Question) -> None:
    embedder = Meanings()
    assert await likeness_of(embedder, read_evidence([source]), question) is None  # type: ignore[list-item]
    assert embedder.embedded == []


async def test_only_the_best_passages_are_looked_at() -> None:
    embedder = Meanings()
    evidence = read_evidence([ENGLISH, ENGLISH, GERMAN, ENGLISH])
    likeness = await likeness_of(embedder, evidence, ASKED)
    assert likeness is not None
    assert len(likeness) == len(evidence.units)
    assert likeness[-3:] == [0.0, 0.0, 0.0]
    assert len(embedder.embedded) == 1 + 8


async def test_without_embeddings_words_have_to_do() -> None:
    evidence = read_evidence([ENGLISH])
    assert await likeness_of(None, evidence, ASKED) is None
    assert await likeness_of(Meanings(EmbeddingsUnavailable()), evidence, ASKED) is None
    assert await likeness_of(Meanings(), read_evidence([passage("", language="en")]), ASKED) is None


async def test_the_cosine_of_a_question_and_a_sentence() -> None:
    began, ships = read_evidence([ENGLISH]).units[1:]
    assert await cosine_of(Meanings(), ASKED, began) == pytest.approx(1.0)
    assert await cosine_of(Meanings(), ASKED, ships) == pytest.approx(0.6)
    assert await cosine_of(None, ASKED, began) is None
    assert await cosine_of(Meanings(EmbeddingsUnavailable()), ASKED, began) is None
