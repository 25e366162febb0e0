"""Where the time of one request goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.tracing import span


class Stopwatch:
    """Milliseconds by stage, as `timings` in results; each stage is a span of the request's trace."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            with span("search" if name == "total" else name):
                yield
        finally:
            self.timings[name] = round((time.perf_counter() - started) * 1000, 2)
