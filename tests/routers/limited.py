"""Keys with quotas, on the application over its real services, on both databases."""

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from reportlab.pdfgen.canvas import Canvas

from app.models.access import Scope
from app.models.quotas import Limits
from tests.postgres import fresh_database
from tests.routers.real import Real, open_real

EVERYTHING = frozenset(Scope) - {Scope.ADMIN}


@dataclass
class Limited:
    """A key and what it calls."""

    real: Real
    id: str
    headers: dict[str, str]

    async def call(self, method: str, path: str, **content: Any) -> httpx.Response:
        return await self.real.http.request(method, path, headers=self.headers, **content)

    async def upload(self, *contents: bytes, suffix: str = "txt") -> httpx.Response:
        files = [("file", (f"{number}.{suffix}", content)) for number, content in enumerate(contents)]
        return await self.call("POST", "/upload", files=files)

    async def ingested(self, content: bytes, suffix: str = "pdf") -> dict[str, Any]:
        """The document's job, at its end."""
        reply = await self.upload(content, suffix=suffix)
        assert reply.status_code == 202, reply.text
        return await self.ended(reply.json()["documents"][0]["job_id"])

    async def ended(self, job_id: str) -> dict[str, Any]:
        async for _ in self.real.services.jobs.events(job_id):
            pass
        job: dict[str, Any] = (await self.call("GET", f"/jobs/{job_id}")).json()
        return job

    async def used(self) -> dict[str, int]:
        used: dict[str, int] = (await self.call("GET", "/me")).json()["used"]
        return used


async def limited(real: Real, reach: tuple[str, ...] | None = None, **limits: int) -> Limited:
    made = await real.key(*EVERYTHING, reach=reach, limits=Limits(**limits))
    return Limited(real, made.key.id, {"authorization": f"Bearer {made.secret}"})


@asynccontextmanager
async def open_on(database: str, folder: Path, **settings: Any) -> AsyncIterator[Real]:
    """`database`: sqlite or postgresql."""
    async with AsyncExitStack() as stack:
        if database == "postgresql":
            settings["database_url"] = await stack.enter_async_context(fresh_database())
        yield await stack.enter_async_context(open_real(folder, **settings))


def pdf(pages: int, text: str = "The tide turns at noon.") -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    for number in range(pages):
        canvas.drawString(72, 720, f"{text} Page {number + 1}.")
        canvas.showPage()
    canvas.save()
    return target.getvalue()
