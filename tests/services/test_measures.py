"""What the services measure, as Prometheus reads it; and the dashboard that shows it."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.adapters.embeddings.hashing import HashingEmbedder
from app.adapters.embeddings.remembering import RememberingEmbedder
from app.core.telemetry import Metrics
from app.models.domain import SearchResult, Usage
from app.services.llm import LLMCall
from app.services.measures import Measures, Prices
from tests.services.kit import REPORT, open_kit

pytestmark = pytest.mark.anyio
DASHBOARD = Path(__file__).parents[2] / "docs" / "grafana.json"


def made(prices: Prices | None = None) -> tuple[Metrics, Measures]:
    metrics = Metrics()
    return metrics, Measures(metrics.registry, prices or Prices())


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"docubot_{name}", labels)


async def test_tokens_and_their_price_by_model() -> None:
    metrics, measures = made(Prices(input=2.0, output=8.0))
    measures.called(LLMCall("m", "answer", "ok", 2.0, 0.5, Usage(1000, 500, "m")))
    measures.called(LLMCall("m", "answer", "failed", 0.1, None, None))
    assert value(metrics, "llm_tokens_total", model="m", kind="prompt") == 1000
    assert value(metrics, "llm_tokens_total", model="m", kind="completion") == 500
    assert value(metrics, "llm_price_total", model="m") == pytest.approx(0.006)
    assert value(metrics, "llm_calls_total", model="m", purpose="answer", outcome="failed") == 1
    assert value(metrics, "llm_first_token_seconds_count", model="m") == 1


async def test_searches_by_outcome_and_stage() -> None:
    metrics, measures = made()
    measures.searched(SearchResult((), "low_score", degraded=True, timings={"total": 250.0}))
    assert value(metrics, "searches_total", outcome="low_score") == 1
    assert value(metrics, "searches_degraded_total") == 1
    assert value(metrics, "search_seconds_sum", stage="total") == 0.25


async def test_jobs_queue_and_store(tmp_path: Path) -> None:
    metrics, measures = made()
    async with open_kit(tmp_path, observe=measures.job_ended, start=False) as kit:
        await kit.upload(REPORT)
        await measures.look(kit.database)
        assert value(metrics, "jobs", kind="ingest", status="queued", stage="") == 1
        assert value(metrics, "documents", status="queued") == 1
        assert (value(metrics, "queue_age_seconds") or 0) > 0
        kit.worker.start()
        failed = await kit.upload(b"%PDF-1.7 and then nothing", "broken.pdf")
        await kit.ended(failed.job_id)
        await kit.ingested(b"A lighthouse.", "a.txt")
        await measures.look(kit.database)
    assert value(metrics, "jobs", kind="ingest", status="queued", stage="") is None
    assert value(metrics, "queue_age_seconds") == 0
    assert (value(metrics, "chunks") or 0) > 1
    assert (
        value(metrics, "jobs_ended_total", kind="ingest", stage="parse", outcome="failed", code="unreadable_document")
        == 1
    )
    assert value(metrics, "jobs_ended_total", kind="ingest", stage="publish", outcome="succeeded", code="") == 2


async def test_hits_and_misses_of_a_cache() -> None:
    metrics, measures = made()
    embedder = RememberingEmbedder(HashingEmbedder(), observe=measures.looked_up("question"))
    await embedder.embed(["a", "b"], "query")
    await embedder.embed(["b", "c"], "query")
    assert value(metrics, "cache_lookups_total", cache="question", outcome="hit") == 1
    assert value(metrics, "cache_lookups_total", cache="question", outcome="miss") == 3


def test_the_dashboard_names_only_what_is_measured() -> None:
    metrics, _ = made()
    known = {
        family.name if family.type != "counter" else f"{family.name}_total"
        for family in text_string_to_metric_families(metrics.exposition().decode())
    }
    known |= {f"{name}_bucket" for name in known}
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    named = {name for query in queries for name in re.findall(r"\b(?:docubot|process)_\w+", query)}
    assert len(named) > 15
    assert named <= known
