"""A call of the language model in a trace."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.core.errors import LLMUnavailable
from app.core.tracing import tracing
from app.models.domain import Message
from app.services.llm import LLMService
from tests.fakes.llm import ScriptedLLM

pytestmark = pytest.mark.anyio
ASKED = [Message("user", "What is it?")]


async def test_each_call_is_a_span_with_its_figures_and_without_its_text() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    service = LLMService(ScriptedLLM(["a secret"], [None]))
    with tracing(provider):
        await service.complete(ASKED, purpose="answer")
        with pytest.raises(LLMUnavailable):
            await service.complete(ASKED, purpose="answer")
    good, bad = exporter.get_finished_spans()
    assert good.name == bad.name == "model"
    assert (good.attributes["docubot.outcome"], bad.attributes["docubot.outcome"]) == ("ok", "failed")
    assert good.attributes["gen_ai.usage.output_tokens"] == 10
    assert good.attributes["docubot.purpose"] == "answer"
    assert bad.attributes["error.type"] == "llm_unavailable"
    assert "secret" not in good.to_json()
