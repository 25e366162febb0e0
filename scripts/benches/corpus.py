"""What several benchmarks need: a throw-away DocuBot in this process or in its own, and files to feed it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

from app.bootstrap import open_services
from app.core.config import Settings, load_settings
from app.logic.mediatype import HEAD_BYTES
from app.models.requests import ReceivedFile, UploadOptions, UploadOutcome
from app.ports import Embedder
from app.services.container import Services
from scripts.benches.questions import read_lines

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data" / "samples"


def files_of(arguments: list[str]) -> list[Path]:
    """PDFs named on the command line, or in folders named there; the samples when none is."""
    places = [Path(argument) for argument in arguments] or [SAMPLES]
    return [file for place in places for file in (sorted(place.glob("*.pdf")) if place.is_dir() else [place])]


@asynccontextmanager
async def services(embedder: Embedder | None = None, **settings: object) -> AsyncIterator[Services]:
    """DocuBot's services over a data folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="docubot-bench-") as folder:
        async with open_services(bench_settings(Path(folder), **settings), embedder) as opened:
            yield opened


def bench_settings(folder: Path, **settings: object) -> Settings:
    return load_settings(data_dir=folder, answer_cache=0, **settings)


async def upload(opened: Services, path: Path) -> UploadOutcome:
    return await upload_bytes(opened, path.name, path.read_bytes())


async def upload_bytes(
    opened: Services, name: str, content: bytes, options: UploadOptions | None = None
) -> UploadOutcome:
    writer = await opened.uploads.writer()
    await writer.write(content)
    received = ReceivedFile(name, await writer.commit(), content[:HEAD_BYTES])
    [outcome] = await opened.uploads.accept([received], options or UploadOptions())
    return outcome


async def upload_paragraphs(opened: Services, collection: str, folder: Path) -> None:
    """Each as a document of its own; they are searchable at the end."""
    options = UploadOptions(collection=collection)
    lines = read_lines(folder / "passages.jsonl")
    for outcome in [await upload_bytes(opened, f"{line['id']}.txt", line["text"].encode(), options) for line in lines]:
        await ended(opened, outcome)


async def ended(opened: Services, outcome: UploadOutcome) -> None:
    async for _ in opened.jobs.events(outcome.job_id or ""):
        pass


@contextmanager
def server(folder: Path) -> Iterator[httpx.Client]:
    """A DocuBot process of its own over `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "DATA_DIR": str(folder), "LOG_LEVEL": "warning"}
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "serve"], cwd=ROOT, env=environment)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline:
                try:
                    client.get("/health").raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=60)
