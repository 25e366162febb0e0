"""Rerank servers: two wires, and what may come back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.adapters.rerank.http import HttpReranker
from app.core.errors import Unavailable
from tests.fakes.passages import passage

pytestmark = pytest.mark.anyio

PASSAGES = [passage("Ships pass below.", title="The bridge"), passage("It was dug in 1802.", headings=("Harbour",))]


@dataclass
class Server:
    """Answers every request alike, and keeps what it was asked."""

    reply: Any
    status: int = 200
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:]) if name
        }
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.asked.append((lines[0].split()[1], headers, body))
        content = self.reply if isinstance(self.reply, bytes) else json.dumps(self.reply).encode()
        writer.write(
            f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def running(reply: Any, status: int = 200) -> AsyncIterator[Server]:
    made = Server(reply, status)
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with listening:
        made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v2"
        yield made


async def scores(server: Server, **options: Any) -> list[float]:
    reranker = HttpReranker(base_url=server.url, **options)
    try:
        return await reranker.rerank("When was it dug?", PASSAGES)
    finally:
        await reranker.close()


async def test_coheres_wire() -> None:
    reply = {"results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]}
    async with running(reply) as server:
        assert await scores(server, model="rerank-v3.5", api_key="secret") == [0.1, 0.9]
    [(path, headers, body)] = server.asked
    assert (path, headers["authorization"]) == ("/v2/rerank", "Bearer secret")
    assert body == {
        "model": "rerank-v3.5",
        "query": "When was it dug?",
        "documents": ["The bridge\nShips pass below.", "report.pdf > Harbour\nIt was dug in 1802."],
        "top_n": 2,
    }


async def test_teis_wire_and_logits() -> None:
    async with running([{"index": 0, "score": -2.0}, {"index": 1, "score": 3.0}]) as server:
        low, high = await scores(server, wire="tei")
    assert 0 < low < 0.5 < high < 1
    assert server.asked[0][2].keys() == {"query", "texts", "truncate"}


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ({"message": "no"}, 401),
        ({"results": []}, 200),
        ({"results": [{"index": 0, "relevance_score": 0.5}]}, 200),
        ({"results": [{"index": 0, "relevance_score": "x"}, {"index": 1, "relevance_score": 1}]}, 200),
        ({"results": "x"}, 200),
        (b'{"results": [{"index": 0, "relevance_score": NaN}, {"index": 1, "relevance_score": 1}]}', 200),
        (b"<html>", 200),
        ([], 200),
    ],
)
async def test_what_is_no_score_for_each_passage_is_said(reply: Any, status: int) -> None:
    async with running(reply, status) as server:
        with pytest.raises(Unavailable):
            await scores(server)


async def test_a_server_that_is_not_there() -> None:
    async with running([]) as server:
        pass
    with pytest.raises(Unavailable):
        await scores(server)
