"""Responses with file_search as the official SDK reads them, whole and event by event."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.fakes.openai_server import Reply, running
from tests.server.process import SAMPLES, Served, ServerProcess
from tests.server.sdk import sdk

QUESTION = "What was research and development expense in 2024?"
RESULTS: Any = ["file_search_call.results"]


@pytest.fixture
def client(filled: Served) -> Iterator[openai.OpenAI]:
    with sdk(filled) as made:
        yield made


@pytest.fixture
def tools(client: openai.OpenAI) -> Any:
    [store] = [store for store in client.vector_stores.list() if store.name == "default"]
    return [{"type": "file_search", "vector_store_ids": [store.id]}]


def test_an_answer_with_results_and_annotations(filled: Served, client: openai.OpenAI, tools: Any) -> None:
    made = client.responses.create(model="gpt-4.1", input=QUESTION, tools=tools, include=RESULTS)
    search, message = made.output
    assert made.status == "completed"
    assert search.type == "file_search_call"
    assert search.queries == [QUESTION]
    assert search.results
    assert message.type == "message"
    [part] = message.content
    assert part.type == "output_text"
    assert "21.6" in made.output_text == part.text
    cited = part.annotations[0]
    assert cited.type == "file_citation"
    extra = cited.model_extra or {}
    page = filled.http.get(f"/documents/{extra['document_id']}/pages/{extra['page']}").json()["text"]
    assert page[extra["quote_start"] : extra["quote_end"]] == extra["quote"]
    assert (extra["verified"], extra["page"], bool(extra["boxes"])) == ("exact", 3, True)
    assert part.text[extra["start_index"] : extra["end_index"]]
    assert client.files.retrieve(cited.file_id).filename == cited.filename
    assert cited.file_id in [item.file_id for item in search.results]


def to_quote(annotation: Any) -> str:
    quote: str = annotation.model_extra["quote"]
    return quote


def test_every_event_in_its_order(client: openai.OpenAI, tools: Any) -> None:
    whole = client.responses.create(model="docubot", input=QUESTION, tools=tools)
    events = list(client.responses.create(model="docubot", input=QUESTION, tools=tools, stream=True, include=RESULTS))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = [event.type.removeprefix("response.") for event in events]
    assert kinds[:9] == [
        "created",
        "in_progress",
        "output_item.added",
        "file_search_call.in_progress",
        "file_search_call.searching",
        "file_search_call.completed",
        "output_item.done",
        "output_item.added",
        "content_part.added",
    ]
    assert kinds[-4:] == ["output_text.done", "content_part.done", "output_item.done", "completed"]
    assert set(kinds[9:-4]) == {"output_text.delta", "output_text.annotation.added"}
    deltas = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    last: Any = events[-1]
    assert deltas == last.response.output_text == whole.output_text
    told = [event.annotation for event in events if event.type == "response.output_text.annotation.added"]
    kept = last.response.output[1].content[0].annotations
    assert [to_quote(item) for item in told] == [to_quote(item) for item in kept]
    assert last.response.output[0].results


def test_the_sdks_own_stream_helper_follows(client: openai.OpenAI, tools: Any) -> None:
    with client.responses.stream(model="docubot", input=QUESTION, tools=tools) as stream:
        for _ in stream:
            pass
        assert "21.6" in stream.get_final_response().output_text


def test_a_response_is_continued_and_branches(filled: Served, client: openai.OpenAI, tools: Any) -> None:
    first = client.responses.create(model="docubot", input=QUESTION, tools=tools)
    for _ in range(2):
        second = client.responses.create(
            model="docubot", input="and in 2023?", tools=tools, previous_response_id=first.id
        )
        assert "18.9" in second.output_text
        assert second.previous_response_id == first.id
    newest = filled.http.get("/conversations", params={"limit": 1}).json()["items"][0]
    assert newest["title"] == QUESTION
    unstored = client.responses.create(model="docubot", input=QUESTION, tools=tools, store=False)
    for identity in (unstored.id, "resp_x", "resp_" + "0" * 32):
        with pytest.raises(openai.NotFoundError) as caught:
            client.responses.create(model="docubot", input="and?", tools=tools, previous_response_id=identity)
        assert caught.value.code == "response_not_found"


def test_a_clients_own_history(client: openai.OpenAI) -> None:
    first = client.responses.create(model="docubot", input=QUESTION)
    history: Any = [{"role": "user", "content": [{"type": "input_text", "text": QUESTION}]}]
    history += [item.to_dict() for item in first.output]
    history += [{"role": "user", "content": "and in 2023?"}]
    assert "18.9" in client.responses.create(model="docubot", input=history).output_text


def test_filters_and_threshold(client: openai.OpenAI, tools: Any) -> None:
    filtered = [{**tools[0], "filters": {"type": "eq", "key": "year", "value": 1}}]
    made: Any = client.responses.create(model="docubot", input=QUESTION, tools=filtered)  # type: ignore[arg-type]
    assert made.docubot["reason"] == "filtered_out"
    exact = [{**tools[0], "ranking_options": {"score_threshold": 1.0}}]
    made = client.responses.create(model="docubot", input=QUESTION, tools=exact)  # type: ignore[arg-type]
    assert made.docubot["status"] == "not_found"


@pytest.mark.parametrize(
    ("asked", "error", "param"),
    [
        ({"tools": [{"type": "web_search"}]}, openai.BadRequestError, "tools[0].type"),
        ({"tools": [{"type": "file_search", "vector_store_ids": ["vs_1", "vs_2"]}]}, openai.BadRequestError, None),
        ({"tools": [{"type": "file_search", "vector_store_ids": ["vs_1"]}]}, openai.NotFoundError, None),
        ({"tools": [{"type": "file_search"}]}, openai.BadRequestError, "tools[0].vector_store_ids"),
        ({"model": "gpt-4.1"}, openai.NotFoundError, None),
        ({"include": ["reasoning.encrypted_content"]}, openai.BadRequestError, "include[0]"),
        ({"input": []}, openai.BadRequestError, None),
        ({"input": [{"type": "function_call_output", "call_id": "1", "output": "2"}]}, openai.BadRequestError, None),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]},
            openai.BadRequestError,
            "input[0].content[0].type",
        ),
        ({"background": True}, openai.BadRequestError, "background"),
        ({"text": {"format": {"type": "json_object"}}}, openai.BadRequestError, "text"),
    ],
)
def test_what_cannot_be_done_is_refused(
    client: openai.OpenAI, asked: dict[str, Any], error: type[openai.APIStatusError], param: str | None
) -> None:
    with pytest.raises(error) as caught:
        client.responses.create(**{"model": "docubot", "input": QUESTION, **asked})
    assert param is None or caught.value.param == param
    assert caught.value.code


def test_a_model_that_fails_half_way_ends_the_stream_as_failed(server: ServerProcess) -> None:
    with running() as fake:
        server.settings = {"OPENAI_BASE_URL": fake.base_url, "LLM_MODEL": "any", "LLM_MAX_RETRIES": "0"}
        server.settings["LLM_TIMEOUT"] = "2"
        server.start()
        path = Path(SAMPLES / "tide-gauge-manual.pdf")
        server.upload(path.name, path.read_bytes())
        server.settled()
        with sdk(server) as client:
            fake.default = Reply(hang=True)
            # The first event comes late: by then the status line is out, and the failure is an event.
            body: Any = {"docubot": {"mode": "generate"}}
            asked = "How often must the battery be replaced?"
            began = time.monotonic()
            events = list(client.responses.create(model="docubot", input=asked, stream=True, extra_body=body))
            assert time.monotonic() - began < 20
            assert events[-1].type == "response.failed"
            assert events[-1].response.error is not None
            assert "llm_unavailable" in events[-1].response.error.message
            fake.default = Reply("The battery is replaced every four years [1].")
            made = client.responses.create(model="docubot", input=asked)
            assert made.usage is not None
            assert made.usage.output_tokens > 0
