import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from app.adapters import onnx_folder
from app.adapters.embeddings import folder as folders
from app.adapters.embeddings.folder import FolderSession
from app.core.errors import StartupError

WORDS = ["[UNK]", "red", "蓝", "أخضر", "query", ":"]
TABLE = np.eye(len(WORDS), 4, dtype=np.float32) + 0.5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model whose last hidden states are the rows of a table."""
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / onnx_folder.TOKENIZER))
    ids, mask = (
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "n"]) for name in ("input_ids", "attention_mask")
    )
    states = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [1, "n", 4])
    gather = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph([gather], "rows", [ids, mask], [states], [numpy_helper.from_array(TABLE, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, tmp_path / onnx_folder.ENCODER)
    return tmp_path


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def test_vectors_are_the_mean_of_the_states_at_unit_length(folder: Path) -> None:
    vector = FolderSession(folder).embed("red 蓝 أخضر", "passage")
    assert np.allclose(vector, unit(TABLE[[1, 2, 3]].mean(axis=0)))
    assert vector.dtype == np.float32


@pytest.mark.parametrize(
    ("mode", "rows"),
    [("pooling_mode_cls_token", [1]), ("pooling_mode_lasttoken", [2]), ("pooling_mode_mean_tokens", [1, 2])],
)
def test_pooling_is_what_the_folder_says(folder: Path, mode: str, rows: list[int]) -> None:
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({mode: True}), encoding="utf-8")
    assert np.allclose(FolderSession(folder).embed("red 蓝", "passage"), unit(TABLE[rows].mean(axis=0)))


def test_prompts_are_put_before_texts(folder: Path) -> None:
    prompts = {"prompts": {"query": "query: ", "document": ""}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    session = FolderSession(folder)
    assert np.allclose(session.embed("red", "query"), unit(TABLE[[4, 5, 1]].mean(axis=0)))
    assert np.allclose(session.embed("red", "passage"), unit(TABLE[1]))


def test_long_text_is_cut_at_the_models_length(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 2}', encoding="utf-8")
    assert np.allclose(FolderSession(folder).embed("red 蓝 أخضر", "passage"), unit(TABLE[[1, 2]].mean(axis=0)))


def test_text_of_lone_surrogates_has_a_vector(folder: Path) -> None:
    assert np.isfinite(FolderSession(folder).embed("\ud800", "query")).all()


def test_a_model_is_described_and_named_by_its_bytes(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 1e30}', encoding="utf-8")
    model = folders.model(folder)
    assert (model.dimension, model.max_tokens) == (4, 8192)
    name, _, digest = model.name.partition("@")
    assert name == folder.name
    assert len(digest) == 12


def test_a_folder_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="EMBEDDING_MODEL"):
        folders.model(tmp_path)


def test_a_damaged_model_is_refused(folder: Path) -> None:
    (folder / onnx_folder.ENCODER).write_bytes(b"not a model")
    with pytest.raises(StartupError, match="does not work"):
        folders.model(folder)
