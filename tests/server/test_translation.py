"""A translation survives kill -9, finished segments are not paid for twice, and LibreTranslate's client is served."""

import io
import time
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from libretranslatepy import LibreTranslateAPI

from tests.adapters.parsers import makers
from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.fakes.translator import asked, translated
from tests.server.process import ServerProcess

_ENDED = ("succeeded", "succeeded_with_warnings", "failed", "cancelled")
_AT_ONCE = 16 * 4  # segments that may be under way when the process is killed


@pytest.fixture
def openai() -> Iterator[OpenAIServer]:
    with running() as server:
        server.default = Reply(translated, piece=400, delay=0.02)
        yield server


def sheep(count: int) -> str:
    names = [f"{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(count)]
    return "\n\n".join(f"Sheep {name} sleeps in the long grass of the hill." for name in names)


def ended(server: ServerProcess, path: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found: dict[str, Any] = server.http.get(path).raise_for_status().json()
        if found["status"] in _ENDED:
            return found
        time.sleep(0.1)
    raise AssertionError("the translation did not end")


def test_killed_half_way_it_goes_on_and_pays_for_nothing_twice(server: ServerProcess, openai: OpenAIServer) -> None:
    server.settings |= {"OPENAI_BASE_URL": openai.base_url, "LLM_MODEL": "fake"}
    server.start()
    server.upload("sheep.txt", sheep(400).encode())
    [document] = server.settled()
    asked_for = {"target": "de", "output": "markdown"}
    estimate = server.http.post(f"/documents/{document['id']}/translate", json=asked_for | {"dry_run": True}).json()
    assert estimate["to_translate"] == 400
    made = server.http.post(f"/documents/{document['id']}/translate", json=asked_for)
    assert made.status_code == 202
    while len(openai.requests) < 10:
        time.sleep(0.01)
    server.kill()
    openai.wait_until_idle()
    server.start()
    path = f"/documents/{document['id']}/translations/{made.json()['id']}"
    done = ended(server, path)
    assert done["status"] == "succeeded"
    report = done["report"]
    assert report["segments"] == report["translated"] + report["from_memory"] == 400
    text = server.http.get(f"{path}/file").text
    lines = [line for line in text.splitlines() if line.startswith("Sheepo")]
    assert lines == [line.replace(" ", "o ").replace(".", "o.") for line in sheep(400).split("\n\n")]
    paid = [item["text"] for request in openai.requests for item in asked(request.body)["segments"]]
    assert len(paid) - len(set(paid)) <= _AT_ONCE
    assert server.http.get(f"/documents/{document['id']}").json()["status"] == "ready"
    client = LibreTranslateAPI(str(server.http.base_url))
    assert client.translate("Good morning", "en", "de") == "Goodo morningo"
    sent = {"file": ("sales.docx", makers.word())}
    url = server.http.post("/translate_file", files=sent, data={"source": "en", "target": "de"}).json()
    word = docx.Document(io.BytesIO(server.http.get(url["translatedFileUrl"]).content))
    assert word.paragraphs[0].text == "Annualo reporto"
    assert server.http.delete(f"/documents/{document['id']}").json()["translations"] == 401
    assert server.stop() == 0
