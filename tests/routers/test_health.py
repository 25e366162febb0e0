import httpx
import pytest

from app.main import create_app
from app.services.health import DependencyHealth
from tests.routers.conftest import calling
from tests.routers.fakes import FakeServices

pytestmark = pytest.mark.anyio


async def test_liveness_names_the_version(client: httpx.AsyncClient) -> None:
    response = await client.get("/health")
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "ok"
    assert body["version"][0].isdigit()


async def test_ready_when_everything_answers(client: httpx.AsyncClient) -> None:
    response = await client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "dependencies": [{"name": "database", "ok": True, "required": True, "latency_ms": 0.5, "reason": None}],
    }


@pytest.mark.parametrize(("required", "code", "status"), [(True, 503, "not_ready"), (False, 200, "degraded")])
async def test_a_part_that_is_down(
    client: httpx.AsyncClient, services: FakeServices, required: bool, code: int, status: str
) -> None:
    services.health.found.append(DependencyHealth("vectors", False, 12.0, "refused", required))
    response = await client.get("/health/ready")
    assert response.status_code == code
    assert response.json()["status"] == status
    assert response.json()["dependencies"][1]["reason"] == "refused"


async def test_metrics_count_by_route_template_and_status(services: FakeServices) -> None:
    async with calling(create_app(services.settings, services.factory())) as client:
        await client.get("/documents/one-that-is-missing")
        await client.get("/nowhere/at/all")
        response = await client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    text = response.text
    assert 'docubot_http_requests_total{method="GET",route="/documents/{document_id}",status="404"} 1.0' in text
    assert 'docubot_http_requests_total{method="GET",route="unmatched",status="404"} 1.0' in text
    assert "one-that-is-missing" not in text
    assert "docubot_http_requests_in_flight 1.0" in text
