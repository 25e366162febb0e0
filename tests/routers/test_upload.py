import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.errors import EmbeddingMismatch
from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
PDF = b"%PDF-1.7 hello"


def file(name: str = "report.pdf", data: bytes = PDF) -> tuple[str, tuple[str, bytes]]:
    return ("file", (name, data))


async def test_one_file(client: httpx.AsyncClient, services: FakeServices) -> None:
    response = await client.post("/upload", files=[file()])
    assert response.status_code == 202
    [item] = response.json()["documents"]
    [([received], options)] = services.uploads.accepted
    assert received.head == PDF
    assert received.blob is not None
    assert item["filename"] == "report.pdf"
    assert item["sha256"] == received.blob.sha256
    assert item["bytes"] == len(PDF)
    assert item["status"] == "queued"
    assert item["duplicate"] is False
    assert item["error"] is None
    assert item["id"]
    assert item["job_id"]
    assert (options.collection, options.metadata, options.language, options.password) == ("default", {}, None, None)


async def test_form_fields(client: httpx.AsyncClient, services: FakeServices) -> None:
    metadata = {"year": 2023, "rate": 0.5, "audited": True, "部门": "财务"}
    fields = {
        "collection": "年报",
        "metadata": json.dumps(metadata),
        "language": "zh-Hans",
        "password": "pässwörd",
    }
    response = await client.post("/upload", files=[file()], data=fields)
    assert response.status_code == 202
    [(_, options)] = services.uploads.accepted
    assert (options.collection, options.language, options.password) == ("年报", "zh-Hans", "pässwörd")
    assert options.metadata == metadata
    assert [type(value) for value in options.metadata.values()] == [int, float, bool, str]


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({"collection": "a/b"}, ["body", "collection"]),
        ({"collection": ""}, ["body", "collection"]),
        ({"metadata": "{"}, ["body", "metadata"]),
        ({"metadata": "[]"}, ["body", "metadata"]),
        ({"metadata": "[" * 10_000}, ["body", "metadata"]),
        ({"metadata": '{"k": {}}'}, ["body", "metadata"]),
        ({"metadata": '{"k": NaN}'}, ["body", "metadata"]),
        ({"metadata": json.dumps({"k" * 65: 1})}, ["body", "metadata"]),
        ({"metadata": json.dumps({str(n): n for n in range(17)})}, ["body", "metadata"]),
        ({"language": "english please"}, ["body", "language"]),
        ({"colection": "x"}, ["body", "colection"]),
    ],
)
async def test_wrong_form_fields_store_nothing(
    client: httpx.AsyncClient, services: FakeServices, fields: dict[str, str], location: list[str]
) -> None:
    body = assert_problem(await client.post("/upload", files=[file()], data=fields), 422, "unprocessable")
    assert body["errors"][0]["loc"][:2] == location
    assert services.uploads.accepted == []
    assert [writer.state for writer in services.uploads.writers] in ([], ["aborted"])


async def test_one_bad_file_of_many_does_not_fail_the_others(client: httpx.AsyncClient) -> None:
    files = [file("a.pdf", PDF + b"a"), file("b.bin", b"\0\1"), file("c.pdf", b""), file("d.pdf", PDF + b"d")]
    response = await client.post("/upload", files=files)
    assert response.status_code == 202
    items = response.json()["documents"]
    assert [item["filename"] for item in items] == ["a.pdf", "b.bin", "c.pdf", "d.pdf"]
    assert [item["error"] and item["error"]["code"] for item in items] == [
        None,
        "unsupported_media_type",
        "empty_file",
        None,
    ]
    assert [item["id"] is None for item in items] == [False, True, True, False]


async def test_when_every_file_fails_the_answer_is_the_first_problem(client: httpx.AsyncClient) -> None:
    response = await client.post("/upload", files=[file("a.bin", b"\0"), file("b.pdf", b"")])
    body = assert_problem(response, 415, "unsupported_media_type")
    assert [item["error"]["code"] for item in body["documents"]] == ["unsupported_media_type", "empty_file"]
    assert_problem(await client.post("/upload", files=[file("b.pdf", b"")]), 422, "empty_file")


async def test_the_same_bytes_again(client: httpx.AsyncClient) -> None:
    first = (await client.post("/upload", files=[file()])).json()["documents"][0]
    again = await client.post("/upload", files=[file("other-name.pdf")])
    assert again.status_code == 200
    assert again.json()["documents"][0]["id"] == first["id"]
    assert again.json()["documents"][0]["duplicate"] is True
    mixed = await client.post("/upload", files=[file(), file("new.pdf", PDF + b"!")])
    assert mixed.status_code == 202
    assert [item["duplicate"] for item in mixed.json()["documents"]] == [True, False]


async def test_what_the_service_raises_is_told(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.uploads.failure = EmbeddingMismatch()
    assert_problem(await client.post("/upload", files=[file()]), 409, "embedding_mismatch")


# ---------------------------------------------------------------- limits


async def test_a_file_over_the_limit_is_refused_and_the_ones_before_it_dropped(
    client: httpx.AsyncClient, services: FakeServices
) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for name in (b"small", b"big"):
            yield b'\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'.pdf"\r\n\r\n%PDF'
        for _ in range(100):
            sent += 1
            yield b"y" * 10_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = await client.post("/upload", content=body(), headers=headers)
    body_ = assert_problem(response, 413, "payload_too_large")
    assert "100000" in body_["detail"]
    assert [writer.state for writer in services.uploads.writers] == ["aborted", "aborted"]
    assert max(writer.size for writer in services.uploads.writers) <= 100_000


async def test_all_files_together_are_limited(client: httpx.AsyncClient, services: FakeServices) -> None:
    files = [file(f"{n}.pdf", PDF + b"x" * 30_000) for n in range(4)]
    assert_problem(await client.post("/upload", files=files), 413, "payload_too_large")
    assert {writer.state for writer in services.uploads.writers} == {"aborted"}


async def test_the_number_of_files_is_limited(client: httpx.AsyncClient, services: FakeServices) -> None:
    files = [file(f"{n}.pdf", PDF + str(n).encode()) for n in range(21)]
    assert_problem(await client.post("/upload", files=files), 413, "payload_too_large")
    assert services.uploads.accepted == []
    assert (await client.post("/upload", files=files[:20])).status_code == 202


async def test_fields_are_limited(client: httpx.AsyncClient) -> None:
    fields = {"metadata": "x" * 70_000}
    assert_problem(await client.post("/upload", files=[file()], data=fields), 413, "payload_too_large")


# ---------------------------------------------------------------- idempotency


async def test_a_request_sent_again_gets_the_first_answer(client: httpx.AsyncClient, services: FakeServices) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = await client.post("/upload", files=[file()], headers=key)
    again = await client.post("/upload", files=[file()], headers=key)
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert len(services.uploads.accepted) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"files": [file(data=PDF + b"!")]},
        {"files": [file("other.pdf")]},
        {"files": [file(), file()]},
        {"files": [file()], "data": {"collection": "other"}},
    ],
)
async def test_a_key_stands_for_one_request(client: httpx.AsyncClient, other: dict[str, Any]) -> None:
    key = {"Idempotency-Key": "k-1"}
    await client.post("/upload", files=[file()], headers=key)
    assert_problem(await client.post("/upload", headers=key, **other), 409, "idempotency_conflict")


async def test_a_failure_frees_the_key(client: httpx.AsyncClient, services: FakeServices) -> None:
    key = {"Idempotency-Key": "k-1"}
    assert_problem(await client.post("/upload", files=[file(data=b"\0")], headers=key), 415, "unsupported_media_type")
    services.uploads.failure = EmbeddingMismatch()
    assert_problem(await client.post("/upload", files=[file()], headers=key), 409, "embedding_mismatch")
    services.uploads.failure = None
    assert (await client.post("/upload", files=[file()], headers=key)).status_code == 202


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "schlüssel"])
async def test_keys_that_are_none(client: httpx.AsyncClient, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode()}
    response = await client.post("/upload", files=[file()], headers=headers)
    assert_problem(response, 400, "bad_request")


# ---------------------------------------------------------------- new versions


async def test_a_new_version(client: httpx.AsyncClient, services: FakeServices) -> None:
    document = services.documents.add()
    response = await client.put(f"/documents/{document.id}/file", files=[file()], data={"password": "p"})
    assert response.status_code == 202
    assert response.json()["filename"] == "report.pdf"
    [(id_, received, options)] = services.uploads.replaced
    assert (id_, received.filename, options.password) == (document.id, "report.pdf", "p")
    again = await client.put(f"/documents/{document.id}/file", files=[file()])
    assert again.status_code == 200


async def test_a_new_version_is_one_good_file_of_a_document_that_exists(
    client: httpx.AsyncClient, services: FakeServices
) -> None:
    document = services.documents.add()
    path = f"/documents/{document.id}/file"
    assert_problem(await client.put(path, files=[file(), file()]), 413, "payload_too_large")
    assert_problem(await client.put(path, files=[file(data=b"")]), 422, "empty_file")
    assert_problem(await client.put(path, files=[file(data=b"\0")]), 415, "unsupported_media_type")
    missing = f"/documents/{document.id[:-4]}0000/file"
    assert_problem(await client.put(missing, files=[file()]), 404, "document_not_found")
