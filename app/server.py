"""Runs the application on a socket until the process is told to end.

The services are opened here and not by the application's lifespan, so that what stops the start is told in one line
and not as a traceback.
"""

import asyncio
import json
import signal
import socket
import sys
from contextlib import nullcontext

import uvicorn
from fastapi import FastAPI

from app.bootstrap import open_services
from app.core.closing import Closing
from app.core.collector import spare_the_collector
from app.core.config import Settings, libraries_environment
from app.core.errors import BadRequest
from app.core.listening import bind, reachable, refusal, url_of
from app.core.telemetry import Metrics
from app.core.tracing import tracing_as_asked
from app.main import create_app
from app.routers.errors import MEDIA_TYPE, problem
from app.routers.slow import PunctualProtocol, punctual
from app.services.container import Services

_SWITCH_INTERVAL = 0.001
"""Seconds after which a thread that computes hands over the GIL, in place of 0.005: while a document is ingested, the
event loop waits that long each time that it wakes."""
_KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than proxies keep theirs (60), so that none of them sends a
request into a connection that is just being closed."""
_GRACE = 5.0
"""Seconds that requests under way get at shutdown. Whoever stops containers kills after ten."""
_LAST_WORDS = 0.1
"""Seconds between the goodbye on open streams and the end of their connections."""


async def run(settings: Settings) -> None:
    """Serve by `settings` until SIGTERM or SIGINT, with traces if the environment asks for any. Raises StartupError."""
    with tracing_as_asked(libraries_environment()):
        await _serve(settings)


async def _serve(settings: Settings) -> None:
    listener = bind(settings.host, settings.port)
    with listener:
        port: int = listener.getsockname()[1]
        address = url_of(reachable(settings.host), port)
        metrics = Metrics()
        async with open_services(settings, address=address, registry=metrics.registry) as services:
            await services.access.check_start(settings.host)
            application = create_app(settings, lambda _: nullcontext(services), metrics=metrics)
            config = uvicorn.Config(
                application,
                http=punctual(settings.header_timeout, settings.body_timeout, _Protocol),
                log_config=None,
                access_log=False,
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=round(_GRACE) + 1,
                server_header=False,
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=list(settings.trusted_proxies),
            )
            # Uvicorn raises these again when it has stopped; by then they have done their work.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            spare_the_collector()
            sys.setswitchinterval(_SWITCH_INTERVAL)
            await _Server(config, settings, port, services, application).serve([listener])


class _Protocol(PunctualProtocol):
    """What is no HTTP never reaches the application, and still gets a problem for an answer."""

    def send_400_response(self, msg: str) -> None:
        error = BadRequest("That is no HTTP request, or its first line and headers are longer than 64 KB.")
        body = json.dumps(problem(error)).encode()
        lines = (
            b"HTTP/1.1 400 Bad Request",
            b"content-type: " + MEDIA_TYPE.encode(),
            b"content-length: %d" % len(body),
            b"connection: close",
        )
        self.transport.write(b"\r\n".join((*lines, b"", body)))
        self.transport.close()


class _Server(uvicorn.Server):
    """Says where it serves once it does, and begins its end with those who can wait."""

    def __init__(
        self, config: uvicorn.Config, settings: Settings, port: int, services: Services, application: FastAPI
    ) -> None:
        super().__init__(config)
        self._application = application
        self._settings = settings
        self._port = port
        self._services = services

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except OSError as error:  # somebody began to listen there since it was bound
            raise refusal(self._settings.host, self._port, error) from None
        for line in _greeting(self._settings, self._port):
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - for the person who started it, not for the log

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        closing: Closing = self._application.state.closing
        closing.begin(_GRACE)
        handing_back = asyncio.create_task(self._services.jobs.hand_back())
        await asyncio.sleep(_LAST_WORDS)
        await super().shutdown(sockets)
        await handing_back


def _greeting(settings: Settings, port: int) -> list[str]:
    address = url_of(settings.host, port)
    lines = [f"DocuBot serves {address}   API: {address}/docs   data: {settings.data_dir}"]
    if settings.auth == "off":
        lines.append("AUTH=off: everybody who can reach this address can read and change everything.")
    return lines
