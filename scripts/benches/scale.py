"""How a search, reranked and grouped, slows down from 10,000 to 100,000 chunks: medians by stage, nothing else running.

`scripts/bench scale [CHUNKS ...]`. The vectors of the collections are random, as in `ask`: a search costs the same as
over true ones. Questions are embedded by the real model.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from app.bootstrap import open_services
from app.models.requests import SearchRequest
from scripts.benches.ask import fill, questions, vocabulary
from scripts.benches.corpus import bench_settings

SIZES = (10_000, 100_000)
WARM = 20


async def measure(folder: Path, words: list[str]) -> dict[str, list[float]]:
    """Milliseconds of each stage of each search, and of all of it (`wall`)."""
    spent: dict[str, list[float]] = defaultdict(list)
    asked = questions(words)
    async with open_services(bench_settings(folder)) as opened:
        for question in [f"{one} first" for one in asked[:WARM]]:
            await opened.retriever.search(SearchRequest(question))
        for question in asked:
            began = time.perf_counter()
            found = await opened.retriever.search(SearchRequest(question))
            spent["wall"].append((time.perf_counter() - began) * 1000)
            for stage, milliseconds in found.timings.items():
                spent[stage].append(milliseconds)
    return spent


def show(chunks: int, spent: dict[str, list[float]]) -> None:
    stages = "  ".join(f"{name} {statistics.median(values):.1f}" for name, values in spent.items() if name != "wall")
    median, worst = statistics.median(spent["wall"]), statistics.quantiles(spent["wall"], n=20)[18]
    print(f"{chunks:>9} chunks: median {median:.1f} ms, p95 {worst:.1f} ms   ({stages})", flush=True)


def main() -> None:
    words = vocabulary()
    medians = []
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory(prefix="docubot-bench-") as name:
            began = time.perf_counter()
            chunks = asyncio.run(fill(Path(name), words, size))
            print(f"{chunks:>9} chunks made in {time.perf_counter() - began:.0f} s", flush=True)
            spent = asyncio.run(measure(Path(name), words))
            show(chunks, spent)
            medians.append(statistics.median(spent["wall"]))
    if len(medians) > 1:
        print(f"the last takes {medians[-1] / medians[0]:.2f} times as long as the first")


if __name__ == "__main__":
    main()
