"""At the most talkative level, no line of the log holds what a document says, what was asked, or a secret."""

from pathlib import Path

from tests.fakes.openai_server import Reply, running
from tests.server.process import ServerProcess, with_models

TEXT, ASKED, KEY, HEADER, QUERY, SAID = (
    f"kanarek-{name}" for name in ("text", "asked", "key", "header", "query", "said")
)


def test_the_log_holds_no_text_and_no_secret(models: Path, tmp_path: Path) -> None:
    with running() as model:
        model.default = Reply(f"{SAID} [1].")
        settings = {"LOG_LEVEL": "debug", "OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": KEY}
        server = ServerProcess(with_models(tmp_path / "data", models), settings).start()
        try:
            server.upload("a.txt", f"The lamp of {TEXT} is lit at dusk. {TEXT} दीप 灯塔\n".encode())
            server.upload("broken.pdf", f"%PDF-1.7 {TEXT}".encode())
            server.settled()
            server.ask(f"When is the lamp of {ASKED} lit?")
            model.script(Reply(status=500, error={"message": SAID}))
            server.ask(f"When is the lamp of {ASKED} lit?")
            headers = {"Authorization": f"Bearer {HEADER}", "X-API-Key": HEADER, "Cookie": HEADER}
            for path in (f"/documents?collection={QUERY}", f"/{QUERY}", f"/documents/{QUERY}"):
                server.http.get(path, headers=headers)
            server.http.post("/ask", content=f'{{"question": "{ASKED}", ', headers={"content-type": "application/json"})
            server.http.post("/search", json={"query": ASKED, "filters": {"type": "eq", "key": ASKED, "value": [{}]}})
            assert server.stop() == 0
        finally:
            server.close()
    log = (tmp_path / "data.log").read_text(encoding="utf-8")
    assert log.count('"event": "request"') > 8
    assert [line for line in log.splitlines() if "kanarek" in line or "दीप" in line or "灯塔" in line] == []
