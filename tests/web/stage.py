"""A DocuBot as its users have it, a process of its own, for stories about its page; its model follows a script."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.fakes.issuer import AUDIENCE
from tests.fakes.openai_server import Reply, running
from tests.fakes.sign_in_issuer import CLIENT, signing_in
from tests.fakes.translator import asked, translated
from tests.server.process import built_models, with_models

ROOT = Path(__file__).parents[2]
_START_SECONDS = 120
_PASSAGE = re.compile(r"<passage (\d+) key=\w+>\n(.*?)</passage", re.DOTALL)


def say(body: dict[str, Any]) -> str:
    """What the scripted model replies: cited sentences, one that nothing supports, a very long answer, or nothing."""
    if body["messages"][0]["content"].startswith("You translate"):
        return _translate(body)
    prompt = body["messages"][-1]["content"]
    if "Last question: " in prompt:
        return str(prompt.rpartition("Last question: ")[2])
    question = prompt.rpartition("Question: ")[2]
    if "bicycle" in question:
        return "NOT_FOUND"
    expense, battery = _number(prompt, "Research and development expense"), _number(prompt, "Replace the battery every")
    first = f"Aurora spent **$21.6 million** on research and development expense in 2024 [{expense}]."
    if "at length" in question:  # about 2,000 tokens
        points = [f"* Replace the battery of gauge **{number}** every four years [{battery}]." for number in range(130)]
        return "\n\n".join([first, "## What to do", "\n".join(points)])
    if "slowly" in question:
        return "\n\n".join([first, *[f"Replace the battery of the gauge every four years [{battery}]."] * 60])
    return f"{first} The battery is replaced every four years [{battery}]. Penguins calibrate each gauge by moonlight."


def _translate(body: dict[str, Any]) -> str:
    """By rule; what is called stubborn comes back as it was."""
    reply = json.loads(translated(body))
    sources = {item["id"]: item["text"] for item in asked(body)["segments"]}
    for item in reply["segments"]:
        if "stubborn" in sources[item["id"]]:
            item["text"] = sources[item["id"]]
    return json.dumps(reply, ensure_ascii=False)


def _number(prompt: str, words: str) -> str:
    return next((number for number, text in _PASSAGE.findall(prompt) if words in text), "1")


class Stage:
    """The server's process; `restart` is what a crash looks like."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.port, self.other_port = _free_ports()
        self.url = f"http://127.0.0.1:{self.port}"
        self.other_origin = f"http://127.0.0.1:{self.other_port}"
        self._log = folder / "server.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "LANG")},
            "PORT": str(self.port),
            "DATA_DIR": str(folder / "var"),
            "CORS_ORIGINS": self.other_origin,
            "RATE_LIMIT": "",  # the stories look often whether something is done
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/health", timeout=2).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"DocuBot did not come up:\n{self._log.read_text()[-4000:]}")

    def make_key(self, scopes: str) -> str:
        """A key's secret. The first one ends the time in which everybody on this machine may do everything."""
        command = [sys.executable, "-m", "app.cli", "keys", "create", "--name", "story", "--scopes", scopes, "--json"]
        made = subprocess.run(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, check=True, encoding="utf-8"
        )
        return str(json.loads(made.stdout)["secret"])

    def restart(self) -> None:
        self._end(signal.SIGKILL)
        self.start()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)


@contextmanager
def guarded(folder: Path) -> Iterator[tuple[Stage, str]]:
    """A server that trusts an issuer and has a key; and the key."""
    with signing_in(roles=["staff"]) as issuer:
        trust = {
            "OIDC_ISSUER": issuer.issuer,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_ROLES": '{"staff": "editor"}',
            "OIDC_CLIENT_ID": CLIENT,
        }
        with staged(folder, trust) as stage:
            yield stage, stage.make_key("admin")


@contextmanager
def staged(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """A server that is up, stopped at the end; `more`: of its environment."""
    with running() as model:
        model.default = Reply(text=say, piece=8, delay=0.02)
        environment = {
            "OPENAI_BASE_URL": model.base_url,
            "OPENAI_API_KEY": "scripted",
            "LLM_MODEL": "scripted",
            "EMBEDDING_BASE_URL": model.base_url,
            "EMBEDDING_API_KEY": "scripted",
            "EMBEDDING_MODEL": "scripted",
            **(more or {}),
        }
        with_models(folder / "var", built_models(folder.parent / "docubot-models"))
        stage = Stage(folder, environment)
        try:
            stage.start()
            yield stage
        finally:
            stage.stop()


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
