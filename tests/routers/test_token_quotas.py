"""Tokens a day, and webhooks that are told, over a model's server and a receiver."""

import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from app.models.access import Scope
from tests.fakes.openai_server import OpenAIServer, Reply, running
from tests.fakes.receiver import Receiver, receiving
from tests.routers.checks import assert_problem
from tests.routers.limited import Limited, limited, open_on
from tests.routers.real import Real

pytestmark = pytest.mark.anyio
QUESTION = {"question": "When does the tide turn?"}
TEXT = b"The tide turns at noon, and once more at midnight."


@dataclass
class Stage:
    real: Real
    model: OpenAIServer
    receiver: Receiver


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Stage]:
    with ExitStack() as stack:
        model, receiver = stack.enter_context(running()), stack.enter_context(receiving())
        settings: dict[str, Any] = {"openai_base_url": model.base_url, "llm_model": "fake", "llm_max_retries": 0}
        settings["llm_max_concurrency"] = 1  # so that calls come one after another
        folder = tmp_path_factory.mktemp("tokens")
        async with open_on(request.param, folder, webhook_networks="127.0.0.1", **settings) as real:
            yield Stage(real, model, receiver)


async def spent(stage: Stage, key: Limited) -> int:
    """What one question took."""
    stage.model.default = Reply("The tide turns at noon [1].")
    assert (await key.ingested(TEXT + key.id.encode(), "txt"))["status"] == "succeeded"
    answer = (await key.call("POST", "/ask", json=QUESTION)).json()
    assert answer["mode"] == "generate"
    return int(answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"])


async def test_without_tokens_every_wire_says_so_in_its_words(stage: Stage) -> None:
    key = await limited(stage.real, tokens_a_day=1)
    used = await spent(stage, key)
    assert (await key.used())["tokens_today"] == used
    asked = len(stage.model.requests)

    refused = await key.call("POST", "/ask", json=QUESTION)
    assert_problem(refused, 429, "token_quota_exceeded")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    streamed = await key.call("POST", "/ask", json=QUESTION | {"stream": True})
    assert_problem(streamed, 429, "token_quota_exceeded")
    chat = {"model": "docubot", "messages": [{"role": "user", "content": QUESTION["question"]}]}
    for path, body in (("chat/completions", chat), ("responses", {"model": "docubot", "input": "When?"})):
        other = await key.call("POST", f"/v1/{path}", json=body)
        assert (other.status_code, other.json()["error"]["code"]) == (429, "insufficient_quota"), other.text
        assert other.headers["x-should-retry"] == "false"
    translated = await key.call("POST", "/translate", json={"q": "Good morning", "source": "en", "target": "de"})
    assert translated.status_code == 429
    assert translated.json()["error"].startswith("Slowdown: ")
    [document] = (await key.call("GET", "/documents")).json()["items"]
    path = f"/documents/{document['id']}/translate"
    assert_problem(await key.call("POST", path, json={"target": "de"}), 429, "token_quota_exceeded")
    assert len(stage.model.requests) == asked  # nothing was asked of the model

    extract = await key.call("POST", "/ask", json=QUESTION | {"mode": "extract"})
    assert (extract.status_code, extract.json()["mode"]) == (200, "extract")
    assert (await key.call("POST", "/search", json={"query": "tide"})).is_success
    other_key = await limited(stage.real)
    assert (await other_key.call("POST", "/ask", json=QUESTION)).json()["mode"] == "generate"


async def test_a_translation_stops_at_its_last_token_and_goes_on_another_day(stage: Stage) -> None:
    key = await limited(stage.real, tokens_a_day=5)
    text = "\n\n".join(
        f"Harbour {n} {key.id} has a long quay of stone, {'and boats moor there ' * 40}." for n in range(40)
    )
    job = await key.ingested(text.encode(), "txt")
    stage.model.default = Reply(_translated)
    path = f"/documents/{job['document_id']}"
    made = (await key.call("POST", f"{path}/translate", json={"target": "de"})).json()
    failed = await key.ended(made["job_id"])
    assert (failed["status"], failed["error"]["code"]) == ("failed", "token_quota_exceeded")
    assert (await key.used())["tokens_today"] > 5  # the call that was admitted went on to its end
    refused = await key.call("POST", f"{path}/translations/{made['id']}/retry")
    assert_problem(refused, 429, "token_quota_exceeded")

    asked = len(stage.model.requests)
    await stage.real.services.keys.change(key.id, limits={"tokens_a_day": None})
    again = (await key.call("POST", f"{path}/translations/{made['id']}/retry")).json()
    assert (await key.ended(again["job_id"]))["status"].startswith("succeeded")
    assert len(stage.model.requests) > asked


def _translated(body: dict[str, Any]) -> str:
    """The same for every segment."""
    del body
    segments = [{"id": number, "text": "Der Hafen hat einen langen Kai aus Stein."} for number in range(1, 200)]
    return json.dumps({"segments": segments})


async def test_webhooks_are_told_once_a_day_for_each_quota(stage: Stage) -> None:
    admin = await stage.real.headers(Scope.ADMIN)
    body = {"url": stage.receiver.url, "events": ["quota.exceeded"]}
    hook = (await stage.real.http.post("/webhooks", json=body, headers=admin)).json()
    key = await limited(stage.real, documents=1, pages=1, tokens_a_day=1)
    await spent(stage, key)
    for number in range(3):
        assert (await key.upload(f"{number} more".encode())).status_code == 402
        assert (await key.call("POST", "/ask", json=QUESTION)).status_code == 429
    told = [stage.receiver.next().verified(hook["secret"]) for _ in range(2)]
    assert {event["type"] for event in told} == {"quota.exceeded"}
    data: list[Any] = [event["data"] for event in told]
    by_quota = {item["quota"]: item for item in data}
    assert by_quota["documents"] | {"day": ""} == {
        "key_id": key.id,
        "key": "test",
        "quota": "documents",
        "limit": 1,
        "used": 1,
        "day": "",
    }
    assert by_quota["tokens_a_day"]["limit"] == 1
    log = (await stage.real.http.get(f"/webhooks/{hook['id']}/deliveries", headers=admin)).json()["items"]
    assert len(log) == 2
