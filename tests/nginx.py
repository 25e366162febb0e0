"""nginx with the file that is deployed, before processes on other ports."""

import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.machine import free_port, program, wait_until

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx.conf"
_BACKEND = "server api:8000"
_LISTEN = "listen 8080"


@dataclass
class Nginx:
    """In `folder`, before `backends` (ports of this machine)."""

    folder: Path
    backends: Sequence[int]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Nginx":
        command = [program("nginx"), "-p", str(self.folder), "-c", str(self.configured()), "-g", "daemon off;"]
        with (self.folder / "nginx.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self._answers, self.process)
        return self

    def configured(self) -> Path:
        """The deployed file, with these ports and this folder in it and nothing else changed."""
        text = CONFIGURATION.read_text(encoding="utf-8")
        [backend] = [line for line in text.splitlines() if _BACKEND in line]
        assert text.count(_LISTEN) == 1
        lines = [backend.replace(_BACKEND, f"server 127.0.0.1:{port}") for port in self.backends]
        text = text.replace(backend, "\n".join(lines)).replace(_LISTEN, f"listen 127.0.0.1:{self.port}")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / "nginx.conf"
        target.write_text(text.replace("/tmp/", f"{self.folder}/"), encoding="utf-8")
        return target

    def _answers(self) -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        if self.process is not None:
            self.process.terminate()  # its own children end with it; after SIGKILL they would serve on
            self.process.wait()
