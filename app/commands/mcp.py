"""`docubot mcp`: the Model Context Protocol over stdin and stdout, for a DocuBot that runs elsewhere."""

import asyncio
from importlib.util import find_spec
from typing import Annotated

import typer

from app.commands.connection import default_address
from app.commands.endings import CommandError

_Server = Annotated[str | None, typer.Option(envvar="DOCUBOT_URL", help="Address of a running DocuBot.")]
_Key = Annotated[str | None, typer.Option(envvar="DOCUBOT_API_KEY", help="An API key; safer in the variable.")]


def mcp(server: _Server = None, key: _Key = None) -> None:
    """Let an agent that starts its tools as processes use a running DocuBot: passes messages on, both ways."""
    if find_spec("mcp") is None:
        raise CommandError('The protocol\'s SDK is not installed here. Run: pip install "docubot[mcp]"')
    asyncio.run(_bridge(f"{(server or default_address()).rstrip('/')}/mcp", key))


async def _bridge(url: str, key: str | None) -> None:
    import anyio
    import httpx2
    from mcp.client.streamable_http import streamable_http_client
    from mcp.server.stdio import stdio_server

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=httpx2.Timeout(600.0, connect=10.0)) as http,
        stdio_server() as (from_agent, to_agent),
        streamable_http_client(url, http_client=http) as (from_server, to_server, *_),
        anyio.create_task_group() as group,
    ):

        async def answers() -> None:
            async for message in from_server:
                if not isinstance(message, Exception):
                    await to_agent.send(message)

        group.start_soon(answers)
        async for message in from_agent:
            if not isinstance(message, Exception):
                await to_server.send(message)
        group.cancel_scope.cancel()
