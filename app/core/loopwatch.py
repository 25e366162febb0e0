"""How long the event loop was held up: a request that comes meanwhile waits at least as long."""

import asyncio
import time

_STEP = 0.01


class LoopWatch:
    """Wakes every 10 ms and notes by how much it was late."""

    def __init__(self) -> None:
        self._longest = 0.0

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            expected = time.perf_counter() + _STEP
            await asyncio.sleep(_STEP)
            self._longest = max(self._longest, time.perf_counter() - expected)

    def take_longest(self) -> float:
        """Seconds of the longest stall since this was last asked."""
        longest, self._longest = self._longest, 0.0
        return longest
