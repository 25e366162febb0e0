"""Every object that we give, read strictly by the official SDK's own types: each required field, each literal."""

import json
from collections.abc import Iterator
from typing import Any

import openai.types as sdk
import pytest
from openai.types import chat, responses, vector_stores
from pydantic import TypeAdapter

from tests.server.process import Served

QUESTION = "How often must the battery of the tide gauge be replaced?"
ASKED = {"model": "docubot", "input": QUESTION, "include": ["file_search_call.results"]}
CHAT = {"model": "docubot", "messages": [{"role": "user", "content": QUESTION}]}


def strictly(shape: Any, data: Any) -> Any:
    return TypeAdapter(shape).validate_python(data)


def post(server: Served, path: str, **body: Any) -> Any:
    return server.http.post(f"/v1{path}", json=body).raise_for_status().json()


def streamed(server: Served, path: str, body: dict[str, Any]) -> Iterator[Any]:
    with server.http.stream("POST", f"/v1{path}", json=body | {"stream": True}) as reply:
        for line in reply.iter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                yield json.loads(line.removeprefix("data: "))


def test_answers(filled: Served) -> None:
    strictly(list[sdk.Model], filled.http.get("/v1/models").json()["data"])
    strictly(chat.ChatCompletion, post(filled, "/chat/completions", **CHAT))
    options = {"stream_options": {"include_usage": True}}
    assert strictly(list[chat.ChatCompletionChunk], list(streamed(filled, "/chat/completions", CHAT | options)))
    strictly(responses.Response, post(filled, "/responses", **ASKED))
    assert strictly(list[responses.ResponseStreamEvent], list(streamed(filled, "/responses", ASKED)))
    embedded = post(filled, "/embeddings", model="multilingual-e5-small", input=["a", "b"])
    strictly(sdk.CreateEmbeddingResponse, embedded)


def test_files_and_stores(filled: Served) -> None:
    form: Any = {"files": {"file": ("潮.txt", "The tide is high. 潮".encode())}, "data": {"purpose": "assistants"}}
    file = filled.http.post("/v1/files", **form).json()
    strictly(sdk.FileObject, file)
    store = post(filled, "/vector_stores", name="形", expires_after={"anchor": "last_active_at", "days": 3})
    strictly(sdk.VectorStore, store)
    base = f"/vector_stores/{store['id']}"
    sizes = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 20}}
    made = post(filled, f"{base}/files", file_id=file["id"], attributes={"n": 1.5}, chunking_strategy=sizes)
    strictly(vector_stores.VectorStoreFile, made)
    strictly(vector_stores.VectorStoreFileBatch, post(filled, f"{base}/file_batches", file_ids=[file["id"]]))
    document = made["document_id"]
    for line in filled.http.get(f"/jobs?document_id={document}").json()["items"]:
        filled.http.get(f"/jobs/{line['id']}/events")  # ends when the job does
    found = post(filled, f"{base}/search", query=["tide", "潮"], rewrite_query=True, ranking_options={"ranker": "none"})
    assert found["search_query"] == ["tide", "潮"]  # no model is there to rewrite them
    assert strictly(list[sdk.VectorStoreSearchResponse], found["data"])
    content = filled.http.get(f"/v1{base}/files/{file['id']}/content").json()["data"]
    assert strictly(list[vector_stores.FileContentResponse], content)
    gone = filled.http.delete(f"/v1{base}").json()
    strictly(sdk.VectorStoreDeleted, gone)
    strictly(sdk.FileDeleted, filled.http.delete(f"/v1/files/{file['id']}").json())


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"tool_choice": "required"}, 200),
        ({"tool_choice": {"type": "file_search"}}, 200),
        ({"text": {"format": {"type": "text"}, "verbosity": "low"}}, 200),
        ({"tool_choice": {"type": "web_search_preview"}}, 400),
        ({"text": {"format": {"type": "json_object"}}}, 400),
        ({"tools": [{"type": "code_interpreter"}]}, 400),
        ({"background": True}, 400),
    ],
)
def test_what_a_response_may_be_told(filled: Served, more: dict[str, Any], status: int) -> None:
    reply = filled.http.post("/v1/responses", json=ASKED | more)
    assert reply.status_code == status
    if status == 400:
        assert reply.json()["error"]["code"] == "unsupported_parameter"
