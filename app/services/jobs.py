"""Jobs as clients see them: list, look, cancel, follow."""

from collections.abc import AsyncIterator

from app.db import audit as audit_rows
from app.db import jobs as rows
from app.db.session import Database
from app.models.access import Reach
from app.models.audit import Action, Outcome
from app.models.jobs import JobKind, JobStatus
from app.models.records import JobEvent, JobRecord, Listing
from app.ports import JobQueue
from app.services.feed import Feed
from app.services.worker import Worker

_LOOK_AGAIN = 2.0  # seconds; events written by another process come without a wake-up


class JobService:
    def __init__(self, database: Database, feed: Feed, worker: Worker, queue: JobQueue) -> None:
        self._database = database
        self._feed = feed
        self._worker = worker
        self._queue = queue

    async def list(
        self,
        collection: str | None,
        status: JobStatus | None,
        document_id: str | None,
        cursor: str | None,
        limit: int,
        reach: Reach = None,
    ) -> Listing[JobRecord]:
        async with self._database.read() as connection:
            return await rows.listing(
                connection,
                collection=collection,
                status=status,
                document_id=document_id,
                cursor=cursor,
                limit=limit,
                reach=reach,
            )

    async def get(self, job_id: str) -> JobRecord:
        """Raises JobNotFound."""
        async with self._database.read() as connection:
            return await rows.record(connection, job_id)

    async def cancel(self, job_id: str) -> JobRecord:
        """Ask a job to stop; one that has ended stays as it is. Raises JobNotFound."""
        async with self._database.write() as connection:  # of its own: what runs is stopped between transactions
            job = await rows.record(connection, job_id)
            ended = job.status.final or job.kind == JobKind.DELETE
            await audit_rows.note(
                connection,
                Action.JOB_CANCEL,
                Outcome.UNCHANGED if ended else Outcome.DONE,
                collection=job.collection,
                document_id=job.document_id,
                item=job_id,
            )
        await self._worker.cancel(job_id)
        return await self.get(job_id)

    async def hand_back(self) -> None:
        """Take no more work and give back what runs in the background: it goes on after the next start."""
        await self._worker.hand_back()

    async def events(self, job_id: str, after: int = 0) -> AsyncIterator[JobEvent]:
        """Every event numbered above `after`, then those to come, until the job has ended. Raises JobNotFound."""
        await self.get(job_id)
        signal = self._feed.subscribe(job_id)
        try:
            while True:
                async with self._database.read() as connection:
                    events = await rows.events_after(connection, job_id, after)
                    ended = (await rows.record(connection, job_id)).status.final
                for event in events:
                    after = event.number
                    yield event
                if ended:
                    return
                await self._feed.wait(job_id, signal, _LOOK_AGAIN)
        finally:
            self._feed.unsubscribe(job_id, signal)
