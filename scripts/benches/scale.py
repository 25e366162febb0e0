"""How a search, reranked and grouped, slows down as a collection grows: by stage, with the memory and disk it takes.

`scripts/bench scale [CHUNKS ...] [--served]`: 10,000 and 100,000, with nothing else running. The vectors are random, as
in `ask`: a search costs the same as over true ones. Questions are embedded by the real model. `--served`: each
collection is searched once more with a Chroma server over the same files.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.bootstrap import open_services
from app.models.requests import SearchRequest
from scripts.benches.ask import questions, vocabulary
from scripts.benches.corpus import bench_settings
from scripts.benches.many_chunks import fill_directly
from tests.chroma_server import ChromaServer

SIZES = (10_000, 100_000)
WARM = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """`spent`: milliseconds of each stage of each search, and of all of it (`wall`). Bytes."""

    spent: dict[str, list[float]]
    own_memory: int
    chroma_memory: int


async def measure(folder: Path, words: list[str], chroma: ChromaServer | None = None) -> Measured:
    spent: dict[str, list[float]] = defaultdict(list)
    asked = questions(words)
    url = {"chroma_url": chroma.url} if chroma else {}
    async with open_services(bench_settings(folder, **url)) as opened:
        for question in [f"{one} first" for one in asked[:WARM]]:
            await opened.retriever.search(SearchRequest(question))
        for question in asked:
            began = time.perf_counter()
            found = await opened.retriever.search(SearchRequest(question))
            spent["wall"].append((time.perf_counter() - began) * 1000)
            for stage, milliseconds in found.timings.items():
                spent[stage].append(milliseconds)
            if found.degraded:
                raise SystemExit("the vectors did not answer")
        here = psutil.Process()
        holders = [child for child in here.children(recursive=True) if "chroma" in " ".join(child.cmdline())]
        if chroma and chroma.process:
            holders = [psutil.Process(chroma.process.pid)]
        return Measured(spent, here.memory_info().rss, sum(child.memory_info().rss for child in holders))


def show(name: str, measured: Measured) -> float:
    """Prints a line; returns the median."""
    spent = measured.spent
    stages = "  ".join(f"{stage} {statistics.median(values):.1f}" for stage, values in spent.items() if stage != "wall")
    cuts = statistics.quantiles(spent["wall"], n=100, method="inclusive")
    memory = f"memory {measured.own_memory >> 20} MB, Chroma {measured.chroma_memory >> 20} MB"
    print(
        f"{name}: median {cuts[49]:.1f} ms, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f}   ({stages})   {memory}", flush=True
    )
    return cuts[49]


def disk(folder: Path) -> str:
    """Megabytes of each part."""

    def size(paths: Iterable[Path]) -> int:
        return sum(path.stat().st_size for path in paths if path.is_file())

    parts = {"SQLite": size(folder.glob("docubot.sqlite3*"))}
    parts |= {path.name: size(path.rglob("*")) for path in sorted(folder.iterdir()) if path.is_dir()}
    return ", ".join(f"{name} {held >> 20}" for name, held in parts.items() if held >> 20)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sizes", type=int, nargs="*", default=SIZES, metavar="CHUNKS")
    options.add_argument("--served", action="store_true")
    chosen = options.parse_args()
    words = vocabulary()
    medians: dict[str, list[float]] = defaultdict(list)
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory(prefix="docubot-bench-") as name:
            folder = Path(name)
            began = time.perf_counter()
            chunks = asyncio.run(fill_directly(folder, words, size))
            print(f"{chunks:>9} chunks made in {time.perf_counter() - began:.0f} s; MB: {disk(folder)}", flush=True)
            medians["embedded"].append(show("embedded Chroma", asyncio.run(measure(folder, words))))
            if chosen.served:
                server = ChromaServer(folder / "chroma").start()
                medians["served"].append(show("  served Chroma", asyncio.run(measure(folder, words, server))))
                server.kill()
    for name, found in medians.items():
        if len(found) > 1:
            print(f"{name}: the last takes {found[-1] / found[0]:.2f} times as long as the first")


if __name__ == "__main__":
    main()
