"""HEAD wherever GET is, as RFC 9110 asks (9.3.2): the same headers, and no content."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """The application sees a GET; what it would send after the headers is left out, and a stream ended at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self.app(scope, receive, send)

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})  # whoever streams hears that the client left

        await self.app({**scope, "method": "GET"}, receive, send_headers)
