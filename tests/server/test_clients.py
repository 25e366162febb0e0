"""Other people's clients on a running server: what they send, and what they make of our answers."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.server.process import ROOT, SAMPLES, Served

CLIENTS = ROOT / "tests" / "clients"
NODE_SDK = "openai@6.49.0"
FRAMEWORKS = ROOT / ".venv-clients" / "bin" / "python"
QUESTION = "How often must the battery of the tide gauge be replaced?"


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "ok"


@pytest.mark.skipif(shutil.which("npm") is None, reason="Node is not there")
def test_the_node_sdk(filled: Served, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"private": true}', encoding="utf-8")
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", NODE_SDK]
    installed = subprocess.run(install, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    if installed.returncode and not os.environ.get("DOCUBOT_TESTS_NEED_SERVICES"):
        pytest.skip("the package cannot be had here")
    assert installed.returncode == 0, installed.stderr[-3000:]
    run(["node", str(CLIENTS / "sdk.mjs"), f"http://127.0.0.1:{filled.port}/v1", str(SAMPLES)], tmp_path)


@pytest.mark.skipif(not FRAMEWORKS.exists(), reason="scripts/clients makes their environment")
def test_langchain_and_llama_index(filled: Served, tmp_path: Path) -> None:
    run([str(FRAMEWORKS), str(CLIENTS / "frameworks.py"), f"http://127.0.0.1:{filled.port}/v1"], tmp_path)


def test_what_a_chat_front_end_sends(filled: Served) -> None:
    """Its list of models, then a streamed chat with what such front ends add to every request."""
    names = [
        model["id"] for model in filled.http.get("/v1/models", headers={"authorization": "Bearer any"}).json()["data"]
    ]
    assert names[0] == "docubot"
    body = {
        "model": names[0],
        "messages": [{"role": "system", "content": "You are helpful."}, {"role": "user", "content": QUESTION}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.7,
        "top_p": 1,
        "frequency_penalty": 0,
        "presence_penalty": 0,
        "max_tokens": 2048,
        "user": "somebody",
        "tools": [],
        "n": 1,
    }
    with filled.http.stream("POST", "/v1/chat/completions", json=body) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert "messages[0]" in reply.headers["x-docubot-ignored"]
        lines = [line.removeprefix("data: ") for line in reply.iter_lines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert [chunk["usage"] for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert (chunks[-1]["choices"], set(chunks[-1]["usage"])) == (
        [],
        {"prompt_tokens", "completion_tokens", "total_tokens"},
    )
    text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert "batter" in text
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, "messages"),
        ({"messages": [{"role": "tool", "tool_call_id": "1", "content": "x"}]}, "messages"),
        ({"modalities": ["audio"]}, "modalities"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
    ],
)
def test_what_docubot_cannot_do_is_refused_by_name(filled: Served, more: dict[str, object], param: str) -> None:
    body = {"model": "docubot", "messages": [{"role": "user", "content": QUESTION}]} | more
    reply: httpx.Response = filled.http.post("/v1/chat/completions", json=body)
    assert reply.status_code == 400
    error = reply.json()["error"]
    assert (error["code"], error["param"].startswith(param)) == ("unsupported_parameter", True)
