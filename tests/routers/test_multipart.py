"""Multipart bodies as clients write them, well and badly."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices
from tests.routers.test_upload import PDF, file

pytestmark = pytest.mark.anyio


def raw(*parts: bytes, boundary: bytes = b"BoUnD") -> dict[str, Any]:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"
    return {"content": body, "headers": {"content-type": f"multipart/form-data; boundary={boundary.decode()}"}}


def part(disposition: bytes, data: bytes = PDF, *headers: bytes) -> bytes:
    lines = [b"Content-Disposition: form-data; " + disposition, *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + data


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b'name="file"; filename="../../etc/passwd"', "passwd"),
        (b'name="file"; filename="C:\\dir\\report.pdf"', "report.pdf"),
        (b'name="file"; filename="quo\\"ted.pdf"', 'quo"ted.pdf'),
        (b'name="file"; filename="a;b=c.pdf"', "a;b=c.pdf"),
        ('name="file"; filename="报告 हिन्दी 📄.pdf"'.encode(), "报告 हिन्दी 📄.pdf"),
        ('name="file"; filename="résumé.pdf"'.encode("latin-1"), "résumé.pdf"),
        ('name="file"; filename="rÃ©sumÃ©.pdf"'.encode(), "résumé.pdf"),
        (b'name="file"; filename="x.pdf"; filename*=UTF-8\'\'%E6%8A%A5%E5%91%8A.pdf', "报告.pdf"),
        (b"name=\"file\"; filename*=utf-8'en'na%C3%AFve.pdf", "naïve.pdf"),
        (b"name=\"file\"; filename*=iso-8859-1''caf%E9.pdf", "café.pdf"),
        (b"name=\"file\"; filename*=nonsense''caf.pdf", "caf.pdf"),
        (b'name="file"; filename="a\0b.pdf"', "ab.pdf"),
        (b'name="file"; filename=""', "unnamed"),
        (b"name=file; filename=plain.pdf", "plain.pdf"),
    ],
)
async def test_file_names(client: httpx.AsyncClient, header: bytes, expected: str) -> None:
    response = await client.post("/upload", **raw(part(header)))
    assert response.status_code == 202, response.text
    assert response.json()["documents"][0]["filename"] == expected


async def test_a_name_of_300_characters(client: httpx.AsyncClient) -> None:
    response = await client.post("/upload", files=[file("报" * 300 + ".pdf")])
    name = response.json()["documents"][0]["filename"]
    assert name.startswith("报报")
    assert name.endswith(".pdf")
    assert len(name.encode()) <= 255


@pytest.mark.parametrize(
    "request_",
    [
        raw(),
        raw(part(b'name="collection"', b"default")),
        raw(part(b'name="file"', b"report.pdf")),
        raw(part(b'name="file"; filename=""', b"")),
        raw(part(b'name="document"; filename="a.pdf"')),
        raw(part(b'filename="a.pdf"')),
        raw(b"Content-Disposition: attachment; name=file; filename=x\r\n\r\nx"),
        raw(b"No header at all\r\n\r\nx"),
        raw(part(b'name="file"; filename="a"', b"eA==", b"Content-Transfer-Encoding: base64")),
        raw(part(b'name="collection"', b"\xff\xfe"), part(b'name="file"; filename="a.pdf"')),
        raw(part(b'name="collection"', b"a"), part(b'name="collection"', b"b"), part(b'name="file"; filename="a"')),
        raw(part(b'name="file"; filename="a"', PDF, b"X: " + b"y" * 10_000)),
        raw(part(b'name="file"; filename="a"', PDF, *[b"X: y"] * 50)),
        {"content": b"", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"no boundary here", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data; boundary="}},
        {"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data; boundary=" + "x" * 300}},
        {
            "content": raw(part(b'name="file"; filename="a.pdf"'))["content"][:-12],
            "headers": {"content-type": "multipart/form-data; boundary=BoUnD"},
        },
    ],
    ids=range(19),
)
async def test_malformed_uploads_store_nothing(
    client: httpx.AsyncClient, services: FakeServices, request_: dict[str, Any]
) -> None:
    assert_problem(await client.post("/upload", **request_), 400, "malformed_upload")
    assert services.uploads.accepted == []
    assert {writer.state for writer in services.uploads.writers} <= {"aborted"}


@pytest.mark.parametrize("content_type", ["application/json", "application/pdf", None])
async def test_a_body_that_is_no_multipart(client: httpx.AsyncClient, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    assert_problem(await client.post("/upload", content=PDF, headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
async def test_pieces_of_every_size_give_the_same_bytes(
    client: httpx.AsyncClient, services: FakeServices, size: int
) -> None:
    data = PDF + b"\r\n--BoUn\r\n--BoUnX\r\n-" + bytes(range(256)) * 4
    whole = raw(part(b'name="collection"', "年报".encode()), part(b'name="file"; filename="a.pdf"', data))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(whole["content"]), size):
            yield whole["content"][start : start + size]

    response = await client.post("/upload", content=pieces(), headers=whole["headers"])
    assert response.status_code == 202
    assert bytes(services.uploads.writers[0].data) == data
    [(_, options)] = services.uploads.accepted
    assert options.collection == "年报"


async def test_a_preamble_an_epilogue_and_padding_are_allowed(client: httpx.AsyncClient) -> None:
    request = raw(part(b'name="file"; filename="a.pdf"'))
    request["content"] = b"\r\n" + request["content"] + b"this is the epilogue"
    assert (await client.post("/upload", **request)).status_code == 202
