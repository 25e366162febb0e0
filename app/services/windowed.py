"""Several calls under way at once, their results in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def windowed(calls: Iterable[Callable[[], Coroutine[Any, Any, T]]], width: int) -> AsyncIterator[T]:
    """Start up to `width` calls ahead of the one whose result is due; the rest is cancelled when the reader leaves."""
    running: deque[asyncio.Task[T]] = deque()
    waiting = iter(calls)
    try:
        while True:
            while len(running) < width and (call := next(waiting, None)) is not None:
                running.append(asyncio.create_task(call()))
            if not running:
                return
            result = await running[0]
            running.popleft()
            yield result
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
