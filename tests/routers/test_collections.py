import httpx
import pytest

from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio


async def test_listing_goes_on_by_name(client: httpx.AsyncClient, services: FakeServices) -> None:
    body = (await client.get("/collections?cursor=年报&limit=3")).json()
    assert services.collections.calls == [("list", "年报", 3)]
    assert body["next_cursor"] == "default"
    [item] = body["items"]
    assert item["embedding_model"] == "multilingual-e5-small"
    assert (item["dimension"], item["documents"], item["chunks"]) == (384, 2, 9)
    assert "index_id" not in item
    assert_problem(await client.get("/collections?cursor=%00"), 400, "invalid_cursor")


@pytest.mark.parametrize("name", ["reports", "年报 2023", "तालिका", "تقارير", "รายงาน", "a.b-c_d", "📄"])
async def test_a_name_in_any_language(client: httpx.AsyncClient, name: str) -> None:
    made = await client.post("/collections", json={"name": name, "description": "d", "metadata": {"k": 1}})
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["description"], made.json()["metadata"]) == (name, "d", {"k": 1})
    assert (await client.get(f"/collections/{name}")).json()["name"] == name


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "a/b", "a\\b", ".", "..", "a\nb", "a\0b", "x" * 101, "\ud800"])
async def test_names_that_are_none(client: httpx.AsyncClient, name: str) -> None:
    content = ('{"name": "' + name.encode("unicode_escape", "surrogatepass").decode() + '"}').replace("\\x", "\\u00")
    headers = {"content-type": "application/json"}
    response = await client.post("/collections", content=content, headers=headers)
    assert response.status_code in (400, 422)


async def test_change_delete_and_reindex(client: httpx.AsyncClient) -> None:
    changed = await client.patch("/collections/年报", json={"description": "new"})
    assert changed.json()["description"] == "new"
    for method, path, kind in (
        ("DELETE", "/collections/年报", "delete"),
        ("POST", "/collections/年报/reindex", "reindex"),
    ):
        response = await client.request(method, path)
        assert (response.status_code, response.json()["kind"]) == (202, kind)
    assert_problem(await client.delete("/collections/missing"), 404, "collection_not_found")
