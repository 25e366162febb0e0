"""Any other model: a folder with `model.onnx` and `tokenizer.json`, as sentence-transformers and its like export it.

Pooling is read from `1_Pooling/config.json` (else the mean), the longest input from `tokenizer_config.json` (else 512),
prefixes from the prompts `query` and `passage` (or `document`) of `config_sentence_transformers.json` (else none).
"""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.adapters.embeddings.worker import Kind, Model
from app.core.errors import StartupError

ENCODER, TOKENIZER = "model.onnx", "tokenizer.json"
DEFAULT_TOKENS, MOST_TOKENS = 512, 8192
MEAN = "pooling_mode_mean_tokens"
Floats = NDArray[np.float32]
POOLING: dict[str, Callable[[Floats], Floats]] = {
    "pooling_mode_cls_token": lambda states: states[0],
    "pooling_mode_lasttoken": lambda states: states[-1],
    "pooling_mode_max_tokens": lambda states: states.max(axis=0),
    MEAN: lambda states: states.mean(axis=0),
}
"""From (tokens, dimension) to (dimension,)."""


def model(folder: Path) -> Model:
    """Read and tried out in a child process, so that nothing of it stays in this one. Raises StartupError.

    The name holds a hash of the model, so that a collection notices when the folder gets another one.
    """
    missing = [name for name in (ENCODER, TOKENIZER) if not (folder / name).is_file()]
    if missing:
        raise StartupError(
            f"EMBEDDING_MODEL={folder} is neither the name of a model nor a folder with {' and '.join(missing)}."
        )
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        dimension, digest = child.submit(_try_out, folder).result()
    return Model(f"{folder.name}@{digest[:12]}", f"{__name__}:FolderSession", folder, dimension, _max_tokens(folder))


class FolderSession:
    """One text a call, one thread; see `e5` for why."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime  # here and not above: `model` is called in the server, which needs neither
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / ENCODER), options, providers=["CPUExecutionProvider"])
        self._inputs = [value.name for value in self._session.get_inputs()]
        outputs = [value.name for value in self._session.get_outputs()]
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_max_tokens(folder))
        modes = _read(folder / "1_Pooling" / "config.json")
        self._pool = next(
            (pool for mode, pool in POOLING.items() if modes.get(mode)), POOLING["pooling_mode_mean_tokens"]
        )
        prompts = _read(folder / "config_sentence_transformers.json").get("prompts", {})
        self._prefixes = {
            "query": prompts.get("query", ""),
            "passage": prompts.get("passage") or prompts.get("document", ""),
        }

    def embed(self, text: str, kind: Kind) -> Floats:
        """Shape (dimension,), unit length."""
        encoding = self._tokenizer.encode(f"{self._prefixes[kind]}{text}".encode("utf-8", "replace").decode())
        known = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
            "position_ids": range(len(encoding.ids)),
        }
        inputs = {name: np.array([known[name]], np.int64) for name in self._inputs}
        (states,) = self._session.run([self._output], inputs)
        vector = np.asarray(self._pool(states[0]) if states.ndim == len("btd") else states[0], np.float32)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), np.float32)


def _try_out(folder: Path) -> tuple[int, str]:
    """Dimension, and the hash of the model with its external data."""
    try:
        dimension = len(FolderSession(folder).embed("a", "query"))
    except Exception as error:  # noqa: BLE001  # libraries of two languages raise what they like on a file that is wrong
        raise StartupError(f"EMBEDDING_MODEL={folder} does not work: {error}") from None
    digest = hashlib.sha256()
    for path in sorted(folder.glob(f"{ENCODER}*")):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return dimension, digest.hexdigest()


def _max_tokens(folder: Path) -> int:
    longest = _read(folder / "tokenizer_config.json").get("model_max_length", DEFAULT_TOKENS)
    return int(min(longest, MOST_TOKENS))


def _read(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return settings if isinstance(settings, dict) else {}
