"""Child processes as their parent sees them: started, spoken to, ended, and asked what they died of."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from asyncio import Future
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from anyio import CancelScope, to_thread

from app.adapters.parsers import frames
from app.adapters.parsers.confinement import ParseLimits
from app.adapters.parsers.frames import KILL, NOTICE, ORDER
from app.core.errors import DocumentError, DocumentTooLarge, ParserCrashed, ParserTimeout

_ROOT = Path(__file__).resolve().parents[3]
_FORKSERVER = "app.adapters.parsers.forkserver"
_START_SECONDS, _STOP_SECONDS = 60.0, 5.0
_BUFFER = 1 << 18
_MEMORY_SHARE = 0.75  # a child that died this near to its limit died of it

Exit = tuple[int, int]
"""Exit code (negative: the signal) and peak memory in bytes."""
_LOST: Exit = (-signal.SIGKILL, 0)


class Child:
    """One confined process on the other end of a socket. `kill` must be called, and may be called twice."""

    def __init__(self, connection: socket.socket, limits: ParseLimits, end: Callable[[], None], died: Future[Exit]):
        self._socket = connection
        self._limits = limits
        self._end = end
        self._died = died
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._lengths: tuple[int, int] | None = None

    async def send(self, message: Mapping[str, Any]) -> None:
        """Raises what the child died of."""
        try:
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_unix_connection(sock=self._socket, limit=_BUFFER)
            self._writer.write(frames.pack(message))
            await self._writer.drain()
        except OSError as error:
            raise await self._verdict() from error

    async def receive(self, timeout: float) -> tuple[dict[str, Any], bytes]:
        """The next message. Raises ParserTimeout, or what the child died of. A cancelled call loses nothing."""
        assert self._reader is not None  # noqa: S101 - `send` comes first
        try:
            async with asyncio.timeout(timeout):
                if self._lengths is None:
                    self._lengths = frames.lengths(await self._reader.readexactly(frames.HEADER.size))
                body, blob = self._lengths
                content = await self._reader.readexactly(body + blob)
        except TimeoutError:
            raise ParserTimeout from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._verdict() from error
        self._lengths = None
        return frames.unpack(content[:body]), content[body:]

    async def kill(self) -> None:
        """End the process and free what belongs to it; a cancelled caller does not stop this."""
        if not self._died.done():
            self._end()
        self._socket.close() if self._writer is None else self._writer.close()
        with CancelScope(shield=True):
            await asyncio.wait([self._died])
            if self._writer is not None:
                with suppress(ConnectionError):
                    await self._writer.wait_closed()

    async def _verdict(self) -> DocumentError:
        await self.kill()  # a child that has hung up is dying already: its exit code stands
        code, peak = self._died.result()
        if code == -signal.SIGXCPU:
            return ParserTimeout()
        if peak > _MEMORY_SHARE * (self._limits.memory_mb << 20):
            return DocumentTooLarge()
        return ParserCrashed()


class Nursery:
    """Asks the fork server for children and learns of their deaths; starts it when it is needed or was killed."""

    def __init__(self, limits: ParseLimits) -> None:
        self._limits = limits
        self._starting = asyncio.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._listener: asyncio.Task[None] | None = None
        self._deaths: dict[int, Future[Exit]] = {}
        self._count = 0

    async def start(self) -> None:
        """Have the fork server running. Raises ParserCrashed."""
        async with self._starting:
            if self._listener is None or self._listener.done():
                await self._start()

    async def child(self, role: Literal[b"P", b"G", b"Z", b"O"]) -> Child:
        """A new child. Raises ParserCrashed when there can be none."""
        await self.start()
        self._count += 1
        number = self._count
        died = self._deaths[number] = asyncio.get_running_loop().create_future()
        ours, theirs = socket.socketpair()
        with theirs:
            self._order(role, number, theirs)
        return Child(ours, self._limits, lambda: self._order(KILL, number), died)

    async def close(self) -> None:
        """End the fork server, and with it every child."""
        async with self._starting:
            await self._stop()

    async def _stop(self) -> None:
        if self._orders is not None:
            self._orders.close()
        if self._listener is not None:
            await asyncio.wait([self._listener], timeout=_STOP_SECONDS)
        if self._server is not None:
            self._server.kill()  # it has gone by itself, or never will
            await to_thread.run_sync(self._server.wait)
        self._orders = self._listener = self._server = None

    async def _start(self) -> None:
        await self._stop()  # what is left of one that was killed
        self._orders, theirs = socket.socketpair()
        notices, reports = socket.socketpair()
        limits = json.dumps(asdict(self._limits))
        with theirs, reports:
            # An empty environment: processes that read strangers' bytes have no business with our keys.
            self._server = subprocess.Popen(  # noqa: S603, ASYNC220 - some 2 ms, whatever our size (vfork)
                [sys.executable, "-m", _FORKSERVER, str(theirs.fileno()), str(reports.fileno()), limits],
                cwd=_ROOT,
                env={"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1", "OMP_THREAD_LIMIT": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno(), reports.fileno()],
            )
        reader, writer = await asyncio.open_unix_connection(sock=notices)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await reader.readexactly(NOTICE.size)  # of child 0: the server is ready, and a child's time can count
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            writer.close()
            raise ParserCrashed("The process that parsers are forked from does not start.") from error
        self._listener = asyncio.create_task(self._listen(reader, writer))

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                number, code, peak = NOTICE.unpack(await reader.readexactly(NOTICE.size))
                self._deaths.pop(number).set_result((code, peak))
        for death in self._deaths.values():
            death.set_result(_LOST)
        self._deaths.clear()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def _order(self, what: bytes, number: int, connection: socket.socket | None = None) -> None:
        descriptors = [connection.fileno()] if connection is not None else []
        if self._orders is not None:
            with suppress(OSError):  # a server that is gone has taken its children along, and `_listen` tells it
                socket.send_fds(self._orders, [ORDER.pack(what, number)], descriptors)
