"""Many answers streamed at once by two servers behind nginx: how soon each begins, whether all end, what one holds.

`scripts/bench streams [STREAMS] [--arrive S] [--seconds S] [--deltas N]`. STREAMS (500) questions come within
`--arrive` (10) seconds; the model, a fake, takes `--seconds` (20) for an answer, in `--deltas` (20) pieces. PostgreSQL,
Redis, Chroma, nginx and the embedding model are real, and on this machine like the client. Ends with 1 when a stream
broke, or the first byte of the body took longer than a second at the 99th percentile.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.fakes.openai_server import Reply, running
from tests.postgres import PostgresServer
from tests.server.cluster import Cluster, own_cluster

_LONGEST_FIRST_BYTE = 1.0
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_WORDS = ("revenue", "tide", "gauge", "refund", "charter", "turbine", "dividend", "sensor", "complaint", "employees")
_ENDS = 4  # events of the fake beside the deltas: role, reason, usage, [DONE]


class Stream:
    """One question and what came back. Times are seconds since it was asked; None: never."""

    def __init__(self, number: int) -> None:
        self.question = f"What is said of the {_WORDS[number % len(_WORDS)]} in the matter of {number}?"
        self.head: float | None = None
        self.first_byte: float | None = None
        self.started: float | None = None
        self.first_token: float | None = None
        self.ended: float | None = None
        self.body = b""
        self.problem = ""

    async def run(self, port: int) -> None:
        began = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_request(self.question))
            await self._read(reader, began)
            writer.close()
        except OSError as error:
            self.problem = f"{type(error).__name__}: {error}"

    async def _read(self, reader: asyncio.StreamReader, began: float) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.head = time.perf_counter() - began
        if not head.startswith(b"HTTP/1.1 200"):
            self.problem = head.partition(b"\r\n")[0].decode()
            return
        while piece := await reader.read(1 << 16):
            since = time.perf_counter() - began
            self.first_byte = self.first_byte or since
            self.body += piece
            if self.started is None and b"event: started" in self.body:
                self.started = since
            if self.first_token is None and b"event: delta" in piece:
                self.first_token = since
            if self.body.endswith(_LAST_CHUNK):
                self.ended = since
                return

    def broken(self, expected: str) -> str:
        """What is wrong with it; empty when it ended whole, with the answer that the model gave."""
        if self.problem or self.ended is None:
            return self.problem or "the connection ended before the answer"
        events = [block.split("\n") for block in _unchunked(self.body).decode().split("\n\n")]
        told = [(event[0][7:], json.loads(event[1][6:])) for event in events if event[0].startswith("event: ")]
        name, last = told[-1] if told else ("nothing", {})
        if name != "done":
            return f"ended with {name}: {json.dumps(last)[:200]}"
        said = "".join(data["text"] for event, data in told if event == "delta")
        if said != last["answer"] or expected not in said:
            return f"not the whole answer: {said[:200]}"
        return ""


def _request(question: str) -> bytes:
    body = json.dumps({"question": question, "stream": True, "mode": "generate"}).encode()
    lines = (
        b"POST /ask HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(body),
    )
    return b"\r\n".join((*lines, b"", body))


def _unchunked(body: bytes) -> bytes:
    """Of HTTP/1.1's chunks."""
    parts, position = [], 0
    while size := int(body[position : (start := body.index(b"\r\n", position))], 16):
        parts.append(body[start + 2 : start + 2 + size])
        position = start + 2 + size + 2
    return b"".join(parts)


class Meter:
    """Memory of the servers, and the time of processor that each part uses."""

    def __init__(self, cluster: Cluster, postgres: PostgresServer) -> None:
        others = {"postgres": postgres.pid}
        others |= {
            name: part.process.pid
            for name, part in (("nginx", cluster.nginx), ("redis", cluster.redis), ("chroma", cluster.chroma))
            if part.process
        }
        self._others = {name: psutil.Process(pid) for name, pid in others.items()}
        self._servers = [psutil.Process(server.process.pid) for server in cluster.servers if server.process]

    def memory(self) -> int:
        """Bytes."""
        return sum(process.memory_info().rss for process in self._servers)

    def used(self) -> dict[str, float]:
        """Seconds of processor so far."""
        parts = {"servers": self._servers, "client and model": [psutil.Process()]}
        parts["embedding"] = [child for server in self._servers for child in server.children()]
        parts |= {name: [process, *process.children()] for name, process in self._others.items()}
        return {name: sum(_seconds(process) for process in found) for name, found in parts.items()}


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


@dataclass
class Crowd:
    """All streams of one run. `memory`: bytes of the servers when the most were open."""

    port: int
    meter: Meter
    open: int = 0
    most_open: int = 0
    memory: int = 0

    async def run(self, streams: Sequence[Stream], arrive: float) -> None:
        watching = asyncio.create_task(self._watch())
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number, stream in enumerate(streams):
                await asyncio.sleep(max(0.0, began + arrive * number / len(streams) - time.perf_counter()))
                group.create_task(self._one(stream))
        watching.cancel()

    async def _one(self, stream: Stream) -> None:
        self.open += 1
        try:
            await stream.run(self.port)
        finally:
            self.open -= 1

    async def _watch(self) -> None:
        while True:
            if self.open >= self.most_open:
                self.most_open, self.memory = self.open, max(self.memory, self.meter.memory())
            await asyncio.sleep(0.25)


def _line(name: str, values: Sequence[float | None], count: int) -> str:
    there = sorted(value for value in values if value is not None)
    if len(there) < 2:
        return f"{name:32} {len(there)} of {count}"
    last = statistics.quantiles(there, n=100, method="inclusive")[98]
    return f"{name:32}{statistics.median(there):8.2f}{last:8.2f}{there[-1]:8.2f}"


def _text(deltas: int) -> tuple[str, int]:
    """What the model says, and the characters of a delta that make it as many."""
    lines = [
        f"Point {n}: the report, the manual and the charter tell of it in their own words [1]." for n in range(1, 13)
    ]
    text = " ".join(lines)
    return text, -(-len(text) // deltas)


def told(streams: Sequence[Stream], crowd: Crowd, before: int, used: Mapping[str, float], took: float) -> bool:
    """Prints what was measured; whether the bars hold."""
    wrong = [
        problem
        for stream in streams
        if (problem := stream.broken("Point 12: the report, the manual and the charter tell of it in their own words"))
    ]
    print(f"{'seconds':32}{'median':>8}{'p99':>8}{'longest':>8}")
    for name in ("head", "first_byte", "started", "first_token", "ended"):
        print(_line(name.replace("_", " "), [getattr(stream, name) for stream in streams], len(streams)))
    print(f"most open at once: {crowd.most_open}; broken: {len(wrong)}", *sorted(set(wrong))[:5], sep="\n  ")
    held = (crowd.memory - before) / max(1, crowd.most_open)
    print(f"memory a stream: {held / 1024:.0f} KB (before: {before >> 20} MB)")
    print("cores busy: " + ", ".join(f"{name} {seconds / took:.2f}" for name, seconds in used.items()), flush=True)
    first = [stream.first_byte for stream in streams if stream.first_byte is not None]
    return not wrong and statistics.quantiles(first, n=100, method="inclusive")[98] <= _LONGEST_FIRST_BYTE


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("streams", type=int, nargs="?", default=500)
    options.add_argument("--arrive", type=float, default=10.0)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--deltas", type=int, default=20)
    chosen = options.parse_args()
    text, piece = _text(chosen.deltas)
    with tempfile.TemporaryDirectory(prefix="docubot-streams-") as folder, running() as model:
        settings = {
            "OPENAI_BASE_URL": model.base_url,
            "LLM_MAX_CONCURRENCY": "1000",
            "ANSWER_CACHE": "0",
            "LOG_LEVEL": "warning",
        }
        with own_cluster(Path(folder), **settings) as (cluster, postgres):
            cluster.upload_samples()
            for worker in cluster.workers:
                worker.kill()
            model.default = Reply(text=text, piece=piece)
            meter = Meter(cluster, postgres)
            asyncio.run(Crowd(cluster.port, meter).run([Stream(-n) for n in range(40)], 4.0))  # everything loaded
            model.default = Reply(text=text, piece=piece, delay=chosen.seconds / (chosen.deltas + _ENDS))
            print(
                f"{chosen.streams} streams within {chosen.arrive:g} s, {chosen.deltas} deltas in {chosen.seconds:g} s",
                flush=True,
            )
            streams, crowd = [Stream(number) for number in range(chosen.streams)], Crowd(cluster.port, meter)
            before, used, began = meter.memory(), meter.used(), time.perf_counter()
            asyncio.run(crowd.run(streams, chosen.arrive))
            took = time.perf_counter() - began
            spent = {name: seconds - used[name] for name, seconds in meter.used().items()}
            good = told(streams, crowd, before, spent, took)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
