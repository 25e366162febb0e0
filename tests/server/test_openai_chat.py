"""Chat completions, models and embeddings as the official SDK reads them."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import openai
import pytest

from tests.fakes.openai_server import Reply, running
from tests.server.process import SAMPLES, Served, ServerProcess
from tests.server.sdk import sdk

QUESTION = "What was research and development expense in 2024?"


@pytest.fixture
def client(filled: Served) -> Iterator[openai.OpenAI]:
    with sdk(filled) as made:
        yield made


def user(text: str) -> Any:
    return [{"role": "user", "content": text}]


def page_text(server: Served, cited: dict[str, Any]) -> str:
    text: str = server.http.get(f"/documents/{cited['document_id']}/pages/{cited['page']}").json()["text"]
    return text


def test_a_front_ends_probe(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names == ["docubot", "multilingual-e5-small"]
    assert client.models.retrieve("docubot").object == "model"
    with pytest.raises(openai.NotFoundError, match="GET /v1/models"):
        client.models.retrieve("docubot/missing")


def test_an_answer_without_a_model_cites_the_page(filled: Served, client: openai.OpenAI) -> None:
    done = client.chat.completions.create(model="docubot", messages=user(QUESTION))
    message = done.choices[0].message
    assert done.choices[0].finish_reason == "stop"
    assert "21.6" in (message.content or "")
    assert message.annotations
    annotation = message.annotations[0]
    cited: dict[str, Any] = annotation.model_dump()["file_citation"]
    assert cited["filename"] == "aurora-annual-report-2025.pdf"
    assert page_text(filled, cited)[cited["quote_start"] : cited["quote_end"]] == cited["quote"]
    assert cited["boxes"]
    assert cited["verified"] == "exact"
    assert annotation.url_citation.title == "aurora-annual-report-2025.pdf, page 3"
    assert httpx.get(annotation.url_citation.url).content.startswith(b"%PDF")


def test_a_stream_says_the_same_as_the_whole(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="docubot", messages=user(QUESTION))
    chunks = list(
        client.chat.completions.create(
            model="docubot", messages=user(QUESTION), stream=True, stream_options={"include_usage": True}
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    annotations = [item for delta in deltas for item in (delta.model_extra or {}).get("annotations", ())]
    assert [item["file_citation"]["quote"] for item in annotations] == [
        item.model_dump()["file_citation"]["quote"] for item in whole.choices[0].message.annotations or ()
    ]
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert len({chunk.id for chunk in chunks}) == 1


def test_earlier_turns_make_a_follow_up_stand_alone(client: openai.OpenAI) -> None:
    messages = [*user(QUESTION), {"role": "assistant", "content": "21.6"}, *user("and in 2023?")]
    done = client.chat.completions.create(model="docubot", messages=messages)
    assert "18.9" in (done.choices[0].message.content or "")
    assert "2023" in done.model_extra["docubot"]["standalone"]  # type: ignore[index]


def test_turns_of_other_people_are_not_kept(filled: Served, client: openai.OpenAI) -> None:
    before = filled.http.get("/conversations").json()["items"]
    client.chat.completions.create(model="docubot", messages=user(QUESTION))
    assert filled.http.get("/conversations").json()["items"] == before


@pytest.mark.parametrize("stream", [False, True])
def test_footnotes_on_request(client: openai.OpenAI, stream: bool) -> None:
    asked: dict[str, Any] = {"model": "docubot", "messages": user("退款需要多少个工作日?")}
    asked["extra_body"] = {"docubot": {"footnotes": True}}
    if stream:
        parts = client.chat.completions.create(**asked, stream=True)
        text = "".join(part.choices[0].delta.content or "" for part in parts if part.choices)
    else:
        text = client.chat.completions.create(**asked).choices[0].message.content
    assert re.search(r"\n\n\[1\] customer-charter\.pdf, page 1: “.*十个工作日", text, re.DOTALL)


def test_not_found_is_an_answer_that_says_so(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(model="docubot", messages=user("Who won the football world cup in 1998?"))
    assert done.choices[0].message.annotations == []
    assert done.model_extra["docubot"]["status"] == "not_found"  # type: ignore[index]


def test_hints_are_named_and_change_nothing(client: openai.OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(
        model="docubot",
        messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}],
        temperature=0.3,
        user="u1",
        n=1,
        tools=[],
    )
    assert raw.headers["x-docubot-ignored"] == "temperature, user, messages[0]"
    assert "21.6" in (raw.parse().choices[0].message.content or "")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"n": 2}, "n"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logprobs": True}, "logprobs"),
        ({"stop": ["\n"]}, "stop"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"extra_body": {"nonsense": 1}}, "nonsense"),
        ({"extra_body": {"docubot": {"top_q": 1}}}, "docubot.top_q"),
        ({"messages": [{"role": "tool", "content": "4", "tool_call_id": "x"}]}, "messages[0]"),
        ({"messages": [{"role": "assistant", "content": "4"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages[0].content"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]},
            "messages[0].content[0].type",
        ),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user", "content": "\ud800"}]}, None),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_done_is_refused(
    client: openai.OpenAI, more: dict[str, Any], param: str | None, stream: bool
) -> None:
    asked: dict[str, Any] = {"model": "docubot", "messages": user(QUESTION), "stream": stream, **more}
    if param is None:
        body = b'{"model": "docubot", "messages": [{"role": "user", "content": "\\ud800"}]}'
        reply = client._client.post("chat/completions", content=body, headers={"content-type": "application/json"})
        assert reply.status_code == 400
        return
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(**asked)
    assert caught.value.param == param
    assert caught.value.type == "invalid_request_error"
    assert caught.value.code in ("unsupported_parameter", "unprocessable")
    assert param.partition("[")[0].partition(".")[0] in caught.value.message


@pytest.mark.parametrize("model", ["gpt-5", "docubot/missing", "docubot/../x", "docubot/"])
def test_an_unknown_model(client: openai.OpenAI, model: str) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model=model, messages=user(QUESTION))
    assert caught.value.code in ("model_not_found", "collection_not_found")


def test_every_failure_under_v1_is_openais_error(filled: Served) -> None:
    replies = [
        filled.http.get("/v1/nothing"),
        filled.http.put("/v1/models"),
        filled.http.post("/v1/chat/completions", content=b"{", headers={"content-type": "application/json"}),
        filled.http.post("/v1/chat/completions", content=b"x=1", headers={"content-type": "text/plain"}),
        filled.http.post("/v1/chat/completions", content=b" " * 2_000_000),
        filled.http.post("/v1/chat/completions", json={"model": 3}),
        filled.http.get("/v1/models", headers={"host": "evil.example"}),
    ]
    assert [reply.status_code for reply in replies] == [404, 405, 400, 415, 413, 400, 403]
    for reply in replies:
        assert set(reply.json()) == {"error"}, reply.url
        assert set(reply.json()["error"]) == {"message", "type", "param", "code"}
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-request-id"]
    assert replies[1].headers["allow"] == "GET, HEAD"
    assert filled.http.get("/nothing").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings(client: openai.OpenAI, encoding: Any) -> None:
    texts = ["Der Akku hält vier Jahre.", "电池可用四年。", "बैटरी चार साल चलती है।"]
    made = client.embeddings.create(model="multilingual-e5-small", input=texts, encoding_format=encoding)
    rows = np.array([item.embedding for item in made.data]) if encoding == "float" else None
    if rows is None:
        made = client.embeddings.create(model="multilingual-e5-small", input=texts)  # asks for base64 and decodes it
        rows = np.array([item.embedding for item in made.data])
    assert rows.shape == (3, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert (rows @ rows.T).min() > 0.75
    assert made.usage.prompt_tokens > 10


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"input": ["good", " "]}, "input[1]"),
        ({"input": "word " * 3000}, "input[0]"),
        ({"input": []}, "input"),
        ({"input": "x", "dimensions": 12}, "dimensions"),
        ({"input": [1, 2, 3]}, None),
    ],
)
def test_embeddings_that_cannot_be_made(client: openai.OpenAI, asked: dict[str, Any], param: str | None) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model="multilingual-e5-small", **asked)
    assert param is None or caught.value.param == param
    with pytest.raises(openai.NotFoundError, match="multilingual-e5-small"):
        client.embeddings.create(model="text-embedding-3-small", input="x")


def test_with_a_model_it_writes_and_counts(server: ServerProcess) -> None:
    with running() as fake:
        server.settings = {"OPENAI_BASE_URL": fake.base_url, "LLM_MODEL": "any"}
        server.start()
        server.upload("manual.pdf", (SAMPLES / "tide-gauge-manual.pdf").read_bytes(), collection="说明书")
        server.settled()
        fake.default = Reply("The battery is replaced every four years [1].")
        with sdk(server) as client:
            assert "docubot/说明书" in [model.id for model in client.models.list()]
            done = client.chat.completions.create(
                model="docubot/说明书", messages=user("How often must the battery be replaced?")
            )
            assert done.choices[0].message.content == "The battery is replaced every four years [1]."
            assert len(done.choices[0].message.annotations or ()) == 1
            assert done.usage is not None
            assert done.usage.total_tokens > done.usage.completion_tokens > 0
            fake.default = Reply("four years " * 200, delay=0.02)
            stream = client.chat.completions.create(
                model="docubot/说明书", messages=user("How often must the battery be replaced?"), stream=True
            )
            next(iter(stream))
            stream.close()
            assert fake.wait_for_disconnects(1, timeout=10)
