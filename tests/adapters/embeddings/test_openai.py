import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator

import numpy as np
import pytest

from app.adapters.embeddings.openai import EmbeddingLimits, OpenAIEmbedder, Prefixes
from app.core.errors import EmbeddingsUnavailable
from tests.fakes.openai_server import OpenAIServer, Reply, running

pytestmark = pytest.mark.anyio
Make = Callable[..., OpenAIEmbedder]


@pytest.fixture(scope="module")
def shared_server() -> Iterator[OpenAIServer]:
    with running(dimension=8) as server:
        yield server


@pytest.fixture
def server(shared_server: OpenAIServer) -> OpenAIServer:
    shared_server.reset()
    return shared_server


@pytest.fixture
async def make(server: OpenAIServer) -> AsyncIterator[Make]:
    made: list[OpenAIEmbedder] = []

    def build(**changes: object) -> OpenAIEmbedder:
        made.append(OpenAIEmbedder(**{"model": "embedder", "base_url": server.base_url, **changes}))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for embedder in made:
        await embedder.close()


async def test_rows_are_unit_float32_in_the_order_of_the_texts(make: Make) -> None:
    embedder = make(limits=EmbeddingLimits(texts=3))
    texts = [f"número {n} 数字" for n in range(10)]
    vectors = await embedder.embed(texts, "passage")
    assert vectors.shape == (10, 8)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    for text, vector in zip(texts, vectors, strict=True):
        assert np.allclose((await embedder.embed([text], "passage"))[0], vector)


async def test_requests_are_cut_by_count_and_by_size(make: Make, server: OpenAIServer) -> None:
    embedder = make(limits=EmbeddingLimits(texts=3, characters=100, concurrency=1))
    await embedder.embed(["x"] * 7 + ["y" * 99, "z" * 500, "w"], "passage")
    assert sorted(len(request.body["input"]) for request in server.requests) == [1, 1, 2, 3, 3]


async def test_the_dimension_is_asked_for_once(make: Make, server: OpenAIServer) -> None:
    embedder = make()
    assert embedder.dimension == 0
    await embedder.start()
    assert embedder.dimension == 8
    await embedder.start()
    assert len(server.requests) == 1
    assert (await embedder.embed([], "query")).shape == (0, 8)


async def test_another_dimension_than_the_given_one_is_refused(make: Make) -> None:
    with pytest.raises(EmbeddingsUnavailable, match="8 numbers a text instead of 1536"):
        await make(dimension=1536).embed(["a"], "passage")


async def test_prefixes_are_put_before_texts_only_when_configured(make: Make, server: OpenAIServer) -> None:
    await make().embed(["plain"], "query")
    embedder = make(prefixes=Prefixes("query: ", "passage: "))
    await embedder.embed(["frage"], "query")
    await embedder.embed(["absatz"], "passage")
    assert [request.body["input"] for request in server.requests] == [["plain"], ["query: frage"], ["passage: absatz"]]


async def test_text_that_json_or_the_server_would_refuse_is_sent_in_another_form(
    make: Make, server: OpenAIServer
) -> None:
    await make().embed(["", "a\ud800b", "हिन्दी"], "passage")
    assert server.requests[0].body["input"] == [" ", "a?b", "हिन्दी"]


async def test_it_waits_as_long_as_the_server_says_and_tries_again(make: Make, server: OpenAIServer) -> None:
    server.script(Reply(status=429, headers={"retry-after": "0.2"}), Reply(status=503, headers={"retry-after": "0.2"}))
    started = asyncio.get_running_loop().time()
    vectors = await make().embed(["a"], "passage")
    assert vectors.shape == (1, 8)
    assert asyncio.get_running_loop().time() - started >= 0.4


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "EMBEDDING_API_KEY"), (404, "EMBEDDING_BASE_URL"), (413, "CHUNK_TOKENS"), (500, "status 500")],
)
async def test_failures_say_what_to_do(make: Make, server: OpenAIServer, status: int, advice: str) -> None:
    server.default = Reply(status=status)
    with pytest.raises(EmbeddingsUnavailable, match=advice):
        await make(limits=EmbeddingLimits(retries=0)).embed(["a"] * 100, "passage")


async def test_a_server_that_is_not_there_is_unavailable(make: Make) -> None:
    embedder = make(base_url="http://127.0.0.1:9/v1", limits=EmbeddingLimits(retries=0))
    with pytest.raises(EmbeddingsUnavailable, match="cannot be reached"):
        await embedder.embed(["a"], "query")


async def test_a_page_instead_of_an_api_is_unavailable(make: Make, server: OpenAIServer) -> None:
    embedder = make(base_url=server.base_url.removesuffix("/v1"), limits=EmbeddingLimits(retries=0))
    with pytest.raises(EmbeddingsUnavailable, match="404"):
        await embedder.embed(["a"], "query")


@pytest.fixture
async def odd_server() -> AsyncIterator[str]:
    """Answers 200 with the request's first text as the body; to "hang", never."""
    held: set[asyncio.StreamWriter] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        body = json.loads(await reader.readexactly(size))["input"][0].encode()
        if body == b"hang":
            held.add(writer)
            return
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}/v1"
        for writer in held:
            writer.close()


@pytest.mark.parametrize(
    "body",
    [
        "<html>It works!</html>",
        "{}",
        "[]",
        '"text"',
        '{"data": []}',
        '{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1, 2]}]}',
        '{"data": [{"index": 0, "embedding": [0, 0]}]}',
        '{"data": [{"index": 0, "embedding": [NaN, 1]}]}',
        '{"data": [{"index": 0, "embedding": "?"}]}',
        '{"data": [{"index": 0, "embedding": null}]}',
        '{"data": [{"index": 0}]}',
        '{"data": {"a": 1}}',
    ],
)
async def test_a_reply_that_is_not_embeddings_is_unavailable(make: Make, odd_server: str, body: str) -> None:
    embedder = make(base_url=odd_server, limits=EmbeddingLimits(retries=0))
    with pytest.raises(EmbeddingsUnavailable, match="not embeddings"):
        await embedder.embed([body], "passage")


async def test_a_question_fails_soon_and_does_not_wait_for_passages(make: Make, odd_server: str) -> None:
    embedder = make(base_url=odd_server, limits=EmbeddingLimits(concurrency=1, query_timeout=0.3))
    passages = asyncio.create_task(embedder.embed(["hang"], "passage"))
    with pytest.raises(EmbeddingsUnavailable, match=r"0\.3 s"):
        await embedder.embed(["hang"], "query")
    answered = await embedder.embed(['{"data": [{"index": 0, "embedding": [3, 4]}]}'], "query")
    assert np.allclose(answered, [[0.6, 0.8]])
    assert not passages.done()
    passages.cancel()
