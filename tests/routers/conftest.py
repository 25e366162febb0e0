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

from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.sandbox import SandboxParser
from app.core.config import Settings
from app.core.logging import configure_logging
from app.main import create_app
from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.fakes.translator import translated
from tests.postgres import database
from tests.routers.fakes import FakeServices
from tests.routers.translating import opened
from tests.s3_server import s3_server
from tests.server.cluster import Cluster
from tests.server.process import built_models

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


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster for tests that give keys, its files in a bucket; `real.join` makes this process one more."""
    folder = tmp_path_factory.mktemp("guarded")
    models = built_models(tmp_path_factory.getbasetemp().parent / "docubot-models")
    with (
        s3_server() as s3,
        database() as url,
        Cluster(folder, models, url, FILES_URL=f"{s3.bucket('docubot')}/files") as made,
    ):
        yield made


@pytest.fixture(scope="module")
def openai() -> Iterator[OpenAIServer]:
    """A model of OpenAI's wire for whoever translates."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
async def parser(anyio_backend: str) -> AsyncIterator[SandboxParser]:
    """The real one; who takes it has an `anyio_backend` of the module's scope."""
    parser = SandboxParser(ParseLimits(seconds=60, page_seconds=30))
    yield parser
    await parser.close()


@pytest.fixture
async def translating_files(
    services: FakeServices, tmp_path: Path, openai: OpenAIServer, parser: SandboxParser
) -> AsyncIterator[None]:
    """The real services of translation behind `client`, over a model that translates and the real parser."""
    openai.reset()
    openai.default = Reply(translated, piece=4000)
    async with opened(services, tmp_path, openai.base_url, parser):
        yield
