"""Traces in OpenTelemetry's terms: spans with the ids of the request and of the job, when somebody collects them.

Nothing of OpenTelemetry is imported unless the environment asks for traces, by the variables that its specification
names: an OTEL_EXPORTER_OTLP_ENDPOINT (or _TRACES_ENDPOINT), or OTEL_TRACES_EXPORTER. Its SDK reads all of them by
itself. A span holds names, counts and ids, never a text, a key or a raw path.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog

from app.core.errors import StartupError
from app.core.version import current_version

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Value = str | int | float | bool
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_NOTHING: Mapping[str, Value] = {}
_BOUND = ("request_id", "job_id")
_tracer: "Tracer | None" = None


@contextmanager
def tracing(provider: "TracerProvider") -> Iterator[None]:
    """Within it, spans go to `provider`; at the end what it still holds is sent."""
    global _tracer  # noqa: PLW0603 - as with logs: everything below would otherwise have to be handed it
    before = _tracer
    _tracer = provider.get_tracer("docubot", current_version())
    try:
        yield
    finally:
        _tracer = before
        provider.shutdown()


@contextmanager
def span(name: str, values: Mapping[str, Value] = _NOTHING) -> Iterator["Note"]:
    """A step of the work, under the step that it is part of. An error that leaves it marks it."""
    if _tracer is None:
        yield Note(None)
        return
    # Its text may hold what must not be told, so the SDK does not record the exception.
    with _tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as current:
        note = Note(current)
        note.add({**_bound(), **values})
        try:
            yield note
        except Exception as error:
            if not getattr(error, "expected", False):
                note.failed(error)
            raise


@contextmanager
def request_span(headers: Mapping[str, str]) -> Iterator["Note"]:
    """The span of a whole request, part of the caller's trace if `headers` name one (W3C's traceparent)."""
    if _tracer is None:
        yield Note(None)
        return
    from opentelemetry import propagate
    from opentelemetry.trace import SpanKind

    with _tracer.start_as_current_span(
        "request",
        propagate.extract(headers),
        SpanKind.SERVER,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        note = Note(current)
        note.add(_bound())
        yield note


def begin(name: str, values: Mapping[str, Value] = _NOTHING) -> "Note":
    """A span for a generator, which may end elsewhere than it began: nothing becomes a part of it. Call `end`."""
    note = Note(None if _tracer is None else _tracer.start_span(name))
    note.add({**_bound(), **values})
    return note


class Note:
    """A span as those who work see it; does nothing when nobody collects."""

    def __init__(self, span: "Span | None") -> None:
        self._span = span

    def add(self, values: Mapping[str, Value | None]) -> None:
        if self._span is not None:
            self._span.set_attributes({name: value for name, value in values.items() if value is not None})

    def rename(self, name: str) -> None:
        if self._span is not None:
            self._span.update_name(name)

    def failed(self, error: BaseException | str) -> None:
        """Mark it as failed: by an error's code or class, never by its text."""
        if self._span is not None:
            from opentelemetry.trace import StatusCode

            told = error if isinstance(error, str) else getattr(error, "code", type(error).__name__)
            self._span.set_status(StatusCode.ERROR, str(told))
            self._span.set_attribute("error.type", str(told))

    def end(self) -> None:
        if self._span is not None:
            self._span.end()


def _bound() -> dict[str, Any]:
    known = structlog.contextvars.get_contextvars()
    return {f"docubot.{name}": known[name] for name in _BOUND if name in known}


# ---------------------------------------------------------------- at start


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether the environment asks for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    exporter = environment.get("OTEL_TRACES_EXPORTER", "")
    return exporter not in ("", "none") or (not exporter and any(environment.get(name) for name in _ENDPOINTS))


@contextmanager
def tracing_as_asked(environment: Mapping[str, str]) -> Iterator[None]:
    """Traces if the environment asks for them. Raises StartupError when their packages are missing."""
    if not wanted(environment):
        yield
        return
    with tracing(_provider(environment)):
        yield


def _provider(environment: Mapping[str, str]) -> "TracerProvider":
    try:
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = _exporter(environment)
    except ImportError as error:
        raise StartupError(
            f"The environment asks for traces, and {error.name} is not installed: pip install 'docubot[otel]', or set "
            "OTEL_SDK_DISABLED=true."
        ) from None
    names = {SERVICE_VERSION: current_version()}
    if not environment.get("OTEL_SERVICE_NAME") and "service.name=" not in environment.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    ):
        names[SERVICE_NAME] = "docubot"
    provider = TracerProvider(resource=Resource.create(names))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _exporter(environment: Mapping[str, str]) -> Any:
    kind = environment.get("OTEL_TRACES_EXPORTER") or "otlp"
    if kind == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    if kind != "otlp":
        raise StartupError(f"OTEL_TRACES_EXPORTER={kind} is not known here: otlp, console or none.")
    protocol = environment.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or environment.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as ByGrpc

        return ByGrpc()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
