import pytest

from app.core.errors import EmbeddingsUnavailable
from app.services.second_opinion import SecondOpinion
from tests.fakes.meanings import Encoder

pytestmark = pytest.mark.anyio

CHINESE = "工程是什么时候开始的？"
HINDI = "निर्माण कब शुरू हुआ?"
TEXTS = ["Building began in 1931.", "Ships pass below."]


async def test_texts_are_compared_with_the_question() -> None:
    told = await SecondOpinion(Encoder("began"), {"en", "zh"}).cosines(CHINESE, {"en"}, TEXTS)
    assert told is not None
    assert told.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("question", "languages"), [(CHINESE, {"en", "hi"}), (CHINESE, {None}), (HINDI, {"en"}), ("???", {"en"})]
)
async def test_of_languages_that_the_model_does_not_know_there_is_none(question: str, languages: set[str]) -> None:
    encoder = Encoder("began")
    assert await SecondOpinion(encoder, {"en", "zh"}).cosines(question, languages, TEXTS) is None
    assert encoder.encoded == []


async def test_there_is_none_without_a_model_that_answers() -> None:
    failing = Encoder("began", EmbeddingsUnavailable())
    assert await SecondOpinion(failing, {"en", "zh"}).cosines(CHINESE, {"en"}, TEXTS) is None
    assert await SecondOpinion().cosines(CHINESE, {"en"}, TEXTS) is None
