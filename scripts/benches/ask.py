"""How long `/ask` takes over 10,000 chunks, alone and while a document is ingested, and how long the loop stood still.

`scripts/bench ask [CHUNKS]`: a server process of its own, verbatim answers. The vectors of the collection are random,
which costs a search the same as true ones and saves the hour that embedding them would take; questions are embedded by
the real model.
"""

import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import httpx

from app.adapters.embeddings.hashing import HashingEmbedder
from app.bootstrap import open_services
from scripts.benches.corpus import ROOT, SAMPLES, bench_settings, ended, server, upload

QUESTIONS = 200
SENTENCES_A_CHUNK = 12


class QuickEmbedder(HashingEmbedder):
    """Passes for the default model, so that the server takes the collection for its own."""

    def __init__(self) -> None:
        super().__init__(dimension=384)
        self.model = "multilingual-e5-small"


def vocabulary() -> list[str]:
    """Words of this project's own documents, the most frequent first: the texts pass for English, as theirs do."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    own = " ".join(path.read_text(encoding="utf-8") for path in files)
    return [word for word, _ in Counter(re.findall("[a-z]+", own.lower())).most_common()]


def text_of(chance: random.Random, words: Sequence[str], chunks: int) -> str:
    """Paragraphs whose words are as unevenly frequent as a language's."""
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    lines = []
    for number in range(chunks):
        sentences = [
            " ".join(chance.choices(words, cum_weights=weights, k=12)).capitalize() + f" {chance.randint(1, 99_999)}."
            for _ in range(SENTENCES_A_CHUNK)
        ]
        lines.append(f"# Section {number}\n\n" + " ".join(sentences))
    return "\n\n".join(lines)


async def fill(folder: Path, words: Sequence[str], chunks: int) -> int:
    chance = random.Random(1)

    async with open_services(bench_settings(folder), QuickEmbedder()) as opened:
        per_file = 500
        for number in range(0, chunks, per_file):
            path = folder / f"text-{number}.md"
            path.write_text(text_of(chance, words, min(per_file, chunks - number)), encoding="utf-8")
            await ended(opened, await upload(opened, path))
        return (await opened.collections.get("default")).chunks


def questions(words: Sequence[str]) -> list[str]:
    chance = random.Random(2)
    rare = words[100:2000]
    return [
        "What does the {} of the {} tell of the {} in {}?".format(*chance.choices(rare, k=3), number)
        for number in range(QUESTIONS)
    ]


def ask(client: httpx.Client, asked: Sequence[str]) -> tuple[list[float], list[float], float]:
    """Milliseconds seen by the client and told by the server, and the longest stall of its event loop."""
    stall(client)
    walls, own = [], []
    for question in asked:
        began = time.perf_counter()
        answer: dict[str, Any] = client.post("/ask", json={"question": question}).raise_for_status().json()
        walls.append((time.perf_counter() - began) * 1000)
        own.append(answer["timings"]["total_ms"])
    return walls, own, stall(client)


def stall(client: httpx.Client) -> float:
    """Milliseconds of the longest stall since the last call."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith("docubot_event_loop_stall_seconds "):
            return float(line.split()[1]) * 1000
    raise SystemExit("the server tells no stalls")


def show(name: str, walls: list[float], own: list[float], stalled: float) -> None:
    def pair(values: list[float]) -> str:
        return f"{statistics.median(values):8.1f}{statistics.quantiles(values, n=100)[98]:8.1f}"

    print(f"{name:28}{pair(walls)}{pair(own)}{stalled:10.1f}")


def main() -> None:
    chunks = int(sys.argv[1]) if sys.argv[1:] else 10_000
    words = vocabulary()
    with tempfile.TemporaryDirectory(prefix="docubot-bench-") as name:
        folder = Path(name)
        print(f"{asyncio.run(fill(folder, words, chunks))} chunks")
        with server(folder) as client:
            ask(client, questions(words)[:20])  # everything loaded
            print(f"{'milliseconds':28}{'median':>8}{'p99':>8}{'own med':>8}{'own p99':>8}{'stall':>10}")
            show("alone", *ask(client, questions(words)))
            report = SAMPLES / "aurora-annual-report-2025.pdf"
            long = text_of(random.Random(3), words, 400).encode()
            client.post("/upload", files={"file": ("long.md", long)}).raise_for_status()
            client.post("/upload", files={"file": (report.name, report.read_bytes())}).raise_for_status()
            show("while ingesting", *ask(client, [f"{one} again" for one in questions(words)]))
            running = client.get("/jobs", params={"status": "running"}).json()["items"]
            print("the ingestion lasted as long" if running else "the ingestion was over before the questions were")


if __name__ == "__main__":
    main()
