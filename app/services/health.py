"""Whether each part that DocuBot stands on answers, asked at once and with a limit of time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.core.errors import DocubotError

_LIMIT = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Probe:
    """How to ask one part: `ask` returns a remark or nothing, and raises when the part is down."""

    ask: Callable[[], Awaitable[str | None]]
    required: bool = True


@dataclass(frozen=True, slots=True)
class DependencyHealth:
    name: str
    ok: bool
    latency_ms: float
    reason: str | None
    required: bool


class HealthService:
    def __init__(self, probes: Mapping[str, Probe]) -> None:
        self._probes = probes

    async def ready(self) -> list[DependencyHealth]:
        """Every part's state; DocuBot is ready when each required one is ok."""
        return list(await asyncio.gather(*(self._ask(name, probe) for name, probe in self._probes.items())))

    async def _ask(self, name: str, probe: Probe) -> DependencyHealth:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(_LIMIT):
                reason = await probe.ask()
            ok = True
        except TimeoutError:
            ok, reason = False, f"no answer within {_LIMIT:g} s"
        except (DocubotError, OSError) as error:
            ok, reason = False, str(error)
        return DependencyHealth(name, ok, round((time.perf_counter() - began) * 1000, 2), reason, probe.required)
