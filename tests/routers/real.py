"""The application over its real services: for what fakes cannot tell, as who sees what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from app.adapters.embeddings.hashing import HashingEmbedder
from app.bootstrap import open_services
from app.core.config import Settings
from app.main import create_app
from app.models.access import Scope
from app.services.container import Services
from app.services.keys import MadeKey
from tests.routers.conftest import BASE
from tests.server.cluster import Cluster
from tests.server.process import built_models, with_models


@dataclass
class Real:
    """`services` and `app` are of this process. `http` calls it, or the other processes of its cluster; it brings no
    key."""

    services: Services
    app: FastAPI
    http: httpx.AsyncClient

    async def key(self, *scopes: Scope, reach: tuple[str, ...] | None = None, **more: Any) -> MadeKey:
        return await self.services.keys.create("test", frozenset(scopes), reach, **more)

    async def headers(self, *scopes: Scope, reach: tuple[str, ...] | None = None) -> dict[str, str]:
        return {"authorization": f"Bearer {(await self.key(*scopes, reach=reach)).secret}"}


@asynccontextmanager
async def open_real(folder: Path, **values: Any) -> AsyncIterator[Real]:
    """Over `folder`; `values`: settings. Embeddings are the offline double's, the rest is as it is served."""
    with_models(folder / "data", built_models(folder.parent / "docubot-models"))
    settings = Settings(_env_file=None, data_dir=folder / "data", **{"rate_limit": ""} | values)  # type: ignore[call-arg]
    async with open_services(settings, HashingEmbedder()) as services:
        app = create_app(settings, lambda _: nullcontext(services), built_page=folder / "none")
        async with LifespanManager(app):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
                yield Real(services, app, http)


@asynccontextmanager
async def join(cluster: Cluster) -> AsyncIterator[Real]:
    """This process as one more of the cluster, and calls to the others: what is changed here they have to know."""
    shared = {name.lower(): value for name, value in cluster.settings.items()}
    settings = Settings(_env_file=None, data_dir=cluster.data_dir, **shared)  # type: ignore[call-arg]
    async with open_services(settings, HashingEmbedder()) as services:
        app = create_app(settings, lambda _: nullcontext(services), built_page=cluster.data_dir / "none")
        async with LifespanManager(app), httpx.AsyncClient(base_url=str(cluster.http.base_url), timeout=60) as http:
            yield Real(services, app, http)
