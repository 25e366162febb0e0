"""Commands against a running server: what they print, and how they end."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.commands.event_stream import Event, events
from app.commands.printing import plain
from tests.server.process import SAMPLES, ServerProcess

NOWHERE = "http://127.0.0.1:9"  # the port of "discard", where nobody listens


def docubot(*arguments: str, server: ServerProcess | str | None = None, stdin: str | None = None) -> Result:
    address = f"http://127.0.0.1:{server.port}" if isinstance(server, ServerProcess) else server
    result = CliRunner().invoke(app, arguments, env={"DOCUBOT_URL": address or ""}, input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_ask_prints_the_answer_and_what_it_rests_on(served: ServerProcess) -> None:
    result = docubot("ask", "退款需要多少个工作日?", server=served)
    assert result.exit_code == 0
    assert "[1] customer-charter.pdf, page 1: “退款将在十个工作日内支付。”" in result.stdout


def test_ask_what_is_not_there(served: ServerProcess) -> None:
    result = docubot("ask", "Who won the football world cup in 1998?", "--json", server=served)
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (1, "not_found")


def test_search(served: ServerProcess) -> None:
    result = docubot("search", "重要退款", "--top-k", "1", server=served)
    assert (result.exit_code, "customer-charter.pdf, page 1" in result.stdout) == (0, True)


def test_ingest_folders_and_patterns_and_files_that_are_refused(served: ServerProcess, tmp_path: Path) -> None:
    (tmp_path / "深" / "er").mkdir(parents=True)
    (tmp_path / "深" / "er" / "दीप.txt").write_text("दीपस्तंभ चट्टान पर खड़ा है।", encoding="utf-8")
    (tmp_path / "program.exe").write_bytes(b"MZ\x90\x00" + bytes(300))
    (tmp_path / ".hidden").write_text("not to be sent", encoding="utf-8")
    result = docubot("ingest", str(tmp_path), f"{SAMPLES}/tide*.pdf", "-c", "लेख", "--json", server=served)
    outcomes = {Path(outcome["file"]).name: outcome for outcome in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert {name: outcome["status"] for name, outcome in outcomes.items()} == {
        "दीप.txt": "ready",
        "tide-gauge-manual.pdf": "ready",
        "program.exe": None,
    }
    assert outcomes["program.exe"]["error"]["code"] == "unsupported_media_type"
    again = docubot("ingest", f"{SAMPLES}/tide*.pdf", "-c", "लेख", server=served)
    assert (again.exit_code, "ready (was there already)" in again.stdout) == (0, True)


def test_ingest_a_path_that_leads_nowhere_sends_nothing() -> None:
    result = docubot("ingest", "no/such/*.pdf", server=NOWHERE)
    assert (result.exit_code, "no/such/*.pdf: no such file" in result.stderr) == (2, True)


def test_documents_from_the_first_to_the_last(served: ServerProcess) -> None:
    sent = served.upload("weg.txt", b"The lamp is lit at dusk.", collection="doomed")
    served.settled()
    rows = [
        line.split("\t") for line in docubot("documents", "list", "-c", "doomed", server=served).stdout.splitlines()
    ]
    assert [row[:4] for row in rows] == [[sent["id"], "doomed", "weg.txt", "ready"]]
    assert "status: ready" in docubot("documents", "show", sent["id"], server=served).stdout
    asked = docubot("documents", "delete", sent["id"], server=served, stdin="n\n")
    assert asked.exit_code == 1
    gone = docubot("documents", "delete", sent["id"], "--yes", "--json", server=served)
    assert json.loads(gone.stdout)[0]["chunks"] == 1
    missing = docubot("documents", "show", sent["id"], server=served)
    assert (missing.exit_code, missing.stderr.startswith("document_not_found: ")) == (4, True)


def test_collections_and_their_jobs(served: ServerProcess) -> None:
    assert docubot("collections", "create", "新 规则", "--description", "测试", server=served).exit_code == 0
    assert "新 规则" in docubot("collections", "list", server=served).stdout
    rebuilt = docubot("reindex", "新 规则", "--json", server=served)
    assert (rebuilt.exit_code, json.loads(rebuilt.stdout)["status"]) == (0, "succeeded")
    job = json.loads(rebuilt.stdout)["id"]
    assert job in docubot("jobs", "list", server=served).stdout
    assert docubot("jobs", "follow", job, server=served).exit_code == 0
    assert docubot("collections", "delete", "新 规则", "-y", server=served).exit_code == 0
    twice = docubot("collections", "delete", "新 规则", "-y", server=served)
    assert (twice.exit_code, "collection_not_found" in twice.stderr) == (4, True)


def test_translate_without_a_model_is_told_in_a_line(served: ServerProcess) -> None:
    result = docubot("translate", "de", server=served, stdin="Hello")
    assert (result.exit_code, result.stderr.count("\n")) == (5, 1)
    assert "OPENAI_API_KEY" in result.stderr


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[str]:
    """A server that is no DocuBot."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("address", [NOWHERE, "http://nowhere.invalid"])
def test_a_server_that_is_down(address: str) -> None:
    result = docubot("documents", "list", server=address)
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert f"No DocuBot answers at {address}" in result.stderr


@pytest.mark.parametrize("address", ["ftp://x", "127.0.0.1:8000", "http://[::1"])
def test_what_is_no_address(address: str) -> None:
    result = docubot("documents", "list", server=address)
    assert (result.exit_code, "is not an address of a DocuBot" in result.stderr) == (2, True)


def test_a_server_that_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            listener.accept()[0].close()

        threading.Thread(target=hang_up).start()
        result = docubot("documents", "list", server=f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert (result.exit_code, "broke off" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    ("body", "status", "code"), [(b"<html>", 200, 3), (b"[]", 200, 3), (b"<html>", 404, 4), (b"[1]", 502, 5)]
)
def test_a_server_that_is_no_docubot(body: bytes, status: int, code: int) -> None:
    with answering(body, status) as address:
        result = docubot("documents", "list", server=address)
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1)


def test_events_cut_anywhere_and_with_other_line_ends_in_them() -> None:
    text = 'event: delta\nid: 1\ndata: {"text":"a\u2028b\u0085c"}\n\n: ping\n\nevent: done\ndata: {}\n\n'.encode()
    pieces = [text[at : at + 3] for at in range(0, len(text), 3)]
    assert list(events(pieces)) == [Event("delta", {"text": "a\u2028b\u0085c"}), Event("done", {})]


def test_documents_do_not_steer_the_terminal() -> None:
    assert plain("a\x1b[31mred\x07\x9b\n\tह") == "a[31mred\n\tह"


def test_a_collection_is_exported_and_imported_under_another_name(served: ServerProcess, tmp_path: Path) -> None:
    metadata = json.dumps({"jahr": 2023, "geprüft": True})
    served.upload("लेख.txt", "दीपस्तंभ 1907 में बना।".encode(), collection="aus", metadata=metadata)
    served.upload("b.txt", b"The lamp is lit at dusk.", collection="aus")
    served.settled()
    file = tmp_path / "aus.tar"
    done = docubot("collections", "export", "aus", str(file), "--json", server=served)
    assert (done.exit_code, json.loads(done.stdout)["documents"]) == (0, 2)
    assert docubot("collections", "export", "aus", str(file), server=served).exit_code == 2
    for _ in range(2):  # the second changes nothing
        done = docubot("collections", "import", str(file), "--as", "ein", "--json", server=served)
        assert (done.exit_code, [item["status"] for item in json.loads(done.stdout)]) == (0, ["ready", "ready"])
    found = json.loads(docubot("documents", "list", "-c", "ein", "--json", server=served).stdout)
    assert {item["filename"]: item["metadata"] for item in found} == {
        "लेख.txt": {"jahr": 2023, "geprüft": True},
        "b.txt": {},
    }
    damaged = bytearray(file.read_bytes())
    damaged[damaged.rindex(b"dusk")] ^= 1
    file.write_bytes(damaged)
    refused = docubot("collections", "import", str(file), "--as", "nie", server=served)
    assert (refused.exit_code, "is not what it was" in refused.stderr) == (2, True)
    assert docubot("collections", "show", "nie", server=served).exit_code == 4


def test_config_prints_what_holds_and_masks_what_is_secret(
    served: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://docubot:very-secret@db/docubot")
    monkeypatch.setenv("TOP_K", "3")
    here = docubot("config")
    assert here.exit_code == 0
    assert "TOP_K=3\n" in here.stdout
    assert "docubot" in here.stdout
    assert "very-secret" not in here.stdout
    there = docubot("config", "--json", server=served)
    assert json.loads(there.stdout)["PORT"] == served.port
