"""kill -9 at any moment, broken indexes, a second process: nothing is lost and nothing half done is shown."""

import random
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from tests.server.process import SAMPLES, ServerProcess

QUESTION = "What was research and development expense in 2024?"


def citations(server: ServerProcess) -> list[tuple[str, int, str]]:
    return [(c["filename"], c["page"], c["quote"]) for c in server.ask(QUESTION)["citations"]]


def texts(count: int) -> dict[str, bytes]:
    """Plain files of a few chunks each, all different."""
    paragraph = "Lighthouse {0} stands on rock {1}. Its keeper counts {2} ships a night and writes them down.\n\n"
    return {
        f"light-{n}.txt": "".join(paragraph.format(n, k, n * 100 + k) for k in range(30)).encode() for n in range(count)
    }


def rows(server: ServerProcess, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(server.data_dir / "docubot.sqlite3") as connection:
        return connection.execute(query).fetchall()


def test_killed_at_random_moments_it_loses_nothing_and_doubles_nothing(server: ServerProcess) -> None:
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    files = texts(12) | {path.name: path.read_bytes() for path in SAMPLES.glob("*.pdf")}
    names = sorted(files)
    chance.shuffle(names)
    acknowledged: set[str] = set()
    for _ in range(4):
        server.start()
        until = time.monotonic() + chance.uniform(0.0, 2.5)
        for name in names:
            if name not in acknowledged and time.monotonic() < until:
                server.upload(name, files[name])
                acknowledged.add(name)
        time.sleep(max(0.0, until - time.monotonic()))
        server.kill()
    server.start()
    documents = server.settled()
    assert {item["filename"]: item["status"] for item in documents} == dict.fromkeys(acknowledged, "ready"), seed
    doubled = "SELECT version_id, ordinal FROM chunks GROUP BY 1, 2 HAVING count(*) > 1"
    orphans = "SELECT chunk_id FROM chunk_vectors WHERE chunk_id NOT IN (SELECT id FROM chunks)"
    bare = "SELECT id FROM chunks WHERE id NOT IN (SELECT chunk_id FROM chunk_vectors)"
    assert [rows(server, query) for query in (doubled, orphans, bare)] == [[], [], []], seed
    for item in documents:
        if item["filename"].startswith("light-"):
            number = item["filename"].removeprefix("light-").removesuffix(".txt")
            quotes = [
                c["filename"]
                for c in server.ask(f"How many ships does the keeper of lighthouse {number} count?")["citations"]
            ]
            assert item["filename"] in quotes, seed


@pytest.mark.parametrize("harm", ["remove", "truncate", "zero"])
def test_a_broken_vector_index_is_filled_again_without_the_model(server: ServerProcess, harm: str) -> None:
    server.start()
    for path in sorted(SAMPLES.glob("*.pdf")):
        server.upload(path.name, path.read_bytes())
    server.settled()
    before = citations(server)
    assert server.stop() == 0
    if harm == "remove":
        shutil.rmtree(server.data_dir / "chroma")
    else:
        for path in [path for path in (server.data_dir / "chroma").rglob("*") if path.is_file()]:
            break_file(path, harm)
    server.start()
    assert server.ask(QUESTION)["status"] == "answered"  # by keyword, while the index is filled
    wait_for_refill(server)
    assert citations(server) == before
    server.stop()
    assert b"job_failed" not in (server.data_dir.parent / "data.log").read_bytes()


def break_file(path: Path, harm: str) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        if harm == "truncate":
            file.truncate(size // 2)
        else:
            file.write(bytes(size))


def wait_for_refill(server: ServerProcess) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        jobs = server.http.get("/jobs", params={"limit": 100}).json()["items"]
        refills = [job for job in jobs if job["kind"] == "reindex"]
        if refills and all(job["status"] == "succeeded" for job in refills):
            return
        time.sleep(0.1)
    raise AssertionError("the index was not filled again")


def test_a_second_process_on_the_same_folder_ends_at_once_and_says_who_holds_it(server: ServerProcess) -> None:
    server.start()
    second = ServerProcess(server.data_dir).spawn()
    assert second.wait(timeout=30) == 2
    log = (server.data_dir.parent / "data.log").read_text(encoding="utf-8")
    assert server.process is not None
    assert f"process {server.process.pid}" in log
    assert server.http.get("/health").is_success
    assert server.stop() == 0
