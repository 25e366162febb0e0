"""A cross-encoder in a folder: two words that question and passage have in common count, by a model made here."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from app.adapters.compute import ProcessCompute
from app.adapters.onnx_folder import ENCODER, TOKENIZER
from app.adapters.rerank.onnx import OnnxReranker
from app.core.errors import StartupError, Unavailable
from tests.fakes.passages import passage

pytestmark = pytest.mark.anyio
WORTH = {"[UNK]": 0.0, "harbour": 1.0, "港口": 2.0, "الميناء": 4.0}


def make_model(folder: Path, labels: int = 1) -> Path:
    """Gives the worth of all words of both texts; with two labels as the second one's lead, with more as nonsense."""
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORTH)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / TOKENIZER))
    table = np.zeros((len(WORTH), labels), np.float32)
    table[:, -1] = list(WORTH.values())
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, labels])
    axes = numpy_helper.from_array(np.array([1], np.int64), "axes")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "axes"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(nodes, "worth", [ids], [logits], [numpy_helper.from_array(table, "table"), axes])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), folder / ENCODER)
    return folder


@pytest.fixture
async def compute() -> AsyncIterator[ProcessCompute]:
    compute = ProcessCompute(2)
    yield compute
    await compute.close()


PASSAGES = [
    passage("nothing of it", title="x"),
    passage("harbour harbour 港口", title="x"),
    passage("الميناء 港口 " * 3, title="x"),
    passage("harbour", title="x", headings=("港口",)),
    passage("harbour", title="x"),
]


@pytest.mark.parametrize("labels", [1, 2])
async def test_passages_are_read_with_the_question_and_told_in_their_order(
    tmp_path: Path, compute: ProcessCompute, labels: int
) -> None:
    reranker = OnnxReranker(make_model(tmp_path, labels), compute, workers=2, timeout=60)
    await reranker.start()
    scores = await reranker.rerank("harbour?", PASSAGES)
    assert sorted(range(5), key=lambda index: -scores[index]) == [2, 1, 3, 4, 0]
    assert all(0 <= score <= 1 for score in scores)
    assert await reranker.rerank("", []) == []


async def test_text_of_any_kind_has_a_score(tmp_path: Path, compute: ProcessCompute) -> None:
    reranker = OnnxReranker(make_model(tmp_path), compute, workers=1, timeout=60)
    (tmp_path / "tokenizer_config.json").write_text('{"model_max_length": 16}', encoding="utf-8")
    odd = [passage("\ud800 harbour"), passage("港口 " * 5000), passage("\x00")]
    assert len(await reranker.rerank("harbour " * 5000, odd)) == len(odd)


async def test_too_slow_is_unavailable(tmp_path: Path, compute: ProcessCompute) -> None:
    reranker = OnnxReranker(make_model(tmp_path), compute, workers=1, timeout=0.001)
    with pytest.raises(Unavailable, match="RERANK_TIMEOUT"):
        await reranker.rerank("harbour", PASSAGES)


async def test_a_folder_that_is_none_stops_the_start(tmp_path: Path, compute: ProcessCompute) -> None:
    with pytest.raises(StartupError, match=r"model\.onnx and tokenizer\.json"):
        await OnnxReranker(tmp_path, compute, workers=1, timeout=60).start()


@pytest.mark.parametrize("what", ["labels", "bytes"])
async def test_a_model_that_gives_no_scores_stops_the_start(tmp_path: Path, compute: ProcessCompute, what: str) -> None:
    make_model(tmp_path, 3)
    if what == "bytes":
        (tmp_path / ENCODER).write_bytes(b"no model")
    with pytest.raises(StartupError, match="does not work"):
        await OnnxReranker(tmp_path, compute, workers=1, timeout=60).start()


async def test_questions_side_by_side_do_not_mix(tmp_path: Path, compute: ProcessCompute) -> None:
    reranker = OnnxReranker(make_model(tmp_path), compute, workers=2, timeout=60)
    one, other = await asyncio.gather(reranker.rerank("", PASSAGES), reranker.rerank("", PASSAGES[::-1]))
    assert one == other[::-1]
