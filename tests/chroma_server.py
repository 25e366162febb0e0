"""A Chroma server of the tests' own: `chroma run`, as it is deployed."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.machine import LocalServer, free_port


@dataclass
class ChromaServer(LocalServer):
    """Keeps its folder: after `kill` and `start` it holds what it held, as far as the kill let it."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "ChromaServer":
        self.folder.mkdir(parents=True, exist_ok=True)
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self.folder), "--port", str(self.port)]
        self.run(command, self._answers, self.folder)
        return self

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False).is_success
        except httpx.TransportError:
            return False
