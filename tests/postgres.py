"""Databases on the PostgreSQL server that the tests are given, and servers of their own."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from anyio.from_thread import start_blocking_portal

from app.core.ids import new_id
from tests.machine import absent, free_port, program

POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/postgres")


@asynccontextmanager
async def fresh_database() -> AsyncIterator[str]:
    """The URL of a new, empty database; skips where no server answers, and fails where one is promised."""
    name = f"docubot_{new_id().replace('-', '')}"
    try:
        admin = await asyncpg.connect(POSTGRES, timeout=5)
    except OSError as error:
        absent(f"PostgreSQL does not answer at TEST_POSTGRES: {error}")
    try:
        await admin.execute(f'CREATE DATABASE "{name}"')
        server = POSTGRES.removeprefix("postgresql://").rsplit("/", 1)[0]
        yield f"postgresql+asyncpg://{server}/{name}"
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@contextmanager
def database() -> Iterator[str]:
    """The same for those who are not asynchronous."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(fresh_database()) as url:
        yield url


@dataclass
class PostgresServer:
    """A PostgreSQL of its own, for those who restart it; as the user `postgres` where we are root, whom it refuses."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """Of the process that all others are children of."""
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def start(self) -> "PostgresServer":
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "start", "--wait", "--silent", "-o", options, "-l", str(self.folder / "log"))
        return self

    def restart(self, mode: str) -> None:
        """`mode`: fast (connections are ended) or immediate (as after a crash)."""
        self._run("pg_ctl", "restart", "--wait", "--silent", "-m", mode, "-l", str(self.folder / "log"))

    def kill(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--silent", "-m", "immediate")

    def _run(self, name: str, *arguments: str) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        command = [str(found[-1]) if found else program(name), "-D", str(self.folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
