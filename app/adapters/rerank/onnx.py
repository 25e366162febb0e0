"""A cross-encoder of one's own: a folder with `model.onnx` and `tokenizer.json` (see `app.adapters.onnx_folder`).

Reads question and passage together, so it is slow (a core reads some 15 passages a second with six layers) and good.
"""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

from app.adapters.onnx_folder import OnnxFolder, missing
from app.adapters.rerank.shown import shown, unit
from app.core.errors import StartupError, Unavailable
from app.models.domain import Passage
from app.ports import Compute


class OnnxReranker:
    """Fills the `Reranker` port. `compute`: its own, of `workers` processes; `timeout`: seconds for one question."""

    def __init__(self, folder: Path, compute: Compute, *, workers: int, timeout: float) -> None:
        self._folder, self._compute, self._workers, self._timeout = folder, compute, workers, timeout

    async def start(self) -> None:
        """Tries it out. Raises StartupError."""
        if lacking := missing(self._folder):
            raise StartupError(f"RERANK_MODEL={self._folder} has no {lacking}; RERANKER=onnx needs both.")
        try:
            await self._compute.run(try_out, self._folder)
        except (ValueError, Unavailable) as error:
            raise StartupError(f"RERANK_MODEL={self._folder} does not work: {error}") from None

    async def rerank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """Raises Unavailable when it takes too long, or gives what is no number."""
        # The longest first and by turns, so that all processes are done at nearly the same time.
        order = sorted(range(len(passages)), key=lambda index: -len(passages[index].text))
        parts = [part for start in range(self._workers) if (part := order[start :: self._workers])]
        texts = [[shown(passages[index]) for index in part] for part in parts]
        try:
            async with asyncio.timeout(self._timeout):
                told = await asyncio.gather(*(self._compute.run(score, self._folder, question, some) for some in texts))
        except TimeoutError:
            raise Unavailable(f"The reranker took longer than {self._timeout:g} s (RERANK_TIMEOUT).") from None
        found = dict(zip(chain(*parts), chain(*told), strict=True))
        return unit([found[index] for index in range(len(passages))])

    async def close(self) -> None:
        await self._compute.close()


def score(folder: Path, question: str, texts: Sequence[str]) -> list[float]:
    """A number for each text, higher where it answers better; runs in a process that keeps the model."""
    model = _model(folder)
    return [_relevance(model, question, text) for text in texts]


def try_out(folder: Path) -> None:
    """Raises ValueError when the folder's model gives nothing that can be a score."""
    try:
        score(folder, "one", ["two"])
    except Exception as error:  # noqa: BLE001  # libraries of two languages raise what they like on a file that is wrong
        raise ValueError(str(error)) from None


def _relevance(model: OnnxFolder, question: str, text: str) -> float:
    logits = model.run(model.outputs[0], question, text).ravel()
    if len(logits) == 1:
        return float(logits[0])
    if len(logits) == 2:  # of "not relevant" and "relevant"
        return float(logits[1] - logits[0])
    raise ValueError(f"It gives {len(logits)} numbers for a question and a passage; a cross-encoder gives one or two.")


@lru_cache(maxsize=1)
def _model(folder: Path) -> OnnxFolder:
    return OnnxFolder(folder)
