"""Settings -> Services, opened in order and closed again. Only in this package are concrete adapters named."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry

from app.bootstrap.assembly import assemble
from app.bootstrap.engines import open_cross_encoder, open_engines, open_files, second_opinion
from app.bootstrap.signals import open_signals
from app.core.config import Settings
from app.core.owner import DataFolder
from app.db.migrate import migrate
from app.db.session import Database
from app.models.jobs import Lane
from app.ports import Embedder, JobQueue
from app.services.container import Services
from app.services.measures import Measures, Prices
from app.services.recovery import RecoveryService
from app.services.retention import RetentionService
from app.services.upkeep import UpkeepService
from app.services.webhook_sender import WebhookSender
from app.services.worker import Worker

__all__ = ["open_files", "open_services", "open_worker"]


@dataclass(frozen=True, slots=True)
class _Opened:
    """What serving and working are made of."""

    services: Services
    worker: Worker
    queue: JobQueue
    recovery: RecoveryService
    retention: RetentionService
    upkeep: UpkeepService
    sender: WebhookSender
    measures: Measures
    database: Database


@asynccontextmanager
async def open_services(
    settings: Settings,
    embedder: Embedder | None = None,
    *,
    address: str = "",
    registry: CollectorRegistry | None = None,
) -> AsyncIterator[Services]:
    """Everything that serves, opened; what was interrupted goes on. Raises StartupError.

    `embedder` takes the place of the one that the settings name, as measurements need it. `address`: where it will be
    served, for others who look at the data folder. `registry`: where measurements go.

    On leaving, running jobs are handed back first, then what was opened last is closed first. Where workers share the
    work, jobs are theirs, and so is looking after what the stores hold.
    """
    async with AsyncExitStack() as stack:
        opened = await _open(settings, embedder, stack, address=address, registry=registry)
        watches: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "webhooks": opened.sender.run,
            "access": opened.services.access.watch,
            "measures": partial(opened.measures.watch, opened.database),
        }
        if not settings.scaled:
            await opened.recovery.recover()
            opened.worker.start()
            watches |= {"recovery": opened.recovery.watch, "retention": opened.retention.watch}
        stack.push_async_callback(opened.worker.stop)
        stack.push_async_callback(opened.services.access.close)
        stack.push_async_callback(opened.sender.close)
        stack.push_async_callback(opened.services.rates.close)
        for name, watch in watches.items():
            stack.callback(asyncio.create_task(watch(), name=f"{name}-watch").cancel)
        yield opened.services


@asynccontextmanager
async def open_worker(settings: Settings, lanes: Sequence[Lane]) -> AsyncIterator[Any]:
    """A `CeleryWorker` over these lanes, started; on leaving, what runs is handed back. Raises StartupError."""
    from app.adapters.queue.celery_app import celery_app
    from app.adapters.queue.celery_worker import CeleryWorker

    async with AsyncExitStack() as stack:
        opened = await _open(settings, None, stack)

        concurrency = max(1, settings.ingest_workers) * len(lanes)
        celery = CeleryWorker(
            celery_app(settings.queue_url),
            opened.worker.run_next,
            opened.upkeep.look,
            lanes=lanes,
            concurrency=concurrency,
        )
        await celery.start()
        stack.push_async_callback(celery.stop)
        stack.push_async_callback(opened.worker.stop)
        yield celery


async def _open(
    settings: Settings,
    embedder: Embedder | None,
    stack: AsyncExitStack,
    *,
    address: str = "",
    registry: CollectorRegistry | None = None,
) -> _Opened:
    stack.enter_context(DataFolder(settings.data_dir, address=address, shared=settings.scaled))
    database = Database(settings.effective_database_url, pool_size=settings.database_pool)
    stack.push_async_callback(database.close)
    await migrate(database)
    measures = Measures(registry or CollectorRegistry(), Prices(settings.llm_price_input, settings.llm_price_output))
    engines, tokenizer = await open_engines(settings, database, measures, embedder, stack)
    signals = open_signals(settings, stack)
    jobs = signals.queue
    cross_encoder = await open_cross_encoder(settings, stack)
    services, worker, sender, model = assemble(
        settings,
        database,
        engines,
        tokenizer,
        signals,
        measures,
        cross_encoder=cross_encoder,
        opinion=second_opinion(engines.embedder, measures, stack),
    )
    stack.push_async_callback(model.close)
    recovery = RecoveryService(database, engines.blobs, engines.keywords, engines.vectors, jobs)
    retention = RetentionService(database, services.files, services.stores, services.translated_files)
    return _Opened(
        services=services,
        worker=worker,
        queue=jobs,
        recovery=recovery,
        retention=retention,
        upkeep=UpkeepService(database, jobs, recovery, retention),
        sender=sender,
        measures=measures,
        database=database,
    )
