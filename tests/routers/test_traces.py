"""What a question and an upload leave in a trace, over the real services."""

from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.core.tracing import tracing
from tests.routers.real import open_real

pytestmark = pytest.mark.anyio
TEXT = "The tangerine lighthouse was painted in 1907."


async def test_a_question_and_an_upload_can_be_followed_by_their_request_ids(tmp_path: Path) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with tracing(provider):
        async with open_real(tmp_path) as real:
            headers = {"X-Request-ID": "the-upload"}
            reply = await real.http.post("/upload", files={"file": ("a.txt", TEXT.encode())}, headers=headers)
            async for _ in real.services.jobs.events(reply.json()["documents"][0]["job_id"]):
                pass
            headers = {"X-Request-ID": "the-question"}
            await real.http.post("/ask", json={"question": "When was the lighthouse painted?"}, headers=headers)
    found = exporter.get_finished_spans()

    def named(request_id: str) -> set[str]:
        return {item.name for item in found if item.attributes.get("docubot.request_id") == request_id}

    assert {"POST /upload", "job ingest", "parse", "chunk", "keyword", "embed", "vector"} <= named("the-upload")
    assert {"POST /ask", "search", "retrieve", "embed", "rerank"} <= named("the-question")
    asked = [item for item in found if item.attributes.get("docubot.request_id") == "the-question"]
    assert len({item.context.trace_id for item in asked}) == 1
    told = "".join(item.to_json() for item in found)
    assert "lighthouse" not in told
