"""Tells each caller what is left of its rate: `RateLimit` and `RateLimit-Policy` (an IETF draft)."""

from math import ceil

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.services.rates import Window


class RateHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        state = scope.setdefault("state", {})

        async def send_telling(message: Message) -> None:
            window: Window | None = state.get("window")
            if window is not None and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = f'"default";q={window.amount};w={window.seconds}'
                headers["RateLimit"] = f'"default";r={window.remaining};t={ceil(window.reset)}'
            await send(message)

        await self.app(scope, receive, send_telling)
