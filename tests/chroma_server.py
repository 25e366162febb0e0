"""A Chroma server of the tests' own: `chroma run`, as it is deployed."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.machine import free_port, wait_until


@dataclass
class ChromaServer:
    """Keeps its folder: after `kill` and `start` it holds what it held, as far as the kill let it."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "ChromaServer":
        self.folder.mkdir(parents=True, exist_ok=True)
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers, self.process)
        return self

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False).is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
