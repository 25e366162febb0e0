import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from app.adapters.embeddings import build
from app.adapters.embeddings.e5 import E5Session
from app.adapters.embeddings.local import LocalEmbedder, usable_cores
from app.adapters.embeddings.worker import Model
from tests.adapters.embeddings.sessions import DIMENSION

pytestmark = pytest.mark.anyio


@pytest.fixture
async def scripted(tmp_path: Path) -> AsyncIterator[LocalEmbedder]:
    model = Model("scripted", "tests.adapters.embeddings.sessions:ScriptedSession", tmp_path, DIMENSION, 100)
    embedder = LocalEmbedder(model, workers=1)
    yield embedder
    await embedder.close()


async def test_the_real_model_through_the_port(model_folder: Path, session: E5Session) -> None:
    embedder = LocalEmbedder(build.model(model_folder), workers=1)
    await embedder.start()
    texts = ["Net revenue rose.", "净收入增长了。", "ارتفعت الإيرادات."]
    passages = await embedder.embed(texts, "passage")
    questions = await embedder.embed(texts, "query")
    await embedder.close()
    assert passages.shape == questions.shape == (3, embedder.dimension)
    assert np.array_equal(passages, [session.embed(text, "passage") for text in texts])
    assert np.array_equal(questions, [session.embed(text, "query") for text in texts])
    assert (embedder.model, embedder.max_tokens) == (build.MODEL, build.MAX_TOKENS)


async def test_questions_have_their_own_process_with_normal_priority(scripted: LocalEmbedder) -> None:
    _, asked_by, asked_nice, was_query = (await scripted.embed(["a"], "query"))[0]
    _, read_by, read_nice, was_not_query = (await scripted.embed(["a"], "passage"))[0]
    assert asked_by != read_by
    assert read_nice == min(19, asked_nice + 15)
    assert was_query
    assert not was_not_query


async def test_a_question_does_not_wait_for_passages(scripted: LocalEmbedder) -> None:
    await scripted.embed(["warm"], "query")
    passages = asyncio.create_task(scripted.embed(["sleep 0.2"] * 50, "passage"))
    async with asyncio.timeout(5):
        await scripted.embed(["asked"], "query")
    assert not passages.done()
    passages.cancel()


async def test_sentences_weighed_for_a_question_do_not_wait_for_passages(scripted: LocalEmbedder) -> None:
    passages = asyncio.create_task(scripted.embed(["sleep 0.2"] * 50, "passage"))
    async with asyncio.timeout(5):
        _, said_by, _, was_query = (await scripted.embed(["said"], "sentence"))[0]
        _, asked_by, _, _ = (await scripted.embed(["asked"], "query"))[0]
    assert not passages.done()
    assert said_by == asked_by
    assert not was_query
    passages.cancel()


async def test_a_question_goes_before_sentences_that_wait(scripted: LocalEmbedder) -> None:
    await scripted.embed(["warm"], "query")
    sentences = asyncio.create_task(scripted.embed(["sleep 0.1"] * 100, "sentence"))
    await asyncio.sleep(0)
    await scripted.embed(["asked"], "query")
    assert not sentences.done()
    sentences.cancel()


async def test_no_texts_give_no_rows(scripted: LocalEmbedder) -> None:
    assert (await scripted.embed([], "passage")).shape == (0, DIMENSION)


@pytest.mark.parametrize(
    ("limit", "cores"), [("100000 100000", 1), ("50000 100000", 1), ("max 100000", None), ("", None)]
)
def test_a_containers_share_limits_the_cores(tmp_path: Path, limit: str, cores: int | None) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(limit, encoding="ascii")
    assert usable_cores(file) == (cores or usable_cores(tmp_path / "absent"))
