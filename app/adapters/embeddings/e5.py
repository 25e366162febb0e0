"""multilingual-e5-small in this process: one text a call, one thread.

One text, because activations are quantized over a whole call: in a batch, a text's vector would depend on its
neighbours. One thread, because two sessions in two processes beat two threads in one.
"""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from app.adapters.embeddings.build import DIMENSION, ENCODER, POSITIONS, TOKENIZER, WORDS
from app.adapters.embeddings.e5_weights import BLOCK, BLOCK_BYTES, unpack
from app.adapters.embeddings.tokenizer import Tokenizer
from app.adapters.embeddings.worker import Kind


class E5Session:
    """Loads from a folder made by `build`. Not for use from two threads at once."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Not more: fusing would bring the slow operators back that `onnx_graph` avoids.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self._session = onnxruntime.InferenceSession(str(folder / ENCODER), options, providers=["CPUExecutionProvider"])
        # Mapped, so that all processes share one copy and only the rows in use are read.
        self._words = np.memmap(folder / WORDS, np.uint8, "r").reshape(-1, DIMENSION // BLOCK, BLOCK_BYTES)
        self.tokenizer = Tokenizer(folder / TOKENIZER)

    def embed(self, text: str, kind: Kind) -> NDArray[np.float32]:
        """Shape (384,), unit length. A text of more than MAX_TOKENS is represented by its beginning."""
        ids = self.tokenizer.encode(f"{kind}: {text}", POSITIONS)
        (mean,) = self._session.run(None, {"words": unpack(self._words[ids])[np.newaxis]})
        vector: NDArray[np.float32] = mean[0] / np.linalg.norm(mean[0])
        return vector
