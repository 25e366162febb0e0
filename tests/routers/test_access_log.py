import io
import json
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from tests.routers.fakes import FakeServices
from tests.routers.test_ask import SCRIPT

pytestmark = pytest.mark.anyio


def lines(logs: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logs.getvalue().splitlines()]


async def test_one_line_a_request(client: httpx.AsyncClient, logs: io.StringIO) -> None:
    id_ = new_id()
    response = await client.get(f"/documents/{id_}/pages/3?version=2")
    [line] = lines(logs)
    assert line.pop("ms") >= 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "app.routers.middleware",
        "method": "GET",
        "route": "/documents/{document_id}/pages/{number}",
        "status": 404,
        "request_id": response.headers["x-request-id"],
    }


async def test_nothing_that_people_wrote_is_logged(
    client: httpx.AsyncClient, services: FakeServices, logs: io.StringIO
) -> None:
    services.answers.script = SCRIPT
    await client.post("/ask", json={"question": "a private question"})
    await client.post("/ask", json={"question": "a private question", "wrong": "a private field"})
    await client.post("/ask", content=b'{"question": "a private question', headers={"content-type": "application/json"})
    await client.post("/upload", files=[("file", ("a private name.pdf", b"%PDF a private text"))])
    await client.post(
        "/upload", content=b"--x\r\na private header\r\n", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    await client.get("/a/private/path?key=a-private-key", headers={"authorization": "Bearer a-private-key"})
    assert len(lines(logs)) == 6
    assert "private" not in logs.getvalue()


async def test_a_strange_method_makes_no_new_series(client: httpx.AsyncClient, logs: io.StringIO) -> None:
    await client.request("BREW", "/coffee")
    assert lines(logs)[0]["method"] == "OTHER"
    assert "BREW" not in (await client.get("/metrics")).text
