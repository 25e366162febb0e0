"""A reader of server-sent events over httpx, as the specification has it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass
class Event:
    name: str
    data: Any
    id: str


class Stream:
    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()
        self.comments = 0

    async def next(self) -> Event | None:
        """The next event, or None at the end."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields:
                    return Event(fields["event"], json.loads(fields["data"]), fields["id"])
        return None

    async def comment(self) -> None:
        """Wait for a keep-alive comment."""
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line.startswith(":"):
                    return

    async def rest(self) -> list[Event]:
        events = []
        while (event := await self.next()) is not None:
            events.append(event)
        return events


@asynccontextmanager
async def streaming(address: tuple[str, int], method: str, path: str, **request: Any) -> AsyncIterator[Stream]:
    async with (
        httpx.AsyncClient(base_url=f"http://{address[0]}:{address[1]}") as client,
        client.stream(method, path, **request) as response,
    ):
        yield Stream(response)
