import httpx
import pytest

from app.core.ids import new_id
from app.models.jobs import JobStatus
from tests.routers.checks import assert_problem, until
from tests.routers.fakes import FakeServices
from tests.routers.sse_client import streaming

pytestmark = pytest.mark.anyio
Address = tuple[str, int]


async def test_a_job(client: httpx.AsyncClient, services: FakeServices) -> None:
    job = services.jobs.add()
    response = await client.get(f"/jobs/{job.id}")
    assert response.json() == {
        "id": job.id,
        "kind": "ingest",
        "status": "running",
        "collection": "default",
        "document_id": job.document_id,
        "version": 1,
        "stage": "parse",
        "progress": 0.25,
        "attempt": 1,
        "error": None,
        "created_at": "2026-11-22T12:00:00Z",
        "updated_at": "2026-11-22T12:00:00Z",
        "finished_at": None,
    }


async def test_a_failed_job_says_why(client: httpx.AsyncClient, services: FakeServices) -> None:
    job = services.jobs.add(status=JobStatus.FAILED, error_code="password_required", error_message="Encrypted.")
    assert (await client.get(f"/jobs/{job.id}")).json()["error"] == {
        "code": "password_required",
        "message": "Encrypted.",
    }


async def test_listing(client: httpx.AsyncClient, services: FakeServices) -> None:
    services.jobs.add()
    document = new_id()
    query = f"collection=年报&status=failed&document_id={document}&limit=5&cursor={document}"
    response = await client.get(f"/jobs?{query}")
    assert len(response.json()["items"]) == 1
    assert response.json()["next_cursor"] is None
    assert services.jobs.calls == [("list", "年报", JobStatus.FAILED, document, document, 5, None)]
    assert_problem(await client.get("/jobs?status=sleeping"), 422, "unprocessable")
    assert_problem(await client.get("/jobs?document_id=x"), 404, "document_not_found")


async def test_cancel(client: httpx.AsyncClient, services: FakeServices) -> None:
    job = services.jobs.add()
    response = await client.post(f"/jobs/{job.id}/cancel")
    assert (response.status_code, response.json()["status"]) == (202, "cancelled")
    assert_problem(await client.post(f"/jobs/{new_id()}/cancel"), 404, "job_not_found")


async def test_events_are_replayed_and_then_live(server: Address, services: FakeServices) -> None:
    job = services.jobs.add()
    services.jobs.emit("queued")
    services.jobs.emit("stage", stage="parse")
    async with streaming(server, "GET", f"/jobs/{job.id}/events") as stream:
        await stream.comment()
        replayed = [await stream.next(), await stream.next()]
        services.jobs.emit("progress", stage="parse", progress=0.5, page=60)
        live = await stream.next()
        services.jobs.emit("finished", status="succeeded")
        rest = await stream.rest()
    assert [event and event.id for event in replayed] == ["1", "2"]
    assert live is not None
    assert (live.name, live.id) == ("progress", "3")
    assert live.data == {
        "number": 3,
        "type": "progress",
        "data": {"stage": "parse", "progress": 0.5, "page": 60},
        "created_at": "2026-11-22T12:00:00Z",
    }
    assert [event.name for event in rest] == ["finished"]


async def test_following_goes_on_after_the_last_event_seen(server: Address, services: FakeServices) -> None:
    job = services.jobs.add()
    for type_ in ("queued", "stage", "finished"):
        services.jobs.emit(type_)
    async with streaming(server, "GET", f"/jobs/{job.id}/events", headers={"Last-Event-ID": "2"}) as stream:
        assert [event.id for event in await stream.rest()] == ["3"]


async def test_whoever_saw_the_end_is_told_not_to_come_back(client: httpx.AsyncClient, services: FakeServices) -> None:
    job = services.jobs.add(status=JobStatus.SUCCEEDED)
    services.jobs.emit("finished")
    response = await client.get(f"/jobs/{job.id}/events", headers={"Last-Event-ID": "1"})
    assert response.status_code == 204


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "٣", "9" * 30])
async def test_event_ids_that_were_never_given(client: httpx.AsyncClient, services: FakeServices, last: str) -> None:
    job = services.jobs.add()
    headers = {b"Last-Event-ID": last.encode()}
    response = await client.get(f"/jobs/{job.id}/events", headers=headers)
    assert_problem(response, 400, "invalid_cursor")


async def test_a_follower_that_leaves_is_forgotten_at_once(server: Address, services: FakeServices) -> None:
    job = services.jobs.add()
    async with streaming(server, "GET", f"/jobs/{job.id}/events") as stream:
        await stream.comment()
        await until(lambda: services.jobs.followers == 1)
    await until(lambda: services.jobs.followers == 0)
