"""A started Chroma process: its pipes, the calls that wait for it, and its last words."""

import asyncio
import itertools
import json
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, cast

from app.adapters.vectors.chroma_frames import Frame, receive
from app.core.errors import VectorIndexUnavailable

_BOOT = """
import json, os, sys
path, folder, drop = map(json.loads, sys.argv[1:])
sys.path[:] = path
os.makedirs(os.path.dirname(folder), exist_ok=True)
os.chdir(os.path.dirname(folder))  # Chroma would take settings from a .env file that is meant for DocuBot
from app.adapters.vectors.chroma_process import main
main(folder, drop)
"""


class ChromaLink:
    def __init__(self, process: Process) -> None:
        self.gone = False
        self._process = process
        self._requests = cast(StreamWriter, process.stdin)
        self._replies = cast(StreamReader, process.stdout)
        self._errors = cast(StreamReader, process.stderr)
        self._last_words: deque[str] = deque(maxlen=20)
        self._listening = asyncio.create_task(self._listen())
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._numbers = itertools.count()

    @classmethod
    async def start(cls, folder: Path, drop: Sequence[str]) -> Self:
        """`drop`: see `chroma_process.main`."""
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _BOOT, *_arguments(folder, drop), stdin=PIPE, stdout=PIPE, stderr=PIPE
            )
        except OSError as error:  # too many processes, files, or too little memory
            raise VectorIndexUnavailable from error
        return cls(process)

    async def event(self) -> dict[str, Any]:
        """What it says of its start. Raises EOFError when it is gone."""
        try:
            return (await receive(self._replies)).head
        except ConnectionError as error:
            raise EOFError from error

    async def ask(self, call: str, args: Sequence[Any], body: bytes) -> Frame:
        """Raises VectorIndexUnavailable when it dies before it answers."""
        number = next(self._numbers)
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._send(Frame({"id": number, "call": call, "args": args}, body))
            return await answer
        finally:
            self._waiting.pop(number, None)

    async def serve(self) -> tuple[int, list[str]]:
        """Hand replies to those who ask, until it ends: its exit code and last words."""
        with suppress(EOFError, ConnectionError):
            while True:
                reply = await receive(self._replies)
                answer = self._waiting.get(reply.head["id"])
                if answer is not None and not answer.done():
                    answer.set_result(reply)
        self.gone = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(VectorIndexUnavailable())
        return await self.ended()

    async def ask_to_close(self) -> None:
        with suppress(VectorIndexUnavailable):
            await self._send(Frame({"call": "close"}))

    def kill(self) -> None:
        self.gone = True
        # Not Process.kill: it also collects the exit code, behind the back of asyncio's watcher.
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def ended(self) -> tuple[int, list[str]]:
        await asyncio.gather(self._process.wait(), self._listening)
        return self._process.returncode or 0, list(self._last_words)

    async def _send(self, frame: Frame) -> None:
        try:
            self._requests.write(frame.encode())
            await self._requests.drain()
        except ConnectionError:
            raise VectorIndexUnavailable from None

    async def _listen(self) -> None:
        async for line in self._errors:
            self._last_words.append(line.decode(errors="replace").rstrip())


def _arguments(folder: Path, drop: Sequence[str]) -> list[str]:
    path = [os.path.abspath(entry) for entry in sys.path]
    return [json.dumps(value) for value in (path, os.path.abspath(folder), drop)]
