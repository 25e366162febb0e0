"""The `Embedder` that runs a model on this machine, in processes of its own.

Questions, and the sentences that are weighed for them, have a process to themselves, at normal priority and always up,
so that they never wait behind an ingestion.
Passages go to one process a core, which yield to everything else and are gone when nothing is being ingested.
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.adapters.embeddings.worker import Model, command
from app.adapters.embeddings.workers import WorkerPool
from app.ports import EmbeddingKind, Vectors

NICENESS = 15
IDLE_SECONDS = 60.0
CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")


class LocalEmbedder:
    """Fills the `Embedder` port. Start it on the event loop that it will serve."""

    def __init__(self, model: Model, workers: int = 0, idle_seconds: float = IDLE_SECONDS) -> None:
        """`workers` 0 means one for each usable core."""
        self.model = model.name
        self.dimension = model.dimension
        self.max_tokens = model.max_tokens
        self._questions = WorkerPool(command(model, 0), 1)
        self._passages = WorkerPool(command(model, NICENESS), workers or usable_cores(), idle_seconds)

    async def start(self) -> None:
        """Start the process for questions, so that the first one need not wait for it. Returns at once."""
        self._questions.wake()

    async def embed(self, texts: Sequence[str], kind: EmbeddingKind) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        if kind == "passage":
            return await self._passages.embed(texts, kind)
        return await self._questions.embed(texts, "query" if kind == "query" else "passage")

    async def close(self) -> None:
        await asyncio.gather(self._questions.close(), self._passages.close())


def usable_cores(cgroup: Path = CGROUP_CPU) -> int:
    """The cores that this process may use: a container's share counts, not the machine's size."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = cgroup.read_text(encoding="ascii").split()
        return max(1, min(cores, round(int(quota) / int(period))))
    except (OSError, ValueError):  # not Linux, or no limit ("max")
        return cores
