"""A Redis of the tests' own, that they may kill."""

from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from tests.machine import LocalServer, free_port, program


@dataclass
class RedisServer(LocalServer):
    """Keeps nothing: after `kill` and `start` it is empty."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "RedisServer":
        command = [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no"]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.run(command, self._answers, self.folder)
        return self

    def _answers(self) -> bool:
        with Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except NotThere:
                return False
