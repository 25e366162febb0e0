"""A server on loopback that takes webhooks, answers as it is told, and remembers what came."""

import queue
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook as Verifier


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    """By names in small letters."""
    body: bytes

    def verified(self, secret: str) -> dict[str, object]:
        """What it tells, once the official verifier has let it through."""
        told: dict[str, object] = Verifier(secret).verify(self.body, self.headers)
        return told


@dataclass
class Receiver:
    url: str = ""
    answers: list[int] = field(default_factory=list)
    """Statuses of the next replies; 204 when there are none left, 0 for none at all until `release`."""
    more: dict[str, str] = field(default_factory=dict)
    """Headers of every reply."""
    got: "queue.Queue[Received]" = field(default_factory=queue.Queue)
    release: threading.Event = field(default_factory=threading.Event)

    def next(self, timeout: float = 30.0) -> Received:
        """The next request that came, waited for."""
        return self.got.get(timeout=timeout)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.put(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = receiver.answers.pop(0) if receiver.answers else 204
            if not status:
                receiver.release.wait(60)
                return
            self.send_response(status)
            for name, value in receiver.more.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that break off are what tests do
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    receiver.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        receiver.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
