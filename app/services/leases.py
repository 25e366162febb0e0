"""The leases under which one process runs jobs: a heartbeat keeps each, until it is lost or the job is to end."""

import os
import socket
from collections.abc import Collection

from app.core.errors import Unavailable
from app.core.ids import new_id
from app.db import jobs as rows
from app.db.session import Database
from app.services.feed import Feed

LEASE = 60.0
HEARTBEAT = 10.0
"""Both in seconds."""


class Leases:
    """Those of `owner`, this process."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-6:]}"
        self._database = database
        self._feed = feed

    async def keep(self, job_id: str) -> bool:
        """Renew the lease of a running job for as long as it may go on.

        Returns whether somebody asked for its cancel; else the lease went to another worker.
        """
        topic = _asked_to_end(job_id)
        asked = self._feed.subscribe(topic)
        try:
            while True:
                await self._feed.wait(topic, asked, HEARTBEAT)
                try:
                    async with self._database.write(alone=False) as connection:
                        cancel = await rows.renew(connection, job_id, self.owner, LEASE)
                except Unavailable:  # the lease outlasts several beats
                    continue
                if cancel is not False:
                    return cancel is True
        finally:
            self._feed.unsubscribe(topic, asked)

    def ask_to_end(self, job_id: str) -> None:
        """Wake whoever keeps the lease of a job whose cancel is written down."""
        self._feed.notify(_asked_to_end(job_id))

    async def release(self, job_id: str) -> None:
        """Give one job back to the queue. Raises Unavailable."""
        async with self._database.write(alone=False) as connection:
            await rows.release_leases(connection, self.owner, only=job_id)

    async def release_all(self, *, but: Collection[str]) -> None:
        """Give back everything save some. Raises Unavailable."""
        async with self._database.write(alone=False) as connection:
            await rows.release_leases(connection, self.owner, but=but)


def _asked_to_end(job_id: str) -> str:
    """What the feed tells the process that runs a job which another one was asked to cancel."""
    return f"cancel:{job_id}"
