import pytest

from app.core.errors import EmbeddingsUnavailable
from app.logic.evidence import read_evidence
from app.logic.question import Question
from app.services.likeness import Likeness
from app.services.second_opinion import SecondOpinion
from tests.fakes.meanings import Encoder, Meanings
from tests.fakes.passages import passage

pytestmark = pytest.mark.anyio

ENGLISH = passage("The bridge is famous. Building began in 1931. Ships pass below.", language="en")
GERMAN = passage("Die Brücke ist berühmt. Der Bau begann 1931.", language="de")
ASKED = Question("什么时候开始建造？", "zh")


def meanings(error: Exception | None = None) -> Meanings:
    return Meanings("began", "开始", error=error)


async def test_the_nearest_sentence_of_another_language_is_found() -> None:
    assert await Likeness(meanings()).of(read_evidence([ENGLISH]), ASKED) == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("source", "question"),
    [
        (ENGLISH, Question("When did it begin?", "en")),
        (ENGLISH, Question("?", None)),
        (passage("Ja.", language=None), ASKED),
    ],
)
async def test_words_tell_where_languages_are_the_same_or_unknown(source: object, question: Question) -> None:
    embedder = meanings()
    assert await Likeness(embedder).of(read_evidence([source]), question) is None  # type: ignore[list-item]
    assert embedder.embedded == []


async def test_only_the_best_passages_are_looked_at() -> None:
    embedder = meanings()
    evidence = read_evidence([ENGLISH, ENGLISH, GERMAN, passage("Elsewhere it began in 1800.", language="en")])
    likeness = await Likeness(embedder).of(evidence, ASKED)
    assert likeness is not None
    assert len(likeness) == len(evidence.units)
    assert likeness[-1] == 0.0
    assert "Der Bau begann 1931." in embedder.embedded
    assert "Elsewhere it began in 1800." not in embedder.embedded


async def test_in_a_long_passage_what_may_hold_the_answer_is_looked_at_first() -> None:
    embedder = meanings()
    talk = "The tale of the bridge is told at great length in many a book. " * 100
    evidence = read_evidence([passage(f"{talk}Building began in 1931.", language="en"), ENGLISH])
    likeness = await Likeness(embedder).of(evidence, ASKED)
    assert likeness is not None
    assert likeness[100] == 1.0
    assert "Ships pass below." in embedder.embedded
    assert len(embedder.embedded) < 100


async def test_without_embeddings_words_have_to_do() -> None:
    evidence = read_evidence([ENGLISH])
    assert await Likeness(None).of(evidence, ASKED) is None
    assert await Likeness(meanings(EmbeddingsUnavailable())).of(evidence, ASKED) is None
    assert await Likeness(meanings()).of(read_evidence([passage("", language="en")]), ASKED) is None


async def test_a_second_model_decides_between_sentences_that_are_even() -> None:
    even, second = Meanings(), SecondOpinion(Encoder("Ships"), {"en", "zh"})
    evidence = read_evidence([ENGLISH])
    assert await Likeness(even, second).of(evidence, ASKED) == [0.0, 0.0, 1.0]
    hindi = Question("निर्माण कब शुरू हुआ?", "hi")
    assert await Likeness(even, second).of(evidence, hindi) == await Likeness(even).of(evidence, hindi)


async def test_the_cosine_of_a_question_and_a_sentence() -> None:
    began, ships = read_evidence([ENGLISH]).units[1:]
    assert await Likeness(meanings()).cosine(ASKED, began) == pytest.approx(1.0)
    assert await Likeness(meanings()).cosine(ASKED, ships) == pytest.approx(0.6)
    assert await Likeness(None).cosine(ASKED, began) is None
    assert await Likeness(meanings(EmbeddingsUnavailable())).cosine(ASKED, began) is None
