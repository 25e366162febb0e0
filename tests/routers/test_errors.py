import asyncio
import io
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core import errors
from app.core.errors import CollectionNotFound, DocubotError, LLMUnavailable
from app.core.ids import is_id, new_id
from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
JSON = {"content-type": "application/json"}


async def test_what_a_service_raises(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.retriever.failure = CollectionNotFound()
    body = assert_problem(await client.post("/search", json={"query": "x"}), 404, "collection_not_found")
    assert "GET /collections" in body["detail"]
    assert "errors" not in body


async def test_retry_after_is_told(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.retriever.failure = LLMUnavailable(retry_after=2.4)
    response = await client.post("/search", json={"query": "x"})
    assert response.headers["retry-after"] == "2"


async def test_what_nobody_expected_is_a_500_without_details(
    client: httpx.AsyncClient, services: FakeServices, logs: io.StringIO
) -> None:
    services.retriever.failure = ZeroDivisionError("the secret")
    response = await client.post("/search", json={"query": "x"})
    assert_problem(response, 500, "internal_error")
    assert "secret" not in response.text
    error, line = (json.loads(text) for text in logs.getvalue().splitlines())
    assert "ZeroDivisionError: the secret" in error["exception"]
    assert error["request_id"] == line["request_id"] == response.headers["x-request-id"]


async def test_addresses_and_methods_that_do_not_exist(client: httpx.AsyncClient) -> None:
    assert_problem(await client.get("/nowhere"), 404, "not_found")
    response = await client.get("/ask")
    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"
    response = await client.options("/collections/one")
    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "DELETE, GET, HEAD, PATCH"


@pytest.mark.parametrize("wrong", [{"top_k": "8"}, {"top_k": True}, {"explain": 1}, {"stream": "true"}])
async def test_no_text_is_taken_for_a_number_and_none_of_both_for_a_switch(
    client: httpx.AsyncClient, wrong: dict[str, object]
) -> None:
    body = assert_problem(await client.post("/ask", json={"question": "x"} | wrong), 422, "unprocessable")
    assert [error["loc"] for error in body["errors"]] == [["body", *wrong]]


async def test_wrong_fields_are_named_and_their_values_not_repeated(client: httpx.AsyncClient) -> None:
    response = await client.post("/ask", json={"question": "x", "top_k": 500, "mode": "sekrit", "qestion": "y" * 9999})
    body = assert_problem(response, 422, "unprocessable")
    assert {tuple(error["loc"]) for error in body["errors"]} == {
        ("body", "top_k"),
        ("body", "mode"),
        ("body", "qestion"),
    }
    assert all(set(error) == {"loc", "msg", "type"} for error in body["errors"])
    assert "sekrit" not in response.text
    assert len(response.text) < 2000


async def test_many_wrong_fields_make_no_endless_answer(client: httpx.AsyncClient) -> None:
    fields = {f"{n}" + "z" * 1000: 1 for n in range(200)}
    response = await client.post("/ask", json={"question": "x", **fields})
    body = assert_problem(response, 422, "unprocessable")
    assert len(body["errors"]) == 20
    assert len(response.text) < 8000


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"", 422, "unprocessable"),
        (b"[]", 422, "unprocessable"),
        (b"null", 422, "unprocessable"),
        (b'"text"', 422, "unprocessable"),
        (b'{"question": "\xff\xfe"}', 400, "malformed_json"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"question":' * 50_000, 400, "malformed_json"),
        (b'{"question": ' + b"9" * 5000 + b"}", 400, "malformed_json"),
        (b'{"question": "\\ud800"}', 422, "unprocessable"),
        (b'{"question": "a\\u0000b"}', 422, "unprocessable"),
        (b'{"question": "   "}', 422, "unprocessable"),
        (b'{"question": 7}', 422, "unprocessable"),
        (b'{"question": "x", "top_k": NaN}', 422, "unprocessable"),
        (b'{"question": "x", "top_k": 1e400}', 422, "unprocessable"),
        (b'{"question": "x", "collection": "a/b"}', 422, "unprocessable"),
        (b'{"question": "x", "collection": ".."}', 422, "unprocessable"),
        (b'{"question": "x", "collection": "\\u0000"}', 422, "unprocessable"),
        (b'{"question": "x", "document_ids": ' + json.dumps(["i"] * 101).encode() + b"}", 422, "unprocessable"),
        (json.dumps({"question": "x" * 4001}).encode(), 422, "unprocessable"),
        (b'{"question": "x", "filters": {"type": "like"}}', 400, "invalid_filter"),
        (b'{"question": "x", "filters": []}', 422, "unprocessable"),
        (b'{"question": "x", "filters": {"type": "eq", "key": "k", "value": "\\udfff"}}', 400, "invalid_filter"),
    ],
    ids=range(23),
)
async def test_bodies_that_are_wrong_in_every_way(
    client: httpx.AsyncClient, content: bytes, status: int, code: str
) -> None:
    for path in ("/ask", "/search"):
        if path == "/ask":
            assert_problem(await client.post(path, content=content, headers=JSON), status, code)
        else:
            assert 400 <= (await client.post(path, content=content, headers=JSON)).status_code < 500


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "image/png", "nonsense"])
async def test_a_body_of_another_type(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post("/ask", content=b'{"question": "x"}', headers={"content-type": content_type})
    assert_problem(response, 415, "unsupported_media_type")


async def test_a_body_without_a_type(client: httpx.AsyncClient) -> None:
    assert_problem(await client.post("/ask", content=b'{"question": "x"}'), 415, "unsupported_media_type")


async def test_a_body_that_announces_too_much(client: httpx.AsyncClient, services: FakeServices) -> None:
    body = json.dumps({"question": "x", "pad": "y" * 1_100_000})
    assert_problem(await client.post("/ask", content=body, headers=JSON), 413, "payload_too_large")


async def test_a_body_that_does_not_announce_its_size(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        yield b'{"question": "'
        while sent < 50:
            sent += 1
            yield b"x" * 100_000
        yield b'"}'

    response = await client.post("/ask", content=endless(), headers=JSON)
    assert_problem(response, 413, "payload_too_large")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/documents/{}", "document_not_found"),
        ("/documents/{}/file", "document_not_found"),
        ("/documents/{}/pages/1", "document_not_found"),
        ("/documents/{}/chunks", "document_not_found"),
        ("/jobs/{}", "job_not_found"),
        ("/jobs/{}/events", "job_not_found"),
        ("/conversations/{}", "conversation_not_found"),
    ],
)
@pytest.mark.parametrize(
    "id_", ["x", "%00", "%2e%2e", "0" * 500, "%F0%9F%93%84", "' OR 1=1--", "019AB8F2-6F0C-7A51-9D3E-2B8C41D07E55"]
)
async def test_what_is_no_id_names_nothing(
    client: httpx.AsyncClient, services: FakeServices, path: str, code: str, id_: str
) -> None:
    if path != "/documents/{}/chunks":
        assert_problem(await client.get(path.format(new_id())), 404, code)
    assert_problem(await client.get(path.format(id_)), 404, code)


@pytest.mark.parametrize("path", ["/documents", "/jobs", "/conversations"])
async def test_cursors_and_limits(client: httpx.AsyncClient, path: str) -> None:
    for cursor in ("x", "%00", "0' OR '1", "a" * 5000):
        assert_problem(await client.get(f"{path}?cursor={cursor}"), 400, "invalid_cursor")
    for limit in ("0", "101", "-1", "x", "1e9"):
        assert_problem(await client.get(f"{path}?limit={limit}"), 422, "unprocessable")
    assert (await client.get(f"{path}?cursor={new_id()}&limit=100")).status_code == 200


async def test_collections_of_impossible_names_are_not_found(client: httpx.AsyncClient) -> None:
    for name in ("%00", "a%5Cb", "x" * 101, "%20x", "missing"):
        assert_problem(await client.get(f"/collections/{name}"), 404, "collection_not_found")
    assert_problem(await client.get("/documents?collection=%00"), 404, "collection_not_found")


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1.2_Z", True), ("x" * 128, True), ("x" * 129, False), ("a b", False)]
)
async def test_request_ids(client: httpx.AsyncClient, given: str, kept: bool) -> None:
    got = (await client.get("/health", headers={"X-Request-ID": given})).headers["x-request-id"]
    assert got == given if kept else is_id(got)


async def test_concurrent_requests_keep_their_ids(client: httpx.AsyncClient) -> None:
    responses = await asyncio.gather(
        *(client.get("/documents/none", headers={"X-Request-ID": f"r{n}"}) for n in range(50))
    )
    assert [response.json()["request_id"] for response in responses] == [f"r{n}" for n in range(50)]


async def test_every_response_is_guarded_against_sniffing_and_framing(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def every_class() -> list[type[DocubotError]]:
    found: list[type[DocubotError]] = [DocubotError]
    for class_ in found:
        found.extend(class_.__subclasses__())
    return [class_ for class_ in found if class_.__module__ == errors.__name__]


def test_the_document_of_errors_lists_every_code_with_its_status() -> None:
    text = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
    listed = {(code, int(status)) for code, status in re.findall(r"^\| `(\w+)` \| (\d{3}) \|", text, re.MULTILINE)}
    classes = [class_ for class_ in every_class() if class_ is not errors.StartupError]
    assert listed == {(class_.code, class_.status) for class_ in classes}


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = dict(re.findall(r"(\w+) +\d{3} (\w+)$", errors.__doc__ or "", re.MULTILINE))
    inner = {"DocumentError", "StartupError"}  # drawn with words instead of a code
    assert drawn == {class_.__name__: class_.code for class_ in every_class() if class_.__name__ not in inner}


def test_codes_are_unique() -> None:
    codes = [class_.code for class_ in every_class()]
    assert len(codes) == len(set(codes))
