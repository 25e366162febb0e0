"""Runs jobs until the process is told to end; as many such processes as there is work for, on as many machines."""

import asyncio
import signal
import sys
from collections.abc import Sequence

from app.bootstrap import open_worker
from app.core.collector import spare_the_collector
from app.core.config import Settings, libraries_environment
from app.core.errors import StartupError
from app.core.tracing import tracing_as_asked
from app.models.jobs import Lane


async def run(settings: Settings, lanes: Sequence[Lane]) -> bool:
    """Work by `settings` until SIGTERM or SIGINT; returns whether it ended because of one. Raises StartupError."""
    if not settings.scaled:
        raise StartupError(
            "QUEUE_URL is empty: without it the server does all work by itself, and a worker would never be told of "
            "any. See docs/scaling.md."
        )
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    with tracing_as_asked(libraries_environment()):
        await _work(settings, lanes, told)
    return told.is_set()


async def _work(settings: Settings, lanes: Sequence[Lane], told: asyncio.Event) -> None:
    async with open_worker(settings, lanes) as celery:
        spare_the_collector()
        print(f"DocuBot works on {', '.join(lanes)}   data: {settings.data_dir}", file=sys.stderr, flush=True)  # noqa: T201
        waits = [asyncio.create_task(told.wait()), asyncio.create_task(celery.ended())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
