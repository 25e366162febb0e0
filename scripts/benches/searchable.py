"""Seconds until a PDF can be found by keyword (parsed, chunked, indexed), and of pypdf alone over the same file; then
how busy the cores are while it is embedded.

`scripts/bench searchable [FILE ...]`: each file in a DocuBot just started, and again in one that has read a document
before. Processor seconds are of all processes together, so that a busy machine counts less. Default: a sample.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil
import pypdf

from app.adapters.embeddings.local import usable_cores
from app.services.container import Services
from scripts.benches.corpus import SAMPLES, ended, services, upload

_SETTLED = 5.0
"""Seconds after the start in which its last processes come up."""
_STAGES = ("parse", "chunk", "keyword")


@dataclass(frozen=True, slots=True)
class Moment:
    wall: float
    processor: float


def now() -> Moment:
    me = psutil.Process()
    spent = 0.0
    for process in (me, *me.children(recursive=True)):
        try:
            spent += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return Moment(time.perf_counter(), spent)


async def stages(opened: Services, file: Path) -> list[Moment]:
    """What each of the stages took; the job is cancelled before it embeds, so that nothing of it can be told twice."""
    outcome = await upload(opened, file)
    moments = []
    async for event in opened.jobs.events(outcome.job_id or ""):
        if event.type == "stage":
            moments.append(now())
            if event.data.get("stage") == "embed":
                await opened.jobs.cancel(outcome.job_id or "")
                break
    await ended(opened, outcome)
    return [Moment(b.wall - a.wall, b.processor - a.processor) for a, b in pairwise(moments)]


async def busy(file: Path) -> float:
    """The share of all cores that is used while the file's passages are embedded, once the first ones are."""
    async with services() as opened:
        await asyncio.sleep(_SETTLED)
        outcome = await upload(opened, file)
        began = ended_at = now()
        async for event in opened.jobs.events(outcome.job_id or ""):
            if event.data.get("stage") == "embed":
                began = now() if event.type == "stage" else began
            elif event.type == "stage":
                ended_at = now()
                if event.data.get("stage") == "vector":
                    break
        await ended(opened, outcome)
    return (ended_at.processor - began.processor) / (ended_at.wall - began.wall) / usable_cores()


async def measured(files: Sequence[Path], *, warm: bool) -> dict[Path, list[Moment]]:
    found = {}
    for file in files:
        async with services() as opened:
            if warm:
                await ended(
                    opened, await upload(opened, min(SAMPLES.glob("*.pdf"), key=lambda path: path.stat().st_size))
                )
            await asyncio.sleep(_SETTLED)
            found[file] = await stages(opened, file)
    return found


def alone(file: Path) -> tuple[int, float]:
    """Pages, and seconds of processor that pypdf takes to read their text."""
    began = time.process_time()
    pages = sum(page.extract_text() is not None for page in pypdf.PdfReader(file).pages)
    return pages, time.process_time() - began


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    longest = max(SAMPLES.glob("*.pdf"), key=lambda path: path.stat().st_size)
    options.add_argument("files", type=Path, nargs="*", default=[longest])
    files: list[Path] = options.parse_args().files
    runs = {"just started": await measured(files, warm=False), "running": await measured(files, warm=True)}
    print(f"{'':44}{'':14}" + "".join(f"{stage:>16}" for stage in (*_STAGES, "all")) + f"{'pypdf':>10}{'ratio':>8}")
    for file in files:
        pages, theirs = alone(file)
        for name, found in runs.items():
            took = [*found[file], Moment(sum(m.wall for m in found[file]), sum(m.processor for m in found[file]))]
            cells = "".join(f"{f'{one.processor:.2f} ({one.wall:.2f})':>16}" for one in took)
            ratio = theirs / took[-1].processor
            print(f"{f'{file.name[:32]}, {pages} pages':44}{name:14}{cells}{theirs:10.2f}{ratio:8.1f}")
    print("Seconds of processor, in brackets seconds of wall time.")
    for file in files:
        print(f"{file.name[:32]}: {await busy(file):.0%} of {usable_cores()} cores are used while it is embedded")


if __name__ == "__main__":
    asyncio.run(main())
