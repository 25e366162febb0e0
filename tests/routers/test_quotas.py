"""What a key may store, on both databases and on several processes: races, deletions, pages that are known late."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.models.access import Scope
from tests.routers.checks import assert_problem
from tests.routers.limited import limited, open_on, pdf
from tests.routers.real import Real, join

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=["sqlite", "postgresql", pytest.param("cluster", marks=pytest.mark.cluster)])
async def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Real]:
    where = (
        join(request.getfixturevalue("guarded"))
        if request.param == "cluster"
        else open_on(request.param, tmp_path_factory.mktemp("quotas"))
    )
    async with where as opened:
        yield opened


async def test_of_many_uploads_at_once_as_many_get_in_as_fit(real: Real) -> None:
    key = await limited(real, documents=2)
    replies = await asyncio.gather(*(key.upload(f"tide {number} of {key.id}".encode()) for number in range(6)))
    assert sorted(reply.status_code for reply in replies) == [202, 202, 402, 402, 402, 402]
    refused = next(reply for reply in replies if reply.status_code == 402)
    assert_problem(refused, 402, "quota_exceeded")
    assert "2 documents" in refused.json()["detail"]
    assert (await key.used())["documents"] == 2


async def test_what_is_deleted_is_free_at_once(real: Real) -> None:
    key = await limited(real, documents=1, bytes=40)
    first = await key.upload(b"the first of " + key.id[-12:].encode())
    [document] = first.json()["documents"]
    assert (await key.used())["bytes"] == 25
    assert_problem(await key.upload(b"second"), 402, "quota_exceeded")
    again = await key.upload(b"the first of " + key.id[-12:].encode())
    assert (again.status_code, again.json()["documents"][0]["duplicate"]) == (200, True)
    assert (await key.call("DELETE", f"/documents/{document['id']}")).is_success
    assert (await key.used()) == {"documents": 0, "pages": 0, "bytes": 0, "tokens_today": 0}
    assert (await key.upload(b"second of " + key.id.encode())).status_code == 402  # 46 bytes
    assert (await key.upload(b"second of " + key.id[-12:].encode())).status_code == 202


async def test_of_several_files_those_that_fit_are_taken(real: Real) -> None:
    key = await limited(real, documents=1)
    reply = await key.upload(b"one of " + key.id.encode(), b"two of " + key.id.encode())
    assert reply.status_code == 202
    taken, refused = reply.json()["documents"]
    assert taken["error"] is None
    assert (refused["id"], refused["error"]["code"], refused["error"]["status"]) == (None, "quota_exceeded", 402)


async def test_a_new_version_takes_no_place_but_bytes(real: Real) -> None:
    key = await limited(real, documents=1, pages=1, bytes=60)
    job = await key.ingested(b"first words of " + key.id[-12:].encode(), "txt")
    path = f"/documents/{job['document_id']}/file"
    second = b"second words of " + key.id[-12:].encode()
    replaced = await key.call("PUT", path, files={"file": ("a.txt", second)})
    assert replaced.status_code == 202, replaced.text
    await key.ended(replaced.json()["job_id"])
    assert await key.used() == {"documents": 1, "pages": 1, "bytes": 55, "tokens_today": 0}
    third = await key.call("PUT", path, files={"file": ("a.txt", b"third words of " + key.id[-12:].encode())})
    assert_problem(third, 402, "quota_exceeded")
    stored = await key.call("GET", path)
    assert stored.content == second


async def test_pages_are_counted_once_they_are_read(real: Real) -> None:
    key = await limited(real, pages=70)
    assert (await key.ingested(pdf(3, key.id)))["status"] == "succeeded"
    job = await key.ingested(pdf(68, f"longer {key.id}"))
    assert (job["status"], job["error"]["code"]) == ("failed", "quota_exceeded")
    path = f"/documents/{job['document_id']}"
    failed = (await key.call("GET", path)).json()
    assert (failed["status"], failed["error"]["code"], failed["page_count"]) == ("failed", "quota_exceeded", 0)
    assert_problem(await key.call("GET", f"{path}/pages/1"), 404, "page_not_found")
    assert (await key.used())["pages"] == 3

    admin = await real.headers(Scope.ADMIN)
    more = {"limits": {"pages": 71}}
    changed = await real.http.patch(f"/keys/{key.id}", json=more, headers=admin)
    assert changed.json()["limits"] == {"documents": None, "pages": 71, "bytes": None, "tokens_a_day": None}
    retried = await key.ended((await key.call("POST", f"{path}/retry")).json()["id"])
    assert retried["status"] == "succeeded"
    assert (await key.used())["pages"] == 71
    assert_problem(await key.upload(b"one more of " + key.id.encode()), 402, "quota_exceeded")


async def test_documents_that_are_read_at_once_do_not_share_the_last_pages(real: Real) -> None:
    key = await limited(real, pages=3)
    jobs = await asyncio.gather(*(key.ingested(pdf(2, f"{number} {key.id}")) for number in range(3)))
    ends = sorted((job["status"], (job["error"] or {}).get("code", "")) for job in jobs)
    assert ends == [("failed", "quota_exceeded"), ("failed", "quota_exceeded"), ("succeeded", "")]
    assert (await key.used())["pages"] == 2


async def test_what_another_brought_in_counts_against_them(real: Real) -> None:
    mine, theirs = await limited(real, documents=1), await limited(real, documents=1)
    job = await mine.ingested(b"first words of " + mine.id.encode(), "txt")
    path = f"/documents/{job['document_id']}/file"
    replaced = await theirs.call("PUT", path, files={"file": ("a.txt", b"other words of " + mine.id.encode())})
    await theirs.ended(replaced.json()["job_id"])
    assert [(await key.used())["documents"] for key in (mine, theirs)] == [0, 1]
    assert_problem(await theirs.upload(b"more of " + theirs.id.encode()), 402, "quota_exceeded")


async def test_limits_are_set_shown_and_taken_away(real: Real) -> None:
    admin = await real.headers(Scope.ADMIN)
    body = {"name": "partner", "scopes": ["upload", "read"], "limits": {"documents": 1, "bytes": 1000}}
    made = (await real.http.post("/keys", json=body, headers=admin)).json()
    assert made["limits"] == {"documents": 1, "pages": None, "bytes": 1000, "tokens_a_day": None}
    own = {"x-api-key": made["secret"]}
    await real.http.post("/upload", files={"file": ("a.txt", b"of " + made["id"].encode())}, headers=own)
    me = (await real.http.get("/me", headers=own)).json()
    assert (me["limits"], me["used"]["documents"]) == (made["limits"], 1)
    assert (await real.http.get("/me", headers=admin)).json()["limits"]["documents"] is None
    path = f"/keys/{made['id']}"
    changed = (await real.http.patch(path, json={"name": "p", "limits": {"bytes": None}}, headers=admin)).json()
    assert (changed["name"], changed["limits"]["documents"], changed["limits"]["bytes"]) == ("p", 1, None)
    listed = (await real.http.get("/keys", headers=admin)).json()["items"]
    assert {item["id"]: item["used"] for item in listed}[made["id"]]["documents"] == 1
    for wrong in (-1, "5", True, 1.5):
        reply = await real.http.patch(path, json={"limits": {"bytes": wrong}}, headers=admin)
        assert_problem(reply, 422, "unprocessable")
    assert_problem(await real.http.patch(path, json={"name": "x"}, headers=own), 403, "scope_missing")
    await real.http.delete(path, headers=admin)
    assert_problem(await real.http.patch(path, json={"name": "x"}, headers=admin), 404, "key_not_found")


async def test_files_and_vector_stores_count_and_answer_in_their_own_words(real: Real) -> None:
    key = await limited(real, documents=2, bytes=140)
    contents = [f"file {number} of {key.id}".encode() for number in range(3)]
    sent = [{"file": (f"{n}.txt", content)} for n, content in enumerate(contents)]
    made = [(await key.call("POST", "/v1/files", files=item, data={"purpose": "assistants"})).json() for item in sent]
    ids = [file["id"] for file in made]
    assert (await key.used())["bytes"] == 3 * len(contents[0])
    over = await key.call("POST", "/v1/files", files={"file": ("4.txt", b"x" * 60)}, data={"purpose": "assistants"})
    assert (over.status_code, over.headers["x-should-retry"]) == (429, "false")
    assert (over.json()["error"]["code"], over.json()["error"]["type"]) == ("insufficient_quota", "insufficient_quota")

    whole = await key.call("POST", "/v1/vector_stores", json={"name": key.id, "file_ids": ids})
    assert (whole.status_code, whole.json()["error"]["code"]) == (429, "insufficient_quota")
    stores = (await key.call("GET", "/v1/vector_stores", params={"limit": 100})).json()["data"]
    assert key.id not in [item["name"] for item in stores]

    store = (await key.call("POST", "/v1/vector_stores", json={"name": key.id})).json()["id"]
    batch = f"/v1/vector_stores/{store}/file_batches"
    refused = await key.call("POST", batch, json={"file_ids": ids})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "insufficient_quota")
    listed = (await key.call("GET", f"/v1/vector_stores/{store}/files")).json()["data"]
    assert listed == []  # all or none
    assert (await key.call("POST", batch, json={"file_ids": ids[:2]})).status_code == 200
    assert (await key.used())["bytes"] == 3 * len(contents[0])  # the same bytes are stored once
    for file_id in ids:
        assert (await key.call("DELETE", f"/v1/files/{file_id}")).is_success
    assert (await key.used())["bytes"] == 0
