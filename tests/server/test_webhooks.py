"""A receiver on loopback and a server that is killed while it tells it something."""

from tests.fakes.receiver import receiving
from tests.server.process import Served, ServerProcess


def test_a_kill_loses_no_message(server: ServerProcess) -> None:
    server.settings["WEBHOOK_NETWORKS"] = "127.0.0.1"
    with receiving() as receiver:
        server.start()
        made = server.http.post("/webhooks", json={"url": receiver.url, "events": ["document.ready"]}).json()
        receiver.answers = [0]  # the first call is never answered
        document = server.upload("tide.txt", b"The tide turns at noon.")
        first = receiver.next()
        server.kill()
        receiver.release.set()
        server.start()
        again = receiver.next()
        assert again.headers["webhook-id"] == first.headers["webhook-id"]
        assert again.body == first.body
        told = again.verified(made["secret"])
        assert told["type"] == "document.ready"
        assert told["data"]["document_id"] == document["id"]  # type: ignore[index]

        sent = server.http.post(f"/webhooks/{made['id']}/test").json()
        assert receiver.next().headers["webhook-id"] == sent["id"]
        log = server.http.get(f"/webhooks/{made['id']}/deliveries").json()["items"]
        assert [item["type"] for item in log] == ["webhook.test", "document.ready"]
        assert receiver.got.empty()


def test_inside_is_refused_until_the_settings_allow_it(filled: Served) -> None:
    for url in ("http://127.0.0.1:9/", "https://localhost/", "https://169.254.169.254/"):
        reply = filled.http.post("/webhooks", json={"url": url})
        assert (reply.status_code, reply.json()["code"]) == (422, "webhook_target_refused")
    assert filled.http.get("/webhooks").json()["items"] == []
