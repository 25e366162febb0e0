"""Wakes the workers of other processes through Celery."""

import asyncio

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

from app.adapters.queue.celery_app import WORK, celery_app, queue_of
from app.models.jobs import Lane

log = structlog.get_logger(__name__)


class CeleryQueue:
    """The JobQueue port of a process that runs no jobs by itself, or is told by Celery when to."""

    def __init__(self, url: str, app: Celery | None = None) -> None:
        self._app = app or celery_app(url)

    async def notify(self, lane: Lane) -> None:
        """Never fails: the row is committed, and the workers' upkeep finds what nobody was told of."""
        try:
            await asyncio.to_thread(self._send, lane)
        except (OperationalError, OSError) as error:
            log.warning("queue_unreachable", lane=lane, error=type(error).__name__, action="workers look by themselves")

    async def wait(self, lane: Lane, timeout: float) -> None:
        await asyncio.sleep(timeout)

    def _send(self, lane: Lane) -> None:
        self._app.send_task(WORK, args=[lane.value], queue=queue_of(lane), retry=False, ignore_result=True)
