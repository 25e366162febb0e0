"""Clients that send or read next to nothing, by raw sockets. No times: what must end, ends, or the test does not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.config import Settings
from app.main import create_app
from app.routers.slow import punctual
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
BRIEF = 0.3
JSON = b"POST /search HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
FORM = b"POST /upload HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=b\r\n"


@pytest.fixture
async def port(
    make_settings: Callable[..., Settings], services: FakeServices, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[int]:
    app = create_app(make_settings(body_timeout=BRIEF), services.factory(), built_page=tmp_path / "none")
    async with serving(app) as port:
        yield port


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[int]:
    config = uvicorn.Config(app, port=0, http=punctual(BRIEF, BRIEF), log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


async def all_of(port: int, *pieces: bytes, drip: bytes = b"") -> bytes:
    """What the server says until it hangs up; meanwhile `drip` goes on and on, as often as a slow client sends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)

    async def dripping() -> None:
        while drip:
            await asyncio.sleep(BRIEF / 5)
            writer.write(drip)

    dropping = asyncio.create_task(dripping())
    try:
        async with asyncio.timeout(60):
            return await reader.read()
    except ConnectionResetError:
        return b"reset"
    finally:
        dropping.cancel()
        writer.close()


async def told(port: int, *pieces: bytes, drip: bytes) -> bytes:
    """The same; once more where what was still sent made the reset overtake what the server had said."""
    said = b"reset"
    for _ in range(10):
        if said == b"reset":
            said = await all_of(port, *pieces, drip=drip)
    return said


async def test_who_says_nothing_is_cut(port: int) -> None:
    assert await all_of(port) == b""


@pytest.mark.parametrize("drip", [b"", b"x", b"x: y\r\n"])
async def test_headers_that_never_end_are_cut(port: int, drip: bytes) -> None:
    assert (await told(port, b"GET /health HTTP/1.1\r\nhost: localhost\r\n", drip=drip)).startswith(b"HTTP/1.1 408")


async def test_blank_lines_between_requests_are_no_way_to_stay(port: int) -> None:
    said = await told(port, b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n", drip=b"\r\n")
    assert said.startswith(b"HTTP/1.1 200")


async def test_headers_without_bounds_are_refused(port: int) -> None:
    head = b"GET /health HTTP/1.1\r\nhost: localhost\r\n"
    said = await all_of(port, head, *(b"x-%d: %s\r\n" % (number, b"y" * 8000) for number in range(100)))
    assert said.startswith(b"HTTP/1.1 400") or said == b"reset"


@pytest.mark.parametrize("head", [JSON, FORM])
@pytest.mark.parametrize("drip", [b"", b"x"])
async def test_bodies_that_stop_or_drip_are_told_so_and_cut(port: int, head: bytes, drip: bytes) -> None:
    part = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'
    said = await told(port, head + b"content-length: 900000\r\n\r\n", part, drip=drip)
    assert said.startswith(b"HTTP/1.1 408")
    assert b"request_timeout" in said
    assert b"connection: close" in said.lower()


async def test_who_is_in_time_stays(port: int) -> None:
    """And the connection is good for another request."""
    body = b'{"query": "x"}'
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(JSON + b"content-length: %d\r\n\r\n" % len(body))
        writer.write(body)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
    writer.close()


PIECE = 256 * 1024
PIECES = 100


class Sending:
    """An application that sends 25 MiB, and notes when its client is gone or has all."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await receive()
        length = (b"content-length", b"%d" % (PIECE * PIECES))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        for number in range(PIECES):
            await send({"type": "http.response.body", "body": bytes(PIECE), "more_body": number < PIECES - 1})
        await receive()
        self.ended.set()


@pytest.mark.parametrize("drip", [0, 16])
async def test_who_does_not_read_is_dropped(drip: int) -> None:
    """Also who reads a few bytes now and then."""
    app = Sending()
    async with serving(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        while not app.ended.is_set():
            await asyncio.sleep(BRIEF / 5)
            await reader.read(drip)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await reader.readexactly(PIECE * PIECES)
        writer.close()


async def test_who_reads_without_haste_gets_all() -> None:
    """For longer than an answer may wait."""
    async with serving(Sending()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(PIECES // 4):
            await reader.readexactly(4 * PIECE)
            await asyncio.sleep(BRIEF / 10)
        writer.close()
