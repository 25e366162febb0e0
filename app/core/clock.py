"""The wall clock against the one that only runs forward: rows hold wall time, and people and NTP set it."""

import time
from collections.abc import Callable


class WallClock:
    """Tells by how much the wall clock was set since it was last asked. The clocks are parameters for tests."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()

    def jump(self) -> float:
        """Seconds since the last call, or since the start: negative when it was set back."""
        offset = self._wall() - self._steady()
        jumped, self._offset = offset - self._offset, offset
        return jumped
