"""Which server an index lies on: the same for everybody, and moved only by the server that comes or goes."""

import numpy as np
import pytest

from app.adapters.vectors.exact import ExactIndex
from app.adapters.vectors.spread import SpreadIndex
from app.core.ids import new_id

pytestmark = pytest.mark.anyio

NAMES = ("http://a:8000", "http://b:8000", "http://c:8000")


def spread(*names: str) -> SpreadIndex:
    return SpreadIndex({name: ExactIndex() for name in names})


def test_each_server_has_its_share_and_a_new_one_takes_only_its_own() -> None:
    ids = [f"c-{new_id()}" for _ in range(3000)]
    two, three = spread(*NAMES[:2]), spread(*reversed(NAMES))
    before = {each: two.server_of(each) for each in ids}
    after = {each: three.server_of(each) for each in ids}
    assert all(800 < list(after.values()).count(name) < 1200 for name in NAMES)
    assert {after[each] for each in ids if after[each] != before[each]} == {NAMES[2]}


async def test_calls_go_to_its_server_and_a_drop_to_all() -> None:
    servers = {name: ExactIndex() for name in NAMES}
    index = SpreadIndex(servers)
    vector = np.array([1.0, 0.0], np.float32)
    await index.open("i", 2)
    await index.upsert("i", ["x"], vector[None])
    assert [hit.chunk_id for hit in await index.search("i", vector, 1)] == ["x"]
    assert await servers[index.server_of("i")].ids("i") == {"x"}
    other = next(name for name in NAMES if name != index.server_of("i"))
    await servers[other].open("i", 2)  # left there from a time with fewer servers
    await index.drop("i")
    assert [await server.open("i", 2) for server in servers.values()] == [0, 0, 0]
