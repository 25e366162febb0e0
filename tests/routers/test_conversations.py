import httpx
import pytest

from app.core.ids import new_id
from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio


async def test_a_conversation_with_its_messages(client: httpx.AsyncClient, services: FakeServices) -> None:
    known = services.conversations.known
    listed = (await client.get("/conversations?collection=default")).json()
    assert [item["id"] for item in listed["items"]] == [known.id]
    body = (await client.get(f"/conversations/{known.id}")).json()
    assert body["title"] == "净收入是多少？"
    [message] = body["messages"]
    assert (message["question"], message["answer"]) == ("净收入是多少？", {"answer": "265亿"})


async def test_delete(client: httpx.AsyncClient, services: FakeServices) -> None:
    response = await client.delete(f"/conversations/{services.conversations.known.id}")
    assert (response.status_code, response.content) == (204, b"")
    assert_problem(await client.delete(f"/conversations/{new_id()}"), 404, "conversation_not_found")


async def test_feedback(client: httpx.AsyncClient, services: FakeServices) -> None:
    message = services.conversations.message.id
    path = f"/messages/{message}/feedback"
    assert (await client.post(path, json={"rating": "down", "note": "是2022年的数字"})).status_code == 204
    assert (await client.post(path, json={"rating": "up"})).status_code == 204
    assert services.conversations.rated == [(message, "down", "是2022年的数字"), (message, "up", None)]
    for wrong in ({"rating": "sideways"}, {}, {"rating": "up", "note": "x" * 4001}):
        assert_problem(await client.post(path, json=wrong), 422, "unprocessable")
    for missing in (new_id(), "x"):
        response = await client.post(f"/messages/{missing}/feedback", json={"rating": "up"})
        assert_problem(response, 404, "message_not_found")
