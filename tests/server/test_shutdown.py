"""SIGTERM: streams are told, work is handed back, and nothing waits for what nobody needs."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.server.process import SAMPLES, ServerProcess, with_models

GRACE = 5.0  # what requests under way get


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with running() as server:
        server.default = Reply(hang=True)
        yield server


def job_row(server: ServerProcess) -> tuple[object, ...]:
    with closing(sqlite3.connect(server.data_dir / "docubot.sqlite3")) as connection:
        query = "SELECT status, lease_owner, attempt, interruptions FROM jobs ORDER BY id DESC LIMIT 1"
        found: tuple[object, ...] = connection.execute(query).fetchone()
        return found


def long_text() -> bytes:
    """Some hundred chunks: embedding them takes longer than any test waits."""
    line = "Lighthouse {0} stands on rock {1}; its keeper counts {2} ships a night and writes them down in a book.\n\n"
    return "".join(line.format(n, n * 7, n * 31) for n in range(8000)).encode()


def test_an_idle_server_is_gone_at_once(server: ServerProcess) -> None:
    server.start()
    server.upload("a.txt", b"The keeper counts the ships.")
    server.settled()
    assert server.ask("Who counts the ships?")["status"] == "answered"
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < GRACE  # some .6 s; more only where the machine is busy


def test_work_is_handed_back_and_its_followers_are_told(server: ServerProcess) -> None:
    server.settings["INGEST_WORKERS"] = "1"
    server.start()
    job = server.upload("long.txt", long_text())["job_id"]
    events: list[str] = []
    with server.http.stream("GET", f"/jobs/{job}/events", timeout=60) as stream:
        for line in stream.iter_lines():
            events.append(line)
            if line.startswith("data:") and '"stage":"embed"' in line and "progress" in line:
                began = time.monotonic()
                assert server.process is not None
                server.process.terminate()
    assert server.stop() == 0
    assert time.monotonic() - began < GRACE
    assert "event: closing" in events[-4:]
    assert json.loads(next(line for line in events[::-1] if line.startswith("data:"))[5:])["code"] == "shutting_down"
    assert job_row(server) == ("queued", None, 1, 0)
    server.start()
    follow = server.http.get(f"/jobs/{job}").json()
    assert (follow["status"] in ("queued", "running"), follow["attempt"]) == (True, 1)


def test_answers_under_way_end_with_an_event(tmp_path: Path, models: Path, model: OpenAIServer) -> None:
    settings = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "sk-test"}
    server = ServerProcess(with_models(tmp_path / "data", models), settings)
    try:
        server.start()
        server.upload("report.pdf", (SAMPLES / "aurora-annual-report-2025.pdf").read_bytes())
        server.settled()
        question = {"question": "What was research and development expense in 2024?", "stream": True}
        with (
            connect(f"ws://127.0.0.1:{server.port}/ask/ws") as socket,
            server.http.stream("POST", "/ask", json=question) as stream,
        ):
            socket.send(json.dumps(question))
            assert model.wait_until_active(2, 20)
            assert server.process is not None
            server.process.terminate()
            said = [json.loads(message) for message in socket_messages(socket)]
            assert (said[-1]["event"], said[-1]["data"]["code"]) == ("error", "shutting_down")
            lines = list(stream.iter_lines())
        assert "event: error" in lines
        assert '"code":"shutting_down"' in [line for line in lines if line.startswith("data:")][-1]
        assert server.stop() == 0
    finally:
        server.close()


def socket_messages(socket: ClientConnection) -> list[str]:
    """All that comes until the server closes it, saying that it restarts."""
    messages: list[str] = []
    with suppress(ConnectionClosedError):
        messages += (str(message) for message in socket)
    assert socket.close_code == 1012
    return messages
