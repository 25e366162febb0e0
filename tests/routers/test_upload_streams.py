"""Uploads over a real socket: what is answered before a body ends, and what becomes of one that never does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from app.core.config import Settings
from tests.routers.checks import until
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio
Address = tuple[str, int]
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'


def head(address: Address, *headers: str, path: str = "/upload") -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {address[0]}:{address[1]}",
        "Content-Type: multipart/form-data; boundary=x",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(*address)
    try:
        yield reader, writer
    finally:
        writer.close()


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def test_an_announced_size_is_refused_before_a_byte_of_it(server: Address, services: FakeServices) -> None:
    async with connected(server) as (reader, writer):
        writer.write(head(server, "Content-Length: 2000000"))
        async with asyncio.timeout(1):  # less than the server lingers
            answer = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readuntil(b"}")
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in answer.lower()
        assert b"payload_too_large" in body
        assert services.uploads.writers == []


async def test_a_client_that_asks_first_need_not_send(server: Address) -> None:
    async with connected(server) as (reader, writer):
        writer.write(head(server, "Content-Length: 2000000", "Expect: 100-continue"))
        answer = await reader.readuntil(b"}")
        assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_body_that_grows_too_large_is_refused_while_it_is_sent(server: Address, services: FakeServices) -> None:
    async with connected(server) as (reader, writer):
        writer.write(head(server, "Transfer-Encoding: chunked") + chunk(PART))
        answered = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
        while not answered.done():
            writer.write(chunk(b"y" * 10_000))
            await writer.drain()
            await asyncio.sleep(0.001)
        assert (await answered).startswith(b"HTTP/1.1 413 ")
        # A client that goes on sending can still read the answer: it is not lost in a reset connection.
        writer.write(chunk(b"y" * 50_000))
        await writer.drain()
        body = await reader.readuntil(b"}")
        assert b"MAX_UPLOAD_BYTES" in body
        assert [upload.state for upload in services.uploads.writers] == ["aborted"]


async def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(
    server: Address, services: FakeServices
) -> None:
    async with connected(server) as (_, writer):
        writer.write(head(server, "Content-Length: 50000") + PART)
        await writer.drain()
        await until(lambda: bool(services.uploads.writers and services.uploads.writers[0].size))
        writer.close()
        await until(lambda: services.uploads.writers[0].state == "aborted")
        assert services.uploads.accepted == []


async def test_bytes_are_stored_while_they_arrive(server: Address, services: FakeServices) -> None:
    async with connected(server) as (reader, writer):
        writer.write(head(server, "Transfer-Encoding: chunked") + chunk(PART))
        await writer.drain()
        await until(lambda: bool(services.uploads.writers and services.uploads.writers[0].size))
        writer.write(chunk(b"\r\n--x--\r\n") + b"0\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 202 ")
        assert services.uploads.writers[0].state == "committed"


async def test_a_fast_client_waits_for_a_slow_disk(
    server: Address, services: FakeServices, make_settings: Callable[..., Settings]
) -> None:
    services.settings = make_settings(max_upload_bytes=50_000_000)
    services.uploads.gate = gate = asyncio.Event()
    async with connected(server) as (reader, writer):
        body = PART + b"z" * 40_000_000 + b"\r\n--x--\r\n"
        writer.write(head(server, f"Content-Length: {len(body)}") + body)
        await until(lambda: bool(services.uploads.writers and services.uploads.writers[0].size))
        await asyncio.sleep(0.2)
        assert services.uploads.writers[0].size < 1_000_000
        assert writer.transport.get_write_buffer_size() > 20_000_000
        gate.set()
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 202 ")
        assert services.uploads.writers[0].size == 40_000_000 + len(b"%PDF-1.7")


async def test_json_bodies_are_refused_while_they_are_sent(server: Address) -> None:
    async with connected(server) as (reader, writer):
        request = head(server, "Transfer-Encoding: chunked", path="/ask")
        writer.write(request.replace(b"multipart/form-data; boundary=x", b"application/json"))
        answered = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
        while not answered.done():
            writer.write(chunk(b"[" * 60_000))
            await writer.drain()
            await asyncio.sleep(0.001)
        assert (await answered).startswith(b"HTTP/1.1 413 ")
        assert b"payload_too_large" in await reader.readuntil(b"}")
