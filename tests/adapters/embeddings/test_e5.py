import numpy as np
import pytest

from app.adapters.embeddings import build, e5_weights
from app.adapters.embeddings.e5 import E5Session
from app.adapters.embeddings.e5_weights import Weights
from app.adapters.embeddings.worker import Kind
from tests.adapters.embeddings import reference

QUESTION = "When was the bridge opened?"
PASSAGES = {
    "en": "The bridge was opened in 1932 and carries eight lanes of traffic across the harbour.",
    "de": "Die Brücke wurde 1932 eröffnet und führt acht Fahrspuren über den Hafen.",
    "zh": "这座大桥于1932年通车，八条车道横跨海港。",
    "ar": "افتُتح الجسر عام 1932، ويحمل ثمانية مسارات للسيارات عبر الميناء.",
    "hi": "यह पुल 1932 में खोला गया था और इस पर बंदरगाह के पार आठ लेन का यातायात चलता है।",
    "th": "สะพานเปิดใช้ในปี 1932 และมีแปดช่องจราจรข้ามอ่าว",
    "other": "Whisk the eggs with sugar until pale, then fold in the flour and bake for forty minutes.",
}
# Cosines with the question, in float32, of the weights as they are in the package.
COSINES = {"en": 0.864, "de": 0.822, "zh": 0.766, "ar": 0.759, "hi": 0.838, "th": 0.792, "other": 0.707}


@pytest.fixture(scope="module")
def weights(session: E5Session) -> Weights:
    return e5_weights.read(e5_weights.find(session.tokenizer.path.parent))


@pytest.mark.parametrize("language", PASSAGES)
def test_vectors_are_those_of_the_model_in_float32(session: E5Session, weights: Weights, language: str) -> None:
    text = PASSAGES[language]
    expected = reference.embed(weights, session.tokenizer.encode(f"passage: {text}", build.POSITIONS))
    assert session.embed(text, "passage") @ expected > 0.9975


@pytest.mark.parametrize("language", PASSAGES)
def test_cosines_with_a_question_are_those_measured_once(session: E5Session, language: str) -> None:
    cosine = session.embed(QUESTION, "query") @ session.embed(PASSAGES[language], "passage")
    assert cosine == pytest.approx(COSINES[language], abs=0.01)


def test_an_answer_in_any_language_is_nearer_than_another_subject(session: E5Session) -> None:
    question = session.embed(QUESTION, "query")
    nearness = {language: question @ session.embed(text, "passage") for language, text in PASSAGES.items()}
    assert min(nearness, key=lambda language: nearness[language]) == "other"


def test_vectors_are_of_unit_length_and_do_not_depend_on_what_came_before(session: E5Session) -> None:
    first = session.embed(PASSAGES["zh"], "passage")
    session.embed("x " * 2000, "passage")
    again = session.embed(PASSAGES["zh"], "passage")
    assert first.dtype == np.float32
    assert first.shape == (build.DIMENSION,)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(first, again)


def test_questions_and_passages_are_different_things(session: E5Session) -> None:
    assert session.embed(QUESTION, "query") @ session.embed(QUESTION, "passage") < 0.99


@pytest.mark.parametrize("text", ["", " ", "\ud800", "ﷺ" * 600, "\0", "🙂" * 3000, " " * 50_000])
def test_odd_text_has_a_vector(session: E5Session, text: str) -> None:
    assert np.isfinite(session.embed(text, "query")).all()


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_max_tokens_are_what_fits_beside_prefix_and_marks(session: E5Session, kind: Kind) -> None:
    fitting = session.tokenizer.truncate("seven " * 1000, build.MAX_TOKENS)
    assert session.tokenizer.count(fitting) == build.MAX_TOKENS
    assert len(session.tokenizer.encode(f"{kind}: {fitting}", 10_000)) <= build.POSITIONS
    longer = fitting + " and the end is not seen" * 20
    if kind == "query":
        assert np.array_equal(session.embed(fitting, kind), session.embed(longer, kind))
