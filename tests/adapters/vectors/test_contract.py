"""What every vector index does, whichever stands behind the port."""

import uuid
from collections.abc import AsyncIterator, Iterator

import anyio
import numpy as np
import pytest
from numpy.typing import NDArray

from app.adapters.vectors.chroma import ChromaIndex
from app.adapters.vectors.chroma_http import ChromaServerIndex
from app.adapters.vectors.exact import ExactIndex
from app.core.errors import VectorIndexUnavailable
from app.ports import VectorIndex, Vectors
from tests.chroma_server import ChromaServer

pytestmark = pytest.mark.anyio
DIMENSION = 32


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma-server")).start()
    yield server.url
    server.kill()


@pytest.fixture(scope="module")
async def embedded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VectorIndex]:
    index = ChromaIndex(tmp_path_factory.mktemp("embedded") / "chroma")
    yield index
    await index.close()


@pytest.fixture(scope="module")
async def served(chroma_url: str) -> AsyncIterator[VectorIndex]:
    index = ChromaServerIndex(chroma_url)
    yield index
    await index.close()


@pytest.fixture(params=["exact", "embedded", "served"])
def index(request: pytest.FixtureRequest) -> VectorIndex:
    if request.param == "exact":
        return ExactIndex()
    shared: VectorIndex = request.getfixturevalue(request.param)
    return shared


@pytest.fixture
def name() -> str:
    return f"c-{uuid.uuid4()}"


def unit(vectors: NDArray[np.floating]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def some_vectors(n: int, dimension: int = DIMENSION) -> Vectors:
    return unit(np.random.default_rng(n).normal(size=(n, dimension)))


def some_ids(n: int, prefix: str = "v") -> list[str]:
    return [f"{prefix}:{number}" for number in range(n)]


async def test_finds_the_nearest_with_their_cosine(index: VectorIndex, name: str) -> None:
    vectors, ids = some_vectors(300), some_ids(300)
    query = unit(vectors[7:8] + 0.2 * some_vectors(301)[:1])[0]
    assert await index.open(name, DIMENSION) == 0
    await index.upsert(name, ids, vectors)
    hits = await index.search(name, query, 10)
    cosines = vectors @ query
    assert [hit.chunk_id for hit in hits] == [ids[row] for row in np.argsort(-cosines)[:10]]
    assert [hit.score for hit in hits] == pytest.approx(sorted(cosines, reverse=True)[:10], abs=2e-3)


async def test_counts_and_lists_what_it_holds(index: VectorIndex, name: str) -> None:
    await index.open(name, DIMENSION)
    assert await index.ids(name) == set()
    await index.upsert(name, some_ids(250), some_vectors(250))
    assert await index.ids(name) == set(some_ids(250))
    assert await index.open(name, DIMENSION) == 250


async def test_asking_for_more_than_there_is_gives_what_there_is(index: VectorIndex, name: str) -> None:
    await index.open(name, DIMENSION)
    assert await index.search(name, some_vectors(1)[0], 10) == []
    await index.upsert(name, some_ids(3), some_vectors(3))
    hits = await index.search(name, some_vectors(1)[0], 1000)
    assert {hit.chunk_id for hit in hits} == set(some_ids(3))


async def test_upsert_replaces_and_repeats_without_harm(index: VectorIndex, name: str) -> None:
    vectors, ids = some_vectors(20), some_ids(20)
    await index.open(name, DIMENSION)
    await index.upsert(name, ids, vectors)
    await index.upsert(name, ids, vectors)
    await index.upsert(name, ids[:1], -vectors[:1])
    assert await index.open(name, DIMENSION) == 20
    (hit,) = await index.search(name, -vectors[0], 1)
    assert hit.chunk_id == ids[0]
    assert hit.score == pytest.approx(1.0, abs=2e-3)
    (hit,) = await index.search(name, vectors[5], 1)
    assert hit.chunk_id == ids[5]
    assert hit.score == pytest.approx(1.0, abs=2e-3)


async def test_deletes_by_id_and_only_those(index: VectorIndex, name: str) -> None:
    vectors, ids = some_vectors(1200), some_ids(1200)
    await index.open(name, DIMENSION)
    await index.upsert(name, ids, vectors)
    await index.delete(name, [*ids[:1100], "never:there"])
    assert await index.ids(name) == set(ids[1100:])
    found = await index.search(name, vectors[0], 1200)
    assert {hit.chunk_id for hit in found} == set(ids[1100:])
    await index.upsert(name, ids[:1], vectors[:1])
    assert [hit.chunk_id for hit in await index.search(name, vectors[0], 1)] == ids[:1]


async def test_nothing_to_write_is_fine(index: VectorIndex, name: str) -> None:
    await index.open(name, DIMENSION)
    await index.upsert(name, [], some_vectors(1)[:0])
    await index.delete(name, [])
    assert await index.ids(name) == set()


async def test_indexes_do_not_see_each_other(index: VectorIndex, name: str) -> None:
    other = f"{name}/अन्य"
    for each, prefix in ((name, "a"), (other, "b")):
        await index.open(each, DIMENSION)
        await index.upsert(each, some_ids(5, prefix), some_vectors(5))
    await index.drop(other)
    assert await index.ids(name) == set(some_ids(5, "a"))
    assert await index.open(other, DIMENSION) == 0


async def test_an_index_that_is_not_open_is_unavailable(index: VectorIndex, name: str) -> None:
    with pytest.raises(VectorIndexUnavailable):
        await index.search(name, some_vectors(1)[0], 3)
    with pytest.raises(VectorIndexUnavailable):
        await index.upsert(name, ["a:1"], some_vectors(1))
    await index.drop(name)
    await index.open(name, DIMENSION)
    await index.drop(name)
    with pytest.raises(VectorIndexUnavailable):
        await index.ids(name)


async def test_another_dimension_starts_the_index_over(index: VectorIndex, name: str) -> None:
    await index.open(name, DIMENSION)
    await index.upsert(name, some_ids(3), some_vectors(3))
    assert await index.open(name, 8) == 0
    await index.upsert(name, some_ids(2), some_vectors(2, 8))
    assert len(await index.search(name, some_vectors(1, 8)[0], 5)) == 2


async def test_reads_and_writes_at_once(index: VectorIndex, name: str) -> None:
    vectors, ids = some_vectors(600), some_ids(600)
    await index.open(name, DIMENSION)
    await index.upsert(name, ids[:100], vectors[:100])

    async def write(start: int) -> None:
        await index.upsert(name, ids[start : start + 100], vectors[start : start + 100])

    async def read() -> None:
        for row in range(20):
            found = {hit.chunk_id: hit.score for hit in await index.search(name, vectors[row], 5)}
            assert ids[row] in found

    async def remove() -> None:
        await index.delete(name, ids[50:100])

    async with anyio.create_task_group() as group:
        for start in range(100, 600, 100):
            group.start_soon(write, start)
        for _ in range(5):
            group.start_soon(read)
        group.start_soon(remove)
    assert await index.ids(name) == {*ids[:50], *ids[100:]}


async def test_a_server_that_is_down_is_unavailable() -> None:
    index = ChromaServerIndex("http://127.0.0.1:9")  # the discard port: nobody listens
    with pytest.raises(VectorIndexUnavailable):
        await index.open("c-1", DIMENSION)
    with pytest.raises(VectorIndexUnavailable):
        await index.search("c-1", some_vectors(1)[0], 3)
    await index.close()
