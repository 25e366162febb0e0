"""Pages per second of ours and of pypdf, in one run over the same files.

`scripts/bench parse DIR [--pypdf-pages N]`. Ours is everything: the confined process, text, layout and what
the parent does with it. Times are of processor, children included, so that a busy machine counts less; wall time is
shown too.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import exp, log
from pathlib import Path

import psutil
import pypdf

from app.adapters.parsers.sandbox import SandboxParser
from app.models.domain import Page, Source


class Watch:
    cpu = wall = 0.0


def processor_seconds() -> float:
    """Of this process, of the fork server, and of the children that it has buried."""
    return sum(sum(one.cpu_times()[:4]) for one in (psutil.Process(), *psutil.Process().children()))


@contextmanager
def timed() -> Iterator[Watch]:
    watch, cpu, wall = Watch(), processor_seconds(), time.perf_counter()
    yield watch
    watch.cpu = processor_seconds() - cpu
    watch.wall = time.perf_counter() - wall


async def ours(parser: SandboxParser, path: Path) -> int:
    return sum([isinstance(event, Page) async for event in parser.parse(Source(path, "application/pdf", path.name))])


def theirs(path: Path, most: int) -> int:
    pages = pypdf.PdfReader(path).pages
    return sum(page.extract_text() is not None for page, _ in zip(pages, range(most), strict=False))


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--pypdf-pages", type=int, default=20, help="of each file; pypdf is slow")
    chosen = options.parse_args()
    parser = SandboxParser()
    await parser.start()
    ratios, total, cpu = [], 0, 0.0
    print(f"{'':50} {'pages':>6} {'ours/s':>8} {'(wall)':>8} {'pypdf/s':>8} {'ratio':>6}")
    for path in sorted(chosen.folder.rglob("*.pdf")):
        with timed() as our_watch:
            pages = await ours(parser, path)
        with timed() as their_watch:
            read = theirs(path, chosen.pypdf_pages)
        our_rate, their_rate = pages / our_watch.cpu, read / their_watch.cpu
        ratios.append(our_rate / their_rate)
        total, cpu = total + pages, cpu + our_watch.cpu
        print(
            f"{path.name[:50]:50} {pages:6} {our_rate:8.0f} {pages / our_watch.wall:8.0f}"
            f" {their_rate:8.1f} {ratios[-1]:6.1f}"
        )
    await parser.close()
    mean = exp(sum(map(log, ratios)) / len(ratios))
    print(f"all: {total} pages, {total / cpu:.0f} a second of processor; {mean:.1f} times pypdf (geometric mean)")


if __name__ == "__main__":
    asyncio.run(main())
