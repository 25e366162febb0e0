"""HEAD over a real socket: the headers of GET, no content, and streams that end."""

import httpx
import pytest

from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
Address = tuple[str, int]


@pytest.mark.parametrize("path", ["/health", "/", "/openapi.json", "/metrics"])
async def test_the_headers_of_get_and_no_content(server: Address, path: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://{server[0]}:{server[1]}") as client:
        got, head = await client.get(path), await client.head(path)
        again = await client.head(path)  # on the same connection: nothing was left in it
    assert (head.status_code, head.content, again.status_code) == (got.status_code, b"", 200)
    assert head.headers["content-type"] == got.headers["content-type"]


async def test_what_get_refuses(server: Address) -> None:
    async with httpx.AsyncClient(base_url=f"http://{server[0]}:{server[1]}") as client:
        assert (await client.head("/upload")).status_code == 405
        assert (await client.head("/documents/unknown")).status_code == 404


async def test_a_stream_is_not_waited_for(server: Address, services: FakeServices) -> None:
    job = services.jobs.add()
    async with httpx.AsyncClient(base_url=f"http://{server[0]}:{server[1]}", timeout=5) as client:
        head = await client.head(f"/jobs/{job.id}/events")
    assert (head.status_code, head.headers["content-type"].split(";")[0]) == (200, "text/event-stream")
