"""What DocuBot measures of itself, in Prometheus' terms. One registry per application, so that tests share nothing."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from app.core.loopwatch import LoopWatch

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Labels hold route templates, never raw paths: a scanner must not be able to make series without end."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "docubot_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "docubot_http_request_seconds",
            "Seconds from the first byte of a request to the last of its response.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.loop = LoopWatch()
        stalled = Gauge(
            "docubot_event_loop_stall_seconds", "Longest stall since it was last asked for.", registry=self.registry
        )
        stalled.set_function(self.loop.take_longest)
        self.in_flight = Gauge("docubot_http_requests_in_flight", "Requests being answered.", registry=self.registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one finished request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)
