"""A real DocuBot process on a free port of loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.adapters.embeddings import build

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data" / "samples"
_ENDED = ("ready", "ready_with_warnings", "failed", "cancelled")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class ServerProcess:
    """Started by `start`, ended by `kill` or `stop`; may be started again on the same data folder."""

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PORT": str(self.port), "DATA_DIR": str(self.data_dir), **self.settings}

    def spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app.cli", "serve"]
        with (self.data_dir.parent / f"{self.data_dir.name}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log)

    def start(self) -> "ServerProcess":
        self.process = self.spawn()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the server ended while it was starting"
            try:
                if self.http.get("/health").is_success:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        """kill -9: no goodbye."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def upload(self, name: str, content: bytes, **form: str) -> dict[str, Any]:
        reply = self.http.post("/upload", files={"file": (name, content)}, data=form).raise_for_status()
        document: dict[str, Any] = reply.json()["documents"][0]
        return document

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


def with_models(folder: Path, models: Path) -> Path:
    """A data folder that has the embedding model already."""
    folder.mkdir(parents=True)
    (folder / "models").symlink_to(models, target_is_directory=True)
    return folder


def built_models(folder: Path) -> Path:
    """The embedding model, built once a test session."""
    build.ensure(folder, lambda _: None)
    return folder / "models"
