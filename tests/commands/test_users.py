"""`docubot users`, on a database that no server uses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app

PASSWORD = "correct horse battery"


@pytest.fixture
def docubot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(app, arguments, env={"DATA_DIR": str(tmp_path)}, input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def test_a_user_from_making_to_end(docubot: Callable[..., Result]) -> None:
    roles = ("--roles", "reader", "--roles", "editor:team-a,team-b-*")
    made = docubot("users", "create", "zoë", *roles, "--password-stdin", "--json", stdin=f"{PASSWORD}\n")
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["roles"][1] == {"role": "editor", "collections": ["team-a", "team-b-*"]}
    assert PASSWORD not in made.stdout
    again = docubot("users", "create", "ZOË", *roles, "--password-stdin", stdin=PASSWORD)
    assert (again.exit_code, "user_exists" in again.stderr) == (2, True)
    assert "editor:team-a,team-b-*" in docubot("users", "list").stdout
    assert json.loads(docubot("users", "disable", "zoë", "--json").stdout)["disabled_at"] is not None
    assert json.loads(docubot("users", "enable", "zoë", "--json").stdout)["disabled_at"] is None
    changed = json.loads(docubot("users", "roles", "zoë", "admin", "--json").stdout)
    assert changed["roles"] == [{"role": "admin", "collections": None}]
    typed = docubot("users", "password", "zoë", stdin=f"{PASSWORD} 2\n{PASSWORD} 2\n")
    assert (typed.exit_code, PASSWORD in typed.stdout) == (0, False)
    assert docubot("users", "delete", "zoë").exit_code == 0
    gone = docubot("users", "delete", "zoë")
    assert (gone.exit_code, "user_not_found" in gone.stderr) == (2, True)


def test_what_is_wrong_is_told_by_option(docubot: Callable[..., Result]) -> None:
    short = docubot("users", "create", "zoë", "--roles", "reader", "--password-stdin", stdin="short")
    assert (short.exit_code, "--password: has 12 to 256" in short.stderr) == (2, True)
    unknown = docubot("users", "create", "zoë", "--roles", "root", "--password-stdin", stdin=PASSWORD)
    assert (unknown.exit_code, "--roles: is one of admin, editor" in unknown.stderr) == (2, True)
    everywhere = docubot("users", "create", "zoë", "--roles", "admin:a", "--password-stdin", stdin=PASSWORD)
    assert (everywhere.exit_code, "reaches every collection" in everywhere.stderr) == (2, True)
