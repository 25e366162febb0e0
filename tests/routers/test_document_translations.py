"""Glossaries and translated documents over the wire: shapes, refusals, whose they are."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.routers.checks import assert_problem
from tests.routers.fakes import FakeServices
from tests.routers.translating import opened

pytestmark = pytest.mark.anyio
TERMS = [{"source": "invoice", "target": "Rechnung"}, {"source": "DocuBot", "case_sensitive": True}]
CSV = {"content-type": "text/csv; charset=utf-8"}


@pytest.fixture(autouse=True)
async def real(services: FakeServices, tmp_path: Path) -> AsyncIterator[None]:
    async with opened(services, tmp_path, None):
        yield


async def made(client: httpx.AsyncClient, name: str = "contracts", **fields: Any) -> httpx.Response:
    return await client.post(
        "/glossaries", json={"name": name, "source": "en", "target": "de", "terms": TERMS} | fields
    )


async def test_a_glossary_is_made_read_replaced_and_deleted(client: httpx.AsyncClient) -> None:
    created = await made(client, "契約")
    assert created.status_code == 201
    assert created.json()["terms"][1] == {"source": "DocuBot", "target": None, "case_sensitive": True}
    assert (await client.get("/glossaries")).json()["items"] == [created.json()]
    body = {"target": "zh", "terms": [{"source": "हिन्दी", "target": "印地语"}]}
    replaced = (await client.put("/glossaries/契約", json=body)).json()
    assert (replaced["version"], replaced["source"], replaced["target"]) == (2, None, "zh-Hans")
    assert (await client.delete("/glossaries/契約")).status_code == 204
    assert_problem(await client.get("/glossaries/契約"), 404, "glossary_not_found")
    assert_problem(await client.delete("/glossaries/契約"), 404, "glossary_not_found")


async def test_the_table_goes_out_and_comes_in_again(client: httpx.AsyncClient) -> None:
    await made(client)
    table = await client.get("/glossaries/contracts/csv")
    assert table.text == "source,target,case_sensitive\r\ninvoice,Rechnung,false\r\nDocuBot,,true\r\n"
    assert table.headers["content-disposition"].startswith("attachment")
    await made(client, "copy", terms=[])
    copied = await client.put("/glossaries/copy/csv", content=table.content, headers=CSV)
    assert copied.json()["terms"] == (await client.get("/glossaries/contracts")).json()["terms"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b,c,d", "line 1: more than three"), (b"a,b,perhaps", "true or false"), (b",b", "needs a source"),
        (b'a,"b', "line 1"), (b"a,b\na,c", "twice"), (b"x" * 201, "200"),
    ],
)  # fmt: skip
async def test_a_table_that_is_none(client: httpx.AsyncClient, content: bytes, said: str) -> None:
    await made(client)
    response = await client.put("/glossaries/contracts/csv", content=content, headers=CSV)
    assert said in assert_problem(response, 422, "unprocessable")["errors"][0]["msg"]
    assert len((await client.get("/glossaries/contracts")).json()["terms"]) == 2


async def test_a_table_of_another_kind(client: httpx.AsyncClient) -> None:
    await made(client)
    other = await client.put("/glossaries/contracts/csv", content=b"a,b", headers={"content-type": "text/plain"})
    assert_problem(other, 415, "unsupported_media_type")
    latin = await client.put("/glossaries/contracts/csv", content="ä,b".encode("latin-1"), headers=CSV)
    assert_problem(latin, 400, "malformed_upload")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "a/b"}, {"source": "tlh"}, {"terms": [{"source": " "}]}, {"terms": [{"target": "a"}]},
        {"terms": [{"source": "a"}, {"source": "A"}]}, {"terms": [{"source": "a\nb"}]}, {"terms": "all"},
    ],
)  # fmt: skip
async def test_a_glossary_that_is_none(client: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    assert_problem(await made(client, **wrong), 422, "unprocessable")


async def test_a_name_is_taken_once(client: httpx.AsyncClient) -> None:
    await made(client)
    assert_problem(await made(client), 409, "glossary_exists")
    assert_problem(await client.put("/glossaries/none", json={"terms": []}), 404, "glossary_not_found")


async def test_a_document_cannot_be_translated_into_what_is_not_there(client: httpx.AsyncClient) -> None:
    path = "/documents/019ab8f2-6f0c-7a51-9d3e-2b8c41d07e55/translate"
    assert_problem(await client.post(path, json={"target": "tlh"}), 400, "language_not_supported")
    assert_problem(await client.post(path, json={"target": "de", "glossary": "no"}), 404, "glossary_not_found")
    assert_problem(await client.post(path, json={"target": "de", "output": "odt"}), 422, "unprocessable")
    other = await client.get(path.replace("translate", "translations/x"))
    assert_problem(other, 404, "translation_not_found")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"glossary": "none"}, 404, "glossary_not_found"),
        ({"quote_language": "tlh"}, 400, "language_not_supported"),
        ({"translation_id": "x"}, 404, "translation_not_found"),
    ],
)
async def test_a_question_in_what_is_not_there(
    client: httpx.AsyncClient, wrong: dict[str, Any], status: int, code: str
) -> None:
    assert_problem(await client.post("/ask", json={"question": "Why?"} | wrong), status, code)


async def test_a_questions_glossary_is_for_the_answers_language(client: httpx.AsyncClient) -> None:
    await made(client)
    body = {"question": "Why?", "glossary": "contracts", "quote_language": "fr"}
    assert_problem(await client.post("/ask", json=body), 400, "bad_request")
