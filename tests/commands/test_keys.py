"""`docubot keys`, on a database that no server uses, and what its quotas mean to commands that call one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from tests.server.process import ServerProcess, built_models, with_models

LIMITED = ("--max-documents", "2", "--max-tokens-a-day", "50000")
Docubot = Callable[..., Result]


@pytest.fixture
def docubot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docubot:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environment: str) -> Result:
        result = CliRunner().invoke(app, arguments, env={"DATA_DIR": str(tmp_path / "data")} | environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def test_quotas_are_set_shown_changed_and_taken_away(docubot: Docubot) -> None:
    made = json.loads(docubot("keys", "create", "--name", "портал", "--scopes", "ask", *LIMITED, "--json").stdout)
    assert made["limits"] == {"documents": 2, "pages": None, "bytes": None, "tokens_a_day": 50_000}
    assert "documents 0/2, tokens_a_day 0/50000" in docubot("keys", "list").stdout
    changes = ("--max-documents", "none", "--max-bytes", "1000", "--name", "portal", "--json")
    changed = json.loads(docubot("keys", "change", made["id"], *changes).stdout)
    assert changed["limits"] == {"documents": None, "pages": None, "bytes": 1000, "tokens_a_day": 50_000}
    assert json.loads(docubot("keys", "show", made["id"], "--json").stdout) == changed
    assert '"bytes": 1000' in docubot("keys", "show", made["id"]).stdout
    rotated = json.loads(docubot("keys", "rotate", made["id"], "--json").stdout)
    assert (rotated["name"], rotated["limits"]) == ("portal", changed["limits"])


@pytest.mark.parametrize("wrong", ["-1", "many", "1.5", "9007199254740992"])
def test_what_is_no_number_is_told_by_its_option(docubot: Docubot, wrong: str) -> None:
    refused = docubot("keys", "create", "--name", "x", "--scopes", "ask", f"--max-tokens-a-day={wrong}")
    assert (refused.exit_code, "--max-tokens-a-day: " in refused.stderr) == (2, True), refused.stderr
    unknown = docubot("keys", "change", "01a2246e-8884-7bfa-9c73-cf98925fae9b", "--max-pages", "1")
    assert (unknown.exit_code, "key_not_found" in unknown.stderr) == (2, True)


@pytest.mark.slow
def test_an_ingest_beyond_a_quota_says_why(
    docubot: Docubot, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with_models(tmp_path / "data", built_models(tmp_path_factory.getbasetemp().parent / "docubot-models"))
    made = json.loads(docubot("keys", "create", "--name", "x", "--scopes", "read,upload", *LIMITED, "--json").stdout)
    server = ServerProcess(tmp_path / "data").start()
    try:
        for number in range(3):
            (tmp_path / f"{number}.txt").write_text(f"The tide turns at {number}.")
        names = [f"{number}.txt" for number in range(3)]
        url = f"http://127.0.0.1:{server.port}"
        done = docubot("ingest", *names, DOCUBOT_URL=url, DOCUBOT_API_KEY=made["secret"])
        assert done.exit_code != 0
        assert "may hold 2 documents and has 2" in done.stdout + done.stderr
        used = json.loads(docubot("keys", "show", made["id"], "--json").stdout)["used"]  # while the server runs
        assert (used["documents"], used["pages"]) == (2, 2)
    finally:
        server.kill()
        server.http.close()
