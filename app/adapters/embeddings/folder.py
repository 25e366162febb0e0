"""Any other model: a folder with `model.onnx` and `tokenizer.json` (see `app.adapters.onnx_folder`).

Pooling is read from `1_Pooling/config.json` (else the mean), prefixes from the prompts `query` and `passage` (or
`document`) of `config_sentence_transformers.json` (else none).
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.adapters.embeddings.worker import Kind, Model
from app.adapters.onnx_folder import ENCODER, OnnxFolder, max_tokens, missing, settings
from app.core.errors import StartupError

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
    if lacking := missing(folder):
        raise StartupError(f"EMBEDDING_MODEL={folder} is neither the name of a model nor a folder with {lacking}.")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        dimension, digest = child.submit(_try_out, folder).result()
    return Model(f"{folder.name}@{digest[:12]}", f"{__name__}:FolderSession", folder, dimension, max_tokens(folder))


class FolderSession:
    def __init__(self, folder: Path) -> None:
        self._model = OnnxFolder(folder)
        outputs = self._model.outputs
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        modes = settings(folder / "1_Pooling" / "config.json")
        self._pool = next((pool for mode, pool in POOLING.items() if modes.get(mode)), POOLING[MEAN])
        prompts = settings(folder / "config_sentence_transformers.json").get("prompts", {})
        self._prefixes = {
            "query": prompts.get("query", ""),
            "passage": prompts.get("passage") or prompts.get("document", ""),
        }

    def embed(self, text: str, kind: Kind) -> Floats:
        """Shape (dimension,), unit length."""
        states = self._model.run(self._output, f"{self._prefixes[kind]}{text}")
        vector = np.asarray(self._pool(states) if states.ndim == len("td") else states, np.float32)
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
