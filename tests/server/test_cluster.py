"""What only several processes have: one begins, another goes on, and one that ends takes nothing with it."""

import json
import uuid
from collections.abc import Generator
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.server.cluster import Cluster
from tests.server.process import Served

pytestmark = pytest.mark.cluster
QUESTION = {"question": "What was research and development expense in 2024?"}


@pytest.fixture
def collection() -> str:
    return f"集 {uuid.uuid4()}"


def events(server: Served, method: str, path: str, after: str = "", **request: Any) -> Generator[dict[str, str]]:
    """The fields of each event of a stream."""
    headers = {"Last-Event-ID": after} if after else {}
    fields: dict[str, str] = {}
    with server.http.stream(method, path, headers=headers, **request) as reply:
        assert reply.is_success, reply.read()
        for line in reply.iter_lines():
            name, _, value = line.partition(": ")
            if line and not line.startswith(":"):
                fields[name] = value
            elif fields:
                yield fields
                fields = {}


def until_it_embeds(server: Served, job_id: str) -> None:
    """Return when the job is at what takes it longest."""
    following = events(server, "GET", f"/jobs/{job_id}/events")
    assert any(json.loads(item["data"])["data"].get("stage") == "embed" for item in following)
    following.close()


def ended(server: Served, job_id: str) -> dict[str, Any]:
    list(events(server, "GET", f"/jobs/{job_id}/events"))
    job: dict[str, Any] = server.http.get(f"/jobs/{job_id}").json()
    return job


def long_text() -> bytes:
    """Some hundred chunks, never the same: reading is quick, embedding takes long."""
    line = "Lighthouse {0} stands on rock {1}; its keeper counts {2} ships a night and writes them down in a book.\n\n"
    return (f"{uuid.uuid4()}\n\n" + "".join(line.format(n, n * 7, n * 31) for n in range(1000))).encode()


def test_a_stream_goes_on_at_another_server(cluster: Cluster) -> None:
    first, second = cluster.servers
    whole = list(events(first, "POST", "/ask", json=QUESTION | {"stream": True}))
    assert whole[-1]["event"] == "done"
    assert json.loads(whole[-1]["data"])["citations"]
    for server in (second, first):
        rest = list(events(server, "POST", "/ask", whole[1]["id"], json=QUESTION | {"stream": True}))
        assert rest == whole[2:]


def test_a_job_is_followed_at_a_server_that_did_not_begin_it(cluster: Cluster, collection: str) -> None:
    first, second = cluster.servers
    made = first.upload(
        "книга.txt", "\n\n".join(f"Tide {n} turns at noon." for n in range(90)).encode(), collection=collection
    )
    told = [json.loads(item["data"]) for item in events(second, "GET", f"/jobs/{made['job_id']}/events")]
    assert told[-1]["type"] == "finished"
    assert {"parse", "embed", "publish"} <= {item["data"].get("stage") for item in told}
    found = second.http.post("/search", json={"question": "When does tide 17 turn?", "collection": collection}).json()
    assert found["passages"][0]["filename"] == "книга.txt"


def test_a_job_is_cancelled_wherever_it_runs(cluster: Cluster, collection: str) -> None:
    first, second = cluster.servers
    made = first.upload("long.txt", long_text(), collection=collection)
    until_it_embeds(second, made["job_id"])
    assert second.http.post(f"/jobs/{made['job_id']}/cancel").is_success
    assert ended(first, made["job_id"])["status"] == "cancelled"
    assert first.http.get(f"/documents/{made['id']}").json()["status"] == "cancelled"


def test_a_request_sent_again_to_another_server_does_nothing_twice(cluster: Cluster, collection: str) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    request: dict[str, Any] = {"files": {"file": ("a.txt", b"The tide turns.")}, "data": {"collection": collection}}
    first, again = (server.http.post("/upload", headers=headers, **request) for server in cluster.servers)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    request["data"] = {"collection": f"{collection} 2"}
    assert cluster.servers[1].http.post("/upload", headers=headers, **request).status_code == 409


def test_what_one_server_forgets_no_other_remembers(cluster: Cluster, collection: str) -> None:
    first, second = cluster.servers
    made = first.upload("tide.txt", b"The tangerine lighthouse was painted in 1907.", collection=collection)
    assert ended(first, made["job_id"])["status"] == "succeeded"
    asked = {"collection": collection}
    question = "When was the tangerine lighthouse painted?"
    for server in (first, second, second):  # each may keep the answer
        assert "1907" in server.ask(question, **asked)["answer"]
    changed = second.http.put(
        f"/documents/{made['id']}/file", files={"file": ("tide.txt", b"The tangerine lighthouse was painted in 1950.")}
    )
    assert ended(second, changed.raise_for_status().json()["job_id"])["status"] == "succeeded"
    assert "1950" in first.ask(question, **asked)["answer"]
    assert first.http.delete(f"/documents/{made['id']}").is_success
    assert second.ask(question, **asked)["citations"] == []


def test_a_socket_passes_the_proxy(cluster: Cluster) -> None:
    with connect(f"ws://127.0.0.1:{cluster.port}/ask/ws") as socket:
        socket.send(json.dumps(QUESTION))
        names = [json.loads(socket.recv(60))["event"] for _ in range(2)]
    assert names == ["started", "passages"]


def test_a_worker_that_stops_hands_its_job_to_another(cluster: Cluster, collection: str) -> None:
    made = cluster.upload("long.txt", long_text(), collection=collection)
    until_it_embeds(cluster, made["job_id"])
    for worker in cluster.workers:
        before = cluster.http.get(f"/jobs/{made['job_id']}").json()
        assert worker.stop() == 0
        worker.start()
    after = ended(cluster, made["job_id"])
    assert (after["status"], after["attempt"]) == ("succeeded", before["attempt"])


def test_a_server_that_is_killed_costs_no_call_that_is_safe(cluster: Cluster) -> None:
    killed = cluster.servers[0]
    killed.kill()
    try:
        assert {cluster.http.get("/documents").status_code for _ in range(20)} == {200}
        assert cluster.ask(**QUESTION)["status"] == "answered"
    finally:
        killed.start()
