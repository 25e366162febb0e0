"""A model out of a folder with `model.onnx` and `tokenizer.json`, as sentence-transformers and its like export it.

One text (or one pair of texts) a call, one thread: dynamic int8 results depend on what else is in a batch, and parallel
sessions use the cores as well. The longest input is read from `tokenizer_config.json` (else 512 tokens).
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENCODER, TOKENIZER = "model.onnx", "tokenizer.json"
DEFAULT_TOKENS, MOST_TOKENS = 512, 8192


class OnnxFolder:
    def __init__(self, folder: Path) -> None:
        import onnxruntime  # here and not above: whoever only looks at a folder needs neither
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / ENCODER), options, providers=["CPUExecutionProvider"])
        self._inputs = [value.name for value in self._session.get_inputs()]
        self.outputs = [value.name for value in self._session.get_outputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens(folder))

    def run(self, output: str, text: str, pair: str | None = None) -> NDArray[Any]:
        """The output of that name for one text, or for a text and another one behind it; without the batch's axis."""
        encoding = self._tokenizer.encode(_whole(text), None if pair is None else _whole(pair))
        known = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
            "position_ids": range(len(encoding.ids)),
        }
        (found,) = self._session.run([output], {name: np.array([known[name]], np.int64) for name in self._inputs})
        result: NDArray[Any] = found[0]
        return result


def missing(folder: Path) -> str:
    """What a folder lacks, in words; empty when it has both files."""
    return " and ".join(name for name in (ENCODER, TOKENIZER) if not (folder / name).is_file())


def max_tokens(folder: Path) -> int:
    return int(min(settings(folder / "tokenizer_config.json").get("model_max_length", DEFAULT_TOKENS), MOST_TOKENS))


def settings(path: Path) -> dict[str, Any]:
    """Of a JSON file beside the model; none when it is not there."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found if isinstance(found, dict) else {}


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text
