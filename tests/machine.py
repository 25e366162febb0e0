"""What tests need of the machine that they run on."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def absent(reason: str) -> NoReturn:
    """Skip the test, or fail it where every service is promised."""
    if os.environ.get("DOCUBOT_TESTS_NEED_SERVICES"):
        pytest.fail(reason)
    pytest.skip(reason)


def program(name: str) -> str:
    """Where it is installed, or else `absent`."""
    # Servers often lie where only administrators look.
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") or absent(f"{name} is missing")


def wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], limit: float = 120) -> None:
    """Return when it answers. Raises AssertionError when its process ends, or after `limit` seconds."""
    deadline = time.monotonic() + limit
    while not answers():
        assert process.poll() is None, "it ended while it was starting"
        assert time.monotonic() < deadline, "it did not come up"
        time.sleep(0.05)


class LocalServer:
    """A server in a process of its own; its class says how it is started, and when it answers."""

    process: subprocess.Popen[bytes] | None = None

    def run(self, command: Sequence[str], answers: Callable[[], bool], folder: Path | None = None) -> None:
        """Return when it answers."""
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(answers, self.process)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
