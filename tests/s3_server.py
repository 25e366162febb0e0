"""An S3 server of the tests' own (moto's), in a process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from tests.machine import LocalServer, free_port


@dataclass
class S3Server(LocalServer):
    """Keeps what it holds in memory."""

    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        """What its clients are told by."""
        keys = {"AWS_ACCESS_KEY_ID": "docubot", "AWS_SECRET_ACCESS_KEY": "of the tests", "AWS_REGION": "us-east-1"}
        return keys | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}"}

    def start(self) -> "S3Server":
        command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(self.port)]
        self.run(command, self._answers)
        return self

    def bucket(self, name: str) -> str:
        """A new, empty bucket's URL."""
        httpx.put(f"http://127.0.0.1:{self.port}/{name}", trust_env=False).raise_for_status()
        return f"s3://{name}"

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/moto-api/", trust_env=False).status_code < 500
        except httpx.TransportError:
            return False


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """One that runs, with this process and those that it starts told of it."""
    server = S3Server().start()
    try:
        with pytest.MonkeyPatch.context() as told:
            for name, value in server.environment.items():
                told.setenv(name, value)
            yield server
    finally:
        server.kill()
