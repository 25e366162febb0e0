"""What an administrator looks at, and nobody else."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.models.access import Scope
from app.models.administration import MASK
from app.services.administration import AdministrationService
from tests.routers.checks import assert_problem
from tests.routers.real import Real, open_real

pytestmark = pytest.mark.anyio
SECRET = "tangerine-0123456789-lighthouse-0123456789"
RUN_ID = "20261122-120000-123-fragen-年报"
FIGURE = {"value": 0.5, "low": 0.4, "high": 0.6, "cases": 40}
RUN = {
    "format": 1,
    "id": RUN_ID,
    "created_at": "2026-11-22T12:00:00+00:00",
    "version": "0.1.0",
    "mode": "extract",
    "settings": {"top_k": 8},
    "seconds": 12.5,
    "dataset": {"name": "fragen", "cases": 40, "sha256": "0"},
    "documents": [{"name": "a.pdf"}],
    "figures": {"overall": {"mrr@10": FIGURE}, "languages": {"de": {"mrr@10": FIGURE}}, "documents": {}},
    "changes": [{"measure": "mrr@10", "before": 0.4, "after": 0.5, "delta": 0.1, "p": 0.01, "verdict": "better"}],
    "compared_with": "20261121-120000-123-fragen",
    "cases": [],
}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def real(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Real]:
    settings = {"secret_key": SECRET, "top_k": 5}
    async with open_real(tmp_path_factory.mktemp("administration"), **settings) as opened:
        yield opened


@pytest.fixture(scope="module")
async def admin(real: Real) -> dict[str, str]:
    return await real.headers(Scope.ADMIN)


async def read(real: Real, headers: dict[str, str], path: str, **params: Any) -> Any:
    reply = await real.http.get(path, headers=headers, params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_only_an_admin_may_look(real: Real, admin: dict[str, str]) -> None:
    others = await real.headers(*set(Scope) - {Scope.ADMIN})
    for path in ("/admin/settings", "/admin/usage", "/admin/evaluations", f"/admin/evaluations/{RUN_ID}"):
        assert_problem(await real.http.get(path, headers=others), 403, "scope_missing")


async def test_settings_are_told_without_their_secrets(real: Real, admin: dict[str, str]) -> None:
    told = await real.http.get("/admin/settings", headers=admin)
    assert SECRET not in told.text
    found = {item["name"]: item for item in told.json()["settings"]}
    assert found["TOP_K"] == {"name": "TOP_K", "value": 5, "default": 8, "changed": True, "secret": False}
    assert found["SECRET_KEY"] == {
        "name": "SECRET_KEY",
        "value": MASK,
        "default": None,
        "changed": True,
        "secret": True,
    }
    assert found["OPENAI_API_KEY"]["value"] is None
    assert not found["OPENAI_API_KEY"]["changed"]
    assert found["CORS_ORIGINS"]["value"] == []


async def test_usage_counts_by_day_and_by_collection(real: Real, admin: dict[str, str]) -> None:
    collection = "用量"
    files = {"file": ("a.txt", b"The lamp burns 16 litres of oil.")}
    reply = await real.http.post("/upload", headers=admin, files=files, data={"collection": collection})
    [document] = reply.json()["documents"]
    async for _ in real.services.jobs.events(document["job_id"]):
        pass
    before = (await read(real, admin, "/admin/usage", days=7))["days"]
    body = {"question": "How many litres of oil?", "collection": collection, "mode": "extract"}
    answer = (await real.http.post("/ask", headers=admin, json=body)).json()
    path = f"/messages/{answer['message_id']}/feedback"
    await real.http.post(path, headers=admin, json={"rating": "up"})
    after = await read(real, admin, "/admin/usage", days=7)
    assert len(after["days"]) == 7
    assert [day["day"] for day in after["days"]] == sorted(day["day"] for day in after["days"])
    grown = {
        name: sum(d[name] for d in after["days"]) - sum(d[name] for d in before) for name in before[0] if name != "day"
    }
    assert {name: value for name, value in grown.items() if value} == {
        "questions": 1,
        answer["status"]: 1,
        "rated_up": 1,
    }
    assert sum(day["versions"] for day in after["days"]) == 1
    [held] = [item for item in after["collections"] if item["name"] == collection]
    assert (held["documents"], held["pages"], held["questions"]) == (1, 1, 1)
    assert held["bytes"] == len("The lamp burns 16 litres of oil.")


@pytest.mark.parametrize("days", [0, 367, "x"])
async def test_usage_of_days_that_are_none(real: Real, admin: dict[str, str], days: object) -> None:
    reply = await real.http.get("/admin/usage", headers=admin, params={"days": days})
    assert_problem(reply, 422, "unprocessable")


async def test_evaluation_runs_are_listed_and_read(real: Real, admin: dict[str, str]) -> None:
    root = real.services.settings.data_dir / "evaluations"
    for name, content in {
        RUN_ID: json.dumps(RUN),
        "20261121-120000-123-older": json.dumps(RUN | {"changes": [], "compared_with": None}),
        "20261123-120000-123-unfinished": None,
        "20261124-120000-123-broken": '{"format": 1',
        "20261125-120000-123-other-release": json.dumps(RUN | {"format": 2}),
    }.items():
        (root / name).mkdir(parents=True)
        if content is not None:
            (root / name / "run.json").write_text(content, encoding="utf-8")
    (root / RUN_ID / "report.html").write_text("<!doctype html><title>年报</title>", encoding="utf-8")
    first = await read(real, admin, "/admin/evaluations", limit=1)
    assert [(item["id"], item["has_report"]) for item in first["items"]] == [(RUN_ID, True)]
    assert first["items"][0]["overall"]["mrr@10"] == FIGURE
    second = await read(real, admin, "/admin/evaluations", cursor=first["next_cursor"])
    assert [item["id"] for item in second["items"]] == ["20261121-120000-123-older"]
    assert second["next_cursor"] is None
    whole = await read(real, admin, f"/admin/evaluations/{RUN_ID}")
    assert whole["languages"] == {"de": {"mrr@10": FIGURE}}
    assert whole["changes"][0]["verdict"] == "better"
    report = await real.http.get(f"/admin/evaluations/{RUN_ID}/report", headers=admin)
    assert "年报" in report.text
    assert report.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "run_id", ["none", "20261123-120000-123-unfinished", "..", "%2e%2e%2f%2e%2e", "20261122-120000-123-x"]
)
@pytest.mark.parametrize("of", ["", "/report"])
async def test_a_run_that_is_none(real: Real, admin: dict[str, str], run_id: str, of: str) -> None:
    reply = await real.http.get(f"/admin/evaluations/{run_id}{of}", headers=admin)
    assert reply.status_code == 404


def test_a_password_in_an_address_is_masked(tmp_path: Path) -> None:

    url = "postgresql+asyncpg://docubot:tanger@db.internal:5432/docubot"
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=url)  # type: ignore[call-arg]
    told = {item.name: item.value for item in AdministrationService(None, settings).settings()}  # type: ignore[arg-type]
    assert told["DATABASE_URL"] == f"postgresql+asyncpg://docubot:{MASK}@db.internal:5432/docubot"
