"""A real process on an address that others can reach."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.server.process import ROOT, ServerProcess, with_models


def docubot(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_public_address_is_guarded_from_the_start(tmp_path: Path, models: Path) -> None:
    server = ServerProcess(with_models(tmp_path / "data", models), {"HOST": "0.0.0.0"})
    refused = server.spawn()
    assert refused.wait(timeout=60) == 2
    assert "docubot keys create" in (tmp_path / "data.log").read_text(encoding="utf-8")

    made = docubot(server.data_dir, "keys", "create", "--name", "管理", "--scopes", "admin", "--json")
    assert made.returncode == 0, made.stderr
    key = httpx.Response(200, text=made.stdout).json()["secret"]
    server.start()
    try:
        assert server.http.get("/documents").status_code == 401
        assert server.http.get("/documents", headers={"x-api-key": key}).status_code == 200
        [access] = [
            item for item in server.http.get("/health/ready").json()["dependencies"] if item["name"] == "access"
        ]
        assert access["reason"] == "guarded"
        listed = docubot(server.data_dir, "keys", "list", "--json")
        assert docubot(server.data_dir, "keys", "revoke", httpx.Response(200, text=listed.stdout).json()[0]["id"])
        assert server.http.get("/documents", headers={"x-api-key": key}).status_code == 401
        assert key not in (tmp_path / "data.log").read_text(encoding="utf-8")
    finally:
        server.stop()
        server.http.close()
