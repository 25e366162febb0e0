"""Ingest every file of a folder, whatever it is, and count how each ends.

`scripts/bench robustness DIR [--seconds 60] [--render] [--damaged N]`. Each file is uploaded to the real services
(only the embedding model is replaced, by hashing) and must end ready or with a stable code, within its time and
without a lasting change of this process's memory. `--damaged N` adds N broken copies of each: cut off, with bytes
changed, with a stretch taken out. Ends with 1 when a document was lost or late, or when `check` finds a difference.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.adapters.embeddings.hashing import HashingEmbedder
from app.core.errors import DocubotError
from app.core.logging import configure_logging
from app.services.container import Services
from scripts.benches.corpus import ended, services, upload_bytes

_SLACK = 15.0
"""Seconds that a document may take beside being parsed: waiting for the other one, chunks, indexes."""
_LARGEST_COPY = 20_000_000
_STABLE_ENDS = ("ready", "ready_with_warnings", "failed")


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Ending:
    outcome: str
    """Final state and code."""
    seconds: float
    name: str
    memory: int
    """Of this process, in bytes, after it."""


def cases(folder: Path, damaged: int) -> Iterator[Case]:
    """Every file, each followed by its broken copies; the same ones in every run."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        yield Case(path.name, content)
        chance = random.Random(path.name)
        for number in range(damaged if 0 < len(content) <= _LARGEST_COPY else 0):
            yield Case(f"{path.stem}~{number}{path.suffix}", _damaged(content, chance))


def _damaged(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    match chance.randrange(3):
        case 0:
            return content[: max(1, at)]
        case 1:
            changed = bytearray(content)
            for _ in range(1 + len(content) // 2000):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            return bytes(changed)
        case _:
            return content[:at] + content[at + chance.randrange(1, 4096) :]


async def ingested(opened: Services, case: Case, render: bool) -> str:
    """Final state and code of one file; "lost" for whatever is no end at all."""
    outcome = await upload_bytes(opened, case.name, case.content)
    if outcome.error is not None:
        return f"refused {outcome.error.code}"
    if outcome.duplicate:
        return "duplicate"
    assert outcome.document is not None  # noqa: S101 - it was accepted
    await ended(opened, outcome)
    document = await opened.documents.get(outcome.document.id)
    if document.status not in _STABLE_ENDS:
        return f"lost ({document.status})"
    if render and document.page_count and document.media_type == "application/pdf":
        try:
            await opened.documents.page_image(document.id, 1, version=None, scale=1.0, highlight=())
        except DocubotError as error:
            return f"{document.status}, no picture: {error.code}"
    return " ".join(filter(None, (document.status.value, document.error_code)))


async def run(opened: Services, chosen: argparse.Namespace) -> list[Ending]:
    process, endings = psutil.Process(), list[Ending]()
    waiting = cases(chosen.folder, chosen.damaged)

    async def one_after_another() -> None:
        for case in waiting:
            began = time.monotonic()
            outcome = await ingested(opened, case, chosen.render)
            endings.append(Ending(outcome, time.monotonic() - began, case.name, process.memory_info().rss))
            if len(endings) % 250 == 0:
                print(f"{len(endings)} files, {endings[-1].memory >> 20} MB", file=sys.stderr, flush=True)

    async with asyncio.TaskGroup() as group:
        for _ in range(chosen.parallel):
            group.create_task(one_after_another())
    return endings


def show(endings: list[Ending], limit: float) -> bool:
    """Print the table by outcome; tells whether no file was lost or late."""
    by_outcome: dict[str, list[Ending]] = defaultdict(list)
    for ending in endings:
        by_outcome[ending.outcome].append(ending)
    print(f"{'outcome':44} {'files':>6} {'share':>7} {'longest':>9}  slowest file")
    for outcome, some in sorted(by_outcome.items(), key=lambda item: -len(item[1])):
        slowest = max(some, key=lambda ending: ending.seconds)
        share = len(some) / len(endings)
        print(f"{outcome:44} {len(some):6} {share:7.1%} {slowest.seconds:8.1f}s  {slowest.name[:70]}")
    late = [ending for ending in endings if ending.seconds > limit]
    lost = [ending for ending in endings if ending.outcome.startswith("lost")]
    for ending in (*late, *lost):
        print(f"late or lost: {ending.name} {ending.outcome} after {ending.seconds:.0f} s")
    warm, last = endings[len(endings) // 10].memory >> 20, endings[-1].memory >> 20
    most = max(ending.memory for ending in endings) >> 20
    print(f"{len(endings)} files, {len(late)} late, {len(lost)} lost")
    print(f"memory of this process: {warm} MB after a tenth, {last} MB at the end, {most} MB at most")
    return not late and not lost


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--seconds", type=float, default=60, help="PARSE_TIMEOUT")
    options.add_argument("--render", action="store_true", help="also draw each first page")
    options.add_argument("--parallel", type=int, default=2)
    options.add_argument("--damaged", type=int, default=0, metavar="N", help="broken copies of each file")
    chosen = options.parse_args()
    if not any(path.is_file() for path in chosen.folder.rglob("*")):
        sys.exit(f"There is no file in {chosen.folder}.")
    configure_logging("error", "console")
    async with services(HashingEmbedder(), parse_timeout=chosen.seconds, ingest_workers=chosen.parallel) as opened:
        endings = await run(opened, chosen)
        found = await opened.consistency.check()
    good = show(endings, chosen.seconds + _SLACK)
    print("\n".join(found.lines()))
    sys.exit(0 if good and found.clean else 1)


if __name__ == "__main__":
    asyncio.run(main())
