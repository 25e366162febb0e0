"""How fast the default embedding model is here, and what it weighs.

`python scripts/benches/embed.py [DATA_DIR]`: tokens a second of CPU time in one process by length of text, the memory
of that process, then through the worker processes by wall time, with a question asked meanwhile.
"""

import asyncio
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psutil

from app.adapters.embeddings import build
from app.adapters.embeddings.e5 import E5Session
from app.adapters.embeddings.local import LocalEmbedder, usable_cores

SENTENCES = (
    "Net revenue rose by twelve percent to 26.5 billion dollars. ",
    "Die Brücke wurde 1932 eröffnet und führt acht Fahrspuren über den Hafen. ",
    "这座大桥于1932年通车，八条车道横跨海港。",
    "افتُتح الجسر عام 1932، ويحمل ثمانية مسارات للسيارات عبر الميناء. ",
    "यह पुल 1932 में खोला गया था और इस पर आठ लेन का यातायात चलता है। ",
)
LENGTHS = 16, 64, 128, 256, 500
ROUNDS = 5
PASSAGES = 120


def text_of(session: E5Session, tokens: int, start: int) -> str:
    sentences = [SENTENCES[(start + n) % len(SENTENCES)] for n in range(60)]
    return session.tokenizer.truncate("".join(sentences), tokens)


def in_one_process(session: E5Session) -> None:
    print("tokens a text   tokens/s of CPU   ms a text")
    for length in LENGTHS:
        texts = [text_of(session, length, start) for start in range(8)]
        seconds = []
        for _ in range(ROUNDS):
            started = time.process_time()
            for text in texts:
                session.embed(text, "passage")
            seconds.append((time.process_time() - started) / len(texts))
        print(f"{length:13} {length / min(seconds):17.0f} {1000 * min(seconds):11.1f}")
    memory = psutil.Process().memory_full_info()
    print(f"memory of this process: {memory.rss / 1e6:.0f} MB, of it its own alone {memory.uss / 1e6:.0f} MB")


async def through_workers(session: E5Session, folder: Path) -> None:
    embedder = LocalEmbedder(build.model(folder))
    await embedder.start()
    await embedder.embed(["warm"] * 8, "passage")
    texts = [text_of(session, 256, start) for start in range(PASSAGES)]
    started = time.perf_counter()
    ingestion = asyncio.create_task(embedder.embed(texts, "passage"))
    waits = []
    while not ingestion.done():
        asked = time.perf_counter()
        await embedder.embed([f"What happened in {len(waits)}?"], "query")
        waits.append(1000 * (time.perf_counter() - asked))
        await asyncio.sleep(0.1)
    seconds = time.perf_counter() - started
    await embedder.close()
    rate = 256 * PASSAGES / seconds
    print(f"{usable_cores()} workers: {rate:.0f} tokens/s, {PASSAGES / seconds:.1f} passages of 256 tokens/s")
    print(f"a question meanwhile: median {statistics.median(waits):.1f} ms, longest {max(waits):.1f} ms")


def main() -> None:
    folder = build.ensure(Path(sys.argv[1] if len(sys.argv) > 1 else "data/var"), print)
    session = E5Session(folder)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    in_one_process(session)
    asyncio.run(through_workers(session, folder))


if __name__ == "__main__":
    main()
