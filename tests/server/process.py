"""Real DocuBot processes on free ports of loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from app.adapters.embeddings import build
from tests.machine import free_port, wait_until

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data" / "samples"
_ENDED = ("ready", "ready_with_warnings", "failed", "cancelled")


class Served:
    """DocuBot at a port of this machine, as its clients see it. `data_dir` is where its processes keep things."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def upload(self, name: str, content: bytes, **form: str) -> dict[str, Any]:
        reply = self.http.post("/upload", files={"file": (name, content)}, data=form).raise_for_status()
        document: dict[str, Any] = reply.json()["documents"][0]
        return document

    def upload_samples(self) -> None:
        """Return when they can be asked about."""
        for path in sorted(SAMPLES.glob("*.pdf")):
            self.upload(path.name, path.read_bytes())
        self.settled()

    def documents(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (
            self.http.get("/documents", params={"limit": 100}).raise_for_status().json()["items"]
        )
        return items

    def settled(self, limit: float = 120) -> list[dict[str, Any]]:
        """All documents, once each is in a final state."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            items = self.documents()
            if all(item["status"] in _ENDED for item in items):
                return items
            time.sleep(0.1)
        raise AssertionError([item["status"] for item in self.documents()])

    def ask(self, question: str, **fields: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.post("/ask", json={"question": question, **fields}).raise_for_status().json()
        return answer

    def answers(self) -> bool:
        """Whether anybody is there."""
        try:
            return self.http.get("/health").is_success
        except httpx.TransportError:
            return False


class Program:
    """One of our commands in a process of its own, that may be killed and started again. Its log lies beside
    `data_dir`, under `name` or else the folder's."""

    command: tuple[str, ...]

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None, name: str = "") -> None:
        self.data_dir = data_dir
        self.settings = dict(settings or {})
        self.log = data_dir.parent / f"{name or data_dir.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return {**os.environ, "DATA_DIR": str(self.data_dir), **self.settings}

    def spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app.cli", *self.command]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """kill -9: no goodbye."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        if self.runs:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


class ServerProcess(Program, Served):
    command = ("serve",)

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None, name: str = "") -> None:
        Served.__init__(self, data_dir)
        Program.__init__(self, data_dir, settings, name)

    def environment(self) -> dict[str, str]:
        return super().environment() | {"PORT": str(self.port)}

    def start(self) -> Self:
        self.process = self.spawn()
        wait_until(self.answers, self.process)
        return self

    def close(self) -> None:
        """For the end of a test."""
        if self.runs:
            self.kill()
        self.http.close()


class WorkerProcess(Program):
    command = ("worker",)

    def start(self) -> Self:
        begin = self.log.stat().st_size if self.log.exists() else 0
        self.process = self.spawn()
        wait_until(lambda: b"DocuBot works on" in self.log.read_bytes()[begin:], self.process)
        return self


def with_models(folder: Path, models: Path) -> Path:
    """A data folder that has the embedding model already."""
    folder.mkdir(parents=True)
    (folder / "models").symlink_to(models, target_is_directory=True)
    return folder


def built_models(folder: Path) -> Path:
    """The embedding model, built once a test session."""
    build.ensure(folder, lambda _: None)
    return folder / "models"
