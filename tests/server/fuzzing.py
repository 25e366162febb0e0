"""Cases without end, made by schemathesis from a running server's /openapi.json: no 5xx, nothing undocumented.

`tests/schemathesis.toml` holds how it is checked, with a reason for each exception.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.openai_server import Reply, running
from tests.fakes.translator import translated
from tests.server.process import ROOT, SAMPLES, ServerProcess

CONFIG = ROOT / "tests" / "schemathesis.toml"
_KEEP_THE_KEY = ("--exclude-name", "DELETE /keys/{key_id}", "--exclude-name", "POST /keys/{key_id}/rotate")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run said: `clean`, how many cases it sent, and its whole report for people."""

    clean: bool
    cases: int
    report: str


@contextmanager
def fuzzed_server(folder: Path) -> Iterator[tuple[ServerProcess, str]]:
    """A server with the samples, a model that translates and embeds at once, and an administrator's key."""
    with running() as model:
        model.default = Reply(_said, piece=400)
        settings = {
            "OPENAI_BASE_URL": model.base_url,
            "EMBEDDING_BASE_URL": model.base_url,
            "EMBEDDING_MODEL": "fake",
            "LLM_MODEL": "fake",
            "RATE_LIMIT": "",
            "RATE_LIMIT_FAILURES": "",
            "TRANSLATE_SUGGESTIONS": "true",
            "VERSION_RETENTION_DAYS": "0",  # else jobs wait for weeks, and who follows them as well
        }
        server = ServerProcess(folder, settings)
        try:
            server.start()
            for path in sorted(SAMPLES.glob("*.*")):
                server.upload(path.name, path.read_bytes())
            server.settled()
            server.http.get("/openapi.json").raise_for_status()  # made once; whoever reads it has less patience
            yield server, _key(server)
        finally:
            server.close()


def _said(body: dict[str, Any]) -> str:
    """Translations where segments are brought, and an answer with a source to everything else."""
    try:
        json.loads(body["messages"][1]["content"])
    except (LookupError, TypeError, ValueError):
        return "That is what it says [1]."
    return translated(body)


def _key(server: ServerProcess) -> str:
    scopes = ["admin", "ask", "manage", "read", "translate", "upload"]
    made = server.http.post("/keys", json={"name": "fuzz", "scopes": scopes}).raise_for_status()
    secret: str = made.json()["secret"]
    return secret


def fuzz(server: ServerProcess, *arguments: str, key: str | None = None, timeout: float | None = None) -> Outcome:
    """Run schemathesis with its own command line's `arguments`; with `key`, every call brings it, and none ends it."""
    folder = server.data_dir.parent
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        *("--config-file", str(CONFIG), "run", f"http://127.0.0.1:{server.port}/openapi.json"),
        "--no-color",
        *(("--header", f"Authorization: Bearer {key}", *_KEEP_THE_KEY) if key else ()),
        *arguments,
    ]
    done = subprocess.run(
        command, check=False, cwd=folder, env=os.environ, capture_output=True, text=True, timeout=timeout
    )
    return Outcome(done.returncode == 0, _cases(done.stdout), done.stdout + done.stderr)


def _cases(said: str) -> int:
    found = re.search(r"(\d+) generated", said)
    return int(found[1]) if found else 0
