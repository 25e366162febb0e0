"""Keeps web pages of other sites away from a DocuBot that nothing else guards.

A browser lets any page send simple POSTs to localhost, open WebSockets to it, and, by DNS rebinding, reach it under the
page's own name. So on a loopback address the Host must be one of this machine's names, and whoever changes something
(or opens a WebSocket) with an Origin must be of the same origin or listed in CORS_ORIGINS.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import DocubotError, HostNotAllowed, OriginNotAllowed
from app.routers.errors import problem_response

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginGuard:
    """`loopback`: whether the Host is checked as well. `origins`: CORS_ORIGINS; `*` lets everyone in."""

    def __init__(self, app: ASGIApp, *, loopback: bool, origins: Sequence[str]) -> None:
        self.app = app
        self.open = "*" in origins
        self.origins = frozenset(origins)
        self.check_host = loopback
        # The public name of a proxy on this machine is known by its origin.
        self.hosts = frozenset(host for origin in origins if (host := urlsplit(origin).hostname))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if scope["type"] == "lifespan" or self.open else self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})
        else:
            await problem_response(refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> DocubotError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.check_host and not self._is_ours(host):
            return HostNotAllowed()
        origin = headers.get("origin")
        safe = scope["type"] == "http" and scope["method"] in _SAFE
        if origin is None or safe or origin in self.origins or _same_origin(origin, host):
            return None
        return OriginNotAllowed()

    def _is_ours(self, host: str) -> bool:
        name = _hostname(f"//{host}")
        if name is None:
            return False
        return name in self.hosts or name == "localhost" or name.endswith(".localhost") or _is_loopback(name)


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _same_origin(origin: str, host: str) -> bool:
    """Whether name and port agree. Not the scheme: TLS may end at a proxy."""
    try:
        theirs, ours = urlsplit(origin), urlsplit(f"//{host}")
        default = _DEFAULT_PORTS[theirs.scheme]
        return (theirs.hostname, theirs.port or default) == (ours.hostname, ours.port or default)
    except (ValueError, KeyError):
        return False
