"""Each part of a cluster killed while files are ingested: nothing lost, nothing twice, no answer wrong.

`scripts/bench faults [ROUNDS] [FILES] [--only FAULT] [--seconds S] [--seed N]`. Two servers behind nginx, two workers,
a PostgreSQL, a Redis and a Chroma server, all real and started for this; only the model that embeds is a fake. ROUNDS
times each fault: FILES of six formats go up by a client that sends again what was not acknowledged; within S seconds
something ends by kill -9 and starts again a little later, Redis empty; PostgreSQL is restarted, every other time as
after a crash. In the end all files must be ready once, found and cited, and `docubot check` clean. Prints how long the
first search after the fault took to succeed, and the files to be ready, beside a round without any fault. Ends with 1
when anything was wrong.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import asyncpg
import httpx
from anyio.from_thread import start_blocking_portal

from tests.fakes.openai_server import Reply, running
from tests.postgres import PostgresServer
from tests.server.cluster import Cluster, own_cluster
from tests.server.survival import MUST_BE_EMPTY, Load, check, mixed_files

_LONGEST_OUTAGE = 3.0
_QUESTIONS = 10


class Part(Protocol):
    def start(self) -> object: ...
    def kill(self) -> None: ...


class Stage:
    """The cluster, and what can befall it."""

    def __init__(self, cluster: Cluster, postgres: PostgresServer) -> None:
        self.cluster = cluster
        self.postgres = postgres
        self.faults: dict[str, Callable[[random.Random], None]] = {
            "none": lambda _: None,
            "worker": lambda chance: self._outage(chance.choice(cluster.workers), chance),
            "server": lambda chance: self._outage(chance.choice(cluster.servers), chance),
            "redis": lambda chance: self._outage(cluster.redis, chance),
            "chroma": lambda chance: self._outage(cluster.chroma, chance),
            "postgres": lambda chance: postgres.restart(chance.choice(("fast", "immediate"))),
        }

    def _outage(self, part: Part, chance: random.Random) -> None:
        part.kill()
        time.sleep(chance.uniform(0.0, _LONGEST_OUTAGE))
        part.start()


@contextmanager
def opened(folder: Path) -> Iterator[Stage]:
    with running() as model:
        model.default = Reply(delay=0.05)
        with own_cluster(folder, EMBEDDING_BASE_URL=model.base_url, EMBEDDING_MODEL="fake") as (cluster, postgres):
            cluster.upload_samples()
            yield Stage(cluster, postgres)


class Round:
    """One fault while files come in. `answered`, `ready`: seconds from the fault."""

    def __init__(self, stage: Stage, name: str, files: int, chance: random.Random) -> None:
        self.load = Load(stage.cluster, mixed_files(files, chance), f"{name} {chance.randrange(1 << 30)}")
        self.answered = self.ready = 0.0
        self._stage = stage
        self._name = name
        self._chance = chance

    def run(self, longest: float) -> list[str]:
        """Returns what is wrong in the end."""
        uploads = threading.Thread(target=self._upload_all)
        with self.load.searching():
            uploads.start()
            time.sleep(self._chance.uniform(0.0, longest))
            began = time.monotonic()
            fault = threading.Thread(target=self._stage.faults[self._name], args=(self._chance,))
            fault.start()
            self._search_until_answered()
            self.answered = time.monotonic() - began
            for thread in (uploads, fault):
                thread.join()
            self.load.wait_until_settled()
            self.ready = time.monotonic() - began
        wrong = self.load.differences() + list(self._wrong_answers()) + self._wrong_rows()
        return wrong + check(self._stage.cluster.servers[0].environment())

    def _upload_all(self) -> None:
        while len(self.load.acknowledged) < len(self.load.files):
            self.load.upload()
            time.sleep(0.1)

    def _search_until_answered(self) -> None:
        with httpx.Client(base_url=self._stage.cluster.http.base_url, timeout=60) as client:
            while True:
                try:
                    if client.post("/search", json={"question": "night"}).is_success:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.05)

    def _wrong_answers(self) -> Iterator[str]:
        cluster = self._stage.cluster
        for number in self._chance.sample(range(len(self.load.files)), min(_QUESTIONS, len(self.load.files))):
            asked = f"What begins with alpha{number}?"
            citations = cluster.ask(asked, collection=self.load.collection)["citations"]
            if not any(c["filename"].endswith(f"-{number}") and f"alpha{number}." in c["quote"] for c in citations):
                yield f"not answered: {asked}"
            for cited in (cited for cited in citations if cited["page"]):
                path = f"/documents/{cited['document_id']}/pages/{cited['page']}"
                page = cluster.http.get(path).raise_for_status().json()["text"]
                if page[cited["quote_start"] : cited["quote_end"]] != cited["quote"]:
                    yield f"quotes what is not there: {asked}"

    def _wrong_rows(self) -> list[str]:
        with start_blocking_portal() as portal:
            counts: dict[str, int] = portal.call(self._count)
        return [f"{count} {what}" for what, count in counts.items() if count]

    async def _count(self) -> dict[str, int]:
        connection = await asyncpg.connect(self._stage.postgres.url.replace("+asyncpg", ""))
        try:
            return {what: len(await connection.fetch(query)) for what, query in MUST_BE_EMPTY.items()}
        finally:
            await connection.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rounds", type=int, nargs="?", default=10)
    options.add_argument("files", type=int, nargs="?", default=100)
    options.add_argument("--only")
    options.add_argument("--seconds", type=float, default=6.0)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    bad = 0
    with tempfile.TemporaryDirectory(prefix="docubot-faults-") as folder, opened(Path(folder)) as stage:
        bad += _told(stage, "none", 0, chosen)
        faults = [chosen.only] if chosen.only else [name for name in stage.faults if name != "none"]
        for number in range(chosen.rounds):
            bad += sum(_told(stage, name, number, chosen) for name in faults)
    print(f"{bad} bad rounds")
    sys.exit(1 if bad else 0)


def _told(stage: Stage, name: str, number: int, chosen: argparse.Namespace) -> bool:
    chance = random.Random(f"{chosen.seed} {name} {number}")
    one = Round(stage, name, chosen.files, chance)
    try:
        wrong = one.run(chosen.seconds)
    except (AssertionError, OSError, httpx.HTTPError) as error:
        wrong = [f"{type(error).__name__}: {error}"]
    times = f"answers after {one.answered:5.1f} s, all ready after {one.ready:5.1f} s"
    print(f"{name:8} {number + 1:3}: {times}, {one.load.searches:4} searches  {'; '.join(wrong) or 'good'}", flush=True)
    return bool(wrong)


if __name__ == "__main__":
    main()
