"""Spans in OpenTelemetry's own in-memory exporter: what they are called, part of what, and what they never hold."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from app.core.errors import NotFound, StartupError
from app.core.tracing import begin, request_span, span, tracing, tracing_as_asked, wanted


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with tracing(provider):
        yield exporter


def test_steps_are_parts_of_the_request_and_carry_its_id(spans: InMemorySpanExporter) -> None:
    caller = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    with structlog.contextvars.bound_contextvars(request_id="r-1"), request_span(caller) as note:
        with span("retrieve", {"docubot.texts": 1}):
            model = begin("model")
        model.end()
        note.rename("POST /ask")
    found = {item.name: item for item in spans.get_finished_spans()}
    assert set(found) == {"retrieve", "model", "POST /ask"}
    assert found["POST /ask"].context.trace_id == 0x0AF7651916CD43DD8448EB211C80319C
    assert found["retrieve"].parent.span_id == found["POST /ask"].context.span_id
    assert found["model"].parent.span_id == found["retrieve"].context.span_id
    assert {item.attributes["docubot.request_id"] for item in found.values()} == {"r-1"}


def test_an_error_marks_its_span_by_code_and_leaves_its_text_out(spans: InMemorySpanExporter) -> None:
    with pytest.raises(NotFound), span("rerank"):
        raise NotFound("a secret text")
    [found] = spans.get_finished_spans()
    assert found.status.status_code is StatusCode.ERROR
    assert found.attributes["error.type"] == NotFound.code
    assert "secret" not in found.to_json()


def test_nobody_collects_and_nothing_of_opentelemetry_is_loaded() -> None:
    code = (
        "import sys\nfrom app.core.tracing import begin, request_span, span\n"
        "with request_span({}) as note, span('a'):\n    note.rename('b'); begin('c').end()\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("environment", "asked"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, False),
    ],
)
def test_the_standard_variables_ask_for_traces(environment: dict[str, str], asked: bool) -> None:
    assert wanted(environment) is asked


def test_an_exporter_that_nobody_knows_stops_the_start() -> None:
    with (
        pytest.raises(StartupError, match="=zipkin is not known"),
        tracing_as_asked({"OTEL_TRACES_EXPORTER": "zipkin"}),
    ):
        pass
