"""An application over fake services, called in the process (`client`) or over a socket (`server`)."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
import uvicorn
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from app.core.config import Settings
from app.core.logging import configure_logging
from app.main import create_app
from tests.routers.fakes import FakeServices

BASE = "http://localhost:8000"


@pytest.fixture(autouse=True)
def logs() -> Iterator[io.StringIO]:
    """What is logged meanwhile, one JSON object a line."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    def make(**values: Any) -> Settings:
        return Settings(_env_file=None, data_dir=tmp_path, **values)  # type: ignore[call-arg]

    return make


@pytest.fixture
def services(make_settings: Callable[..., Settings], tmp_path: Path) -> FakeServices:
    return FakeServices(make_settings(max_upload_bytes=100_000, max_files_per_upload=20), tmp_path)


@asynccontextmanager
async def calling(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with LifespanManager(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            yield client


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[tuple[str, int]]:
    """Host and port of a real server in this event loop."""
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        host, port = server.servers[0].sockets[0].getsockname()
        yield host, port
    finally:
        server.should_exit = True
        await task


class Shared:
    """One application for all tests: its routes are built once, its services are each test's own."""

    def __init__(self) -> None:
        self.services: FakeServices | None = None
        settings = Settings(_env_file=None)  # type: ignore[call-arg]
        self.app = create_app(settings, self.opened, built_page=Path("no such folder"))

    @asynccontextmanager
    async def opened(self, _: Settings) -> AsyncIterator[Any]:
        yield self.services


@pytest.fixture(scope="session")
def shared() -> Shared:
    return Shared()


@pytest.fixture
def app(shared: Shared, services: FakeServices) -> FastAPI:
    shared.services = services
    return shared.app


@pytest.fixture
async def client(app: FastAPI, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app) as client:
        yield client


@pytest.fixture
async def server(app: FastAPI, anyio_backend: str) -> AsyncIterator[tuple[str, int]]:
    async with serving(app) as address:
        yield address
