"""An embedder that keeps its vectors in a file, so that a measurement of retrieval pays for embedding once."""

import asyncio
import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.adapters.embeddings.build import DIMENSION, MAX_TOKENS, MODEL
from app.adapters.embeddings.e5 import E5Session
from app.adapters.embeddings.worker import Kind
from app.ports import EmbeddingKind

_SAVED_EVERY = 500


class Session(Protocol):
    """A model in this process."""

    def embed(self, text: str, kind: Kind) -> NDArray[np.float32]: ...


class KeptVectors:
    """The default model's Embedder port, in this process; every vector is kept by the hash of its text and kind.

    `session` takes another model's vectors for peers; each model has a file of its own.
    """

    model, dimension, max_tokens = MODEL, DIMENSION, MAX_TOKENS

    def __init__(self, model_folder: Path, file: Path, session: Session | None = None) -> None:
        self._session = session or E5Session(model_folder)
        self.file = file
        self._known: dict[str, NDArray[np.float32]] = {}
        self._unsaved = 0
        self._lock = threading.RLock()  # one of asyncio would not do: a cancelled call leaves a thread that goes on
        if file.exists():
            with np.load(file) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> NDArray[np.float32]:
        form: Kind = "query" if kind == "query" else "passage"
        rows = [await asyncio.to_thread(self._vector, text, form) for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.dimension)

    def embed_now(self, text: str, kind: Kind) -> list[float]:
        vector: list[float] = self._vector(text, kind).tolist()
        return vector

    async def close(self) -> None:
        self.save()

    def save(self) -> None:
        with self._lock:
            if self._unsaved:
                np.savez(self.file.with_suffix(".part.npz"), keys=list(self._known), rows=list(self._known.values()))
                self.file.with_suffix(".part.npz").replace(self.file)
                self._unsaved = 0

    def _vector(self, text: str, kind: Kind) -> NDArray[np.float32]:
        key = hashlib.sha1(f"{kind}\0{text}".encode(), usedforsecurity=False).hexdigest()
        with self._lock:
            if key not in self._known:
                self._known[key] = self._session.embed(text, kind)
                self._unsaved += 1
                if self._unsaved >= _SAVED_EVERY:
                    self.save()
            return self._known[key]
