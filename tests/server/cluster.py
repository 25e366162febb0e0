"""DocuBot as several processes, all of them real: what compose.yaml starts, on free ports of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.chroma_server import ChromaServer
from tests.machine import wait_until
from tests.nginx import Nginx
from tests.postgres import PostgresServer
from tests.redis_server import RedisServer
from tests.server.process import Served, ServerProcess, WorkerProcess, built_models, with_models

_SIZE = 2


class Cluster(Served):
    """Servers behind nginx, whose port is the cluster's, and workers; over PostgreSQL, and a Redis and a Chroma server
    of its own. Runs as a context. `settings` are all processes', over what makes them a cluster."""

    def __init__(self, folder: Path, models: Path, database_url: str, **settings: str) -> None:
        super().__init__(with_models(folder / "data", models))
        self.redis = RedisServer(folder / "redis")
        self.chroma = ChromaServer(folder / "chroma")
        self.settings = {
            "DATABASE_URL": database_url,
            "DATABASE_POOL": "4",
            "QUEUE_URL": self.redis.url,
            "CHROMA_URL": self.chroma.url,
            "FILES_URL": f"file://{self.data_dir}/files",
            "SECRET_KEY": "0123456789 of the tests, 32 characters or more",
            "TRUSTED_PROXIES": "127.0.0.1",
            "RATE_LIMIT": "",
            "EMBEDDING_WORKERS": "1",
            "INGEST_WORKERS": "1",
        } | settings
        self.servers = [ServerProcess(self.data_dir, self.settings, f"server-{number}") for number in range(_SIZE)]
        self.workers = [WorkerProcess(self.data_dir, self.settings, f"worker-{number}") for number in range(_SIZE)]
        self.nginx = Nginx(folder / "nginx", [server.port for server in self.servers], self.port)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Return when it serves; its workers may still be on their way."""
        for other in (self.redis, self.chroma, self.nginx):
            other.start()
        for program in (*self.servers, *self.workers):  # at once, as an orchestrator starts them
            program.process = program.spawn()
        for server in self.servers:
            assert server.process is not None
            wait_until(server.answers, server.process)

    def close(self) -> None:
        for program in (*self.servers, *self.workers):
            if program.runs:
                program.kill()
        for other in (self.nginx, self.chroma, self.redis):
            other.kill()
        for served in (self, *self.servers):
            served.http.close()


@contextmanager
def own_cluster(folder: Path, **settings: str) -> Iterator[tuple[Cluster, PostgresServer]]:
    """A cluster in `folder` with a PostgreSQL of its own, both gone in the end."""
    folder.chmod(0o755)  # PostgreSQL's user has to get in
    postgres = PostgresServer(folder / "postgres").start()
    try:
        with Cluster(folder, built_models(folder), postgres.url, **settings) as cluster:
            yield cluster, postgres
    finally:
        postgres.kill()
