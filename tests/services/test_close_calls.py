from collections.abc import Sequence

import pytest

from app.core.errors import EmbeddingsUnavailable
from app.models.domain import Passage
from app.services.close_calls import CloseCalls
from tests.fakes.meanings import Meanings
from tests.fakes.passages import passage

pytestmark = pytest.mark.anyio

ASKED = "When was the building begun?"
BEGAN = passage("The building has towers. The building was begun in 1931.", scores={"vector": 0.8})
LATER = passage("The building was extended later.", scores={"vector": 0.8})
FAMOUS = passage("The building is famous.", scores={"vector": 0.8})
RIVER = passage("A river flows here.", scores={"vector": 0.8})


class Scored:
    def __init__(self, *scores: float) -> None:
        self.scores = list(scores)

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        return self.scores


def meanings(error: Exception | None = None) -> Meanings:
    return Meanings("beg", error=error)


async def test_among_equals_the_sentence_that_answers_decides() -> None:
    embedder = meanings()
    scores = await CloseCalls(Scored(0.8, 0.7, 0.6), embedder).rerank(ASKED, [LATER, FAMOUS, BEGAN])
    assert scores == [0.7, 0.6, 0.8]
    assert "The building was begun in 1931." in embedder.embedded
    assert "The building has towers." not in embedder.embedded


async def test_of_those_still_even_any_sentence_decides() -> None:
    tall = passage("The building is tall. It has forty storeys.", scores={"vector": 0.8})
    old = passage("The building is old. They began on the 3rd of May.", scores={"vector": 0.8})
    scores = await CloseCalls(Scored(0.8, 0.75, 0.7), meanings()).rerank(ASKED, [tall, FAMOUS, old])
    assert scores == [0.75, 0.7, 0.8]


async def test_of_long_passages_only_the_most_telling_stretches_are_embedded() -> None:
    embedder = meanings()
    long = [
        passage(" ".join(f"Building {n}{letter} is tall." for n in range(60)), scores={"vector": 0.8})
        for letter in "abc"
    ]
    assert await CloseCalls(Scored(0.8, 0.8, 0.8), embedder).rerank(ASKED, long) == [0.8, 0.8, 0.8]
    assert len(embedder.embedded) <= 10


async def test_what_is_far_behind_stays_there() -> None:
    embedder = meanings()
    scores = [0.99, 0.98, 0.3]
    assert await CloseCalls(Scored(*scores), embedder).rerank(ASKED, [LATER, FAMOUS, BEGAN]) == scores
    assert "The building was begun in 1931." not in embedder.embedded


async def test_a_clear_first_costs_nothing() -> None:
    embedder = meanings()
    assert await CloseCalls(Scored(0.9, 0.2), embedder).rerank(ASKED, [LATER, BEGAN]) == [0.9, 0.2]
    assert await CloseCalls(Scored(), embedder).rerank(ASKED, []) == []
    assert embedder.embedded == []


async def test_a_passage_without_a_word_of_the_question_has_its_own_vector() -> None:
    far = await CloseCalls(Scored(0.8, 0.7, 0.6), meanings()).rerank(ASKED, [LATER, RIVER, BEGAN])
    assert far == [0.7, 0.6, 0.8]
    near = passage("A river flows here.", scores={"vector": 0.95})
    assert await CloseCalls(Scored(0.8, 0.7), meanings()).rerank(ASKED, [LATER, near]) == [0.7, 0.8]


async def test_a_table_is_weighed_as_a_whole() -> None:
    embedder = meanings()
    rows = "Building 1931 412 377. Building 1932 401 380. Building 1933 399 391."
    table, worse = passage(rows, scores={"vector": 0.92}), passage(rows, scores={"vector": 0.7})
    assert await CloseCalls(Scored(0.8, 0.7), embedder).rerank(ASKED, [LATER, table]) == [0.7, 0.8]
    assert await CloseCalls(Scored(0.8, 0.7), embedder).rerank(ASKED, [LATER, worse]) == [0.8, 0.7]
    assert not any("412" in text for text in embedder.embedded)


async def test_what_no_vector_is_known_of_keeps_its_place() -> None:
    found_by_words = passage("A river flows here.")
    scores = await CloseCalls(Scored(0.8, 0.7, 0.6), meanings()).rerank(ASKED, [LATER, found_by_words, BEGAN])
    assert scores == [0.6, 0.7, 0.8]


async def test_of_many_close_ones_the_best_few_are_read() -> None:
    embedder = meanings()
    many = [passage(f"The building has lift {letter}.", scores={"vector": 0.8}) for letter in "abcdefgh"]
    scores = await CloseCalls(Scored(*[0.8] * 8), embedder).rerank(ASKED, many)
    assert scores == [0.8] * 8
    assert "The building has lift e." in embedder.embedded
    assert "The building has lift f." not in embedder.embedded


async def test_without_embeddings_the_first_order_counts() -> None:
    broken = meanings(EmbeddingsUnavailable())
    assert await CloseCalls(Scored(0.8, 0.7), broken).rerank(ASKED, [LATER, BEGAN]) == [0.8, 0.7]
