"""A backup under load, restored elsewhere: the same keys and citations are good, and `check` finds nothing."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.server.process import ROOT, SAMPLES, ServerProcess, with_models

QUESTIONS = ("What was research and development expense in 2024?", "退款需要多少个工作日?", "मरम्मत का शुल्क कितना है?")


def docubot(data_dir: Path, *arguments: str, **settings: str) -> tuple[int, Any]:
    environment = {**os.environ, "DATA_DIR": str(data_dir), **settings}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=100,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr.decode()


def citations(server: ServerProcess) -> list[list[tuple[str, int, str]]]:
    """Of each answer, all: the first answer after a start cites what later ones do."""
    asked = (server.ask(question)["citations"] for question in QUESTIONS)
    return [[(c["filename"], c["page"], c["quote"]) for c in found] for found in asked]


@contextmanager
def load(server: ServerProcess) -> Iterator[None]:
    """Uploads and questions, in another collection, until the block ends."""
    over = threading.Event()

    def run() -> None:
        number = 0
        while not over.is_set():
            number += 1
            text = f"Lighthouse {number} has {number * 7} steps.\n\n" * 20
            server.upload(f"{number}.txt", text.encode(), collection="busy")
            server.ask("How many steps has lighthouse 1?", collection="busy")

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=60)


def test_a_backup_under_load_comes_back_whole(server: ServerProcess, models: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    server.start()
    for path in sorted(SAMPLES.glob("*.pdf")):
        server.upload(path.name, path.read_bytes())
    server.settled()
    before = citations(server)
    assert all(before)
    code, key = docubot(server.data_dir, "keys", "create", "--name", "reader", "--scopes", "admin", "--json")
    assert code == 0
    server.http.headers["Authorization"] = f"Bearer {key['secret']}"
    with load(server):
        code, told = docubot(server.data_dir, "backup", str(archive), "--json")
    assert (code, told["vectors"]) == (0, True)
    server.kill()
    target = ServerProcess(with_models(tmp_path / "elsewhere", models))
    code, told = docubot(target.data_dir, "restore", str(archive), "--json")
    assert (code, told["clean"], told["rebuilt"]) == (0, True, [])
    target.start()
    try:
        assert target.http.get("/documents").status_code == 401
        target.http.headers["Authorization"] = f"Bearer {key['secret']}"
        assert citations(target) == before
        target.settled()
        assert target.stop() == 0
        assert docubot(target.data_dir, "check", "--json")[1]["clean"]
        code, told = docubot(target.data_dir, "restore", str(archive), "--json")
        assert code == 2
        assert "is not empty" in told
    finally:
        target.close()
