"""How often the page that answers is among the first ones found: DocuBot, LangChain, LlamaIndex, BM25 over pages.

`scripts/bench retrieval --data DIR [--work DIR] [--only pdf|text]`. DIR holds `pdf/` (documents/, questions.jsonl),
`squad/` and `xquad/LANGUAGE/` (passages.jsonl, questions.jsonl); each question names its document and pages, or its
passage. All documents of a set are one collection. WORK keeps vectors, so that a second run embeds nothing.
"""

import argparse
import asyncio
import math
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from app.adapters.embeddings import build
from app.bootstrap import open_services
from app.models.requests import SearchRequest
from app.services.container import Services
from scripts.benches.corpus import bench_settings, ended, upload, upload_paragraphs
from scripts.benches.kept_vectors import KeptVectors
from scripts.benches.minilm import MiniLM, fetch
from scripts.benches.peers import Found, Pages, Search, bm25_over_pages, langchain, llamaindex
from scripts.benches.questions import LANGUAGES, Question, paragraph_questions, pdf_questions

DEPTH = 10
AT = (1, 3, 5, 10)


def rank(found: Found, question: Question) -> int | None:
    """Place (from 0) of the first passage that covers a page with the answer."""
    return next(
        (i for i, (file, pages) in enumerate(found) if file == question.document and pages & question.pages), None
    )


async def asked(
    search: Callable[[str], Awaitable[Found]], questions: Sequence[Question]
) -> tuple[list[int | None], float]:
    """The rank of each answer, and the median milliseconds of a search."""
    ranks, times = [], []
    for question in questions:
        began = time.perf_counter()
        ranks.append(rank(await search(question.text), question))
        times.append((time.perf_counter() - began) * 1000)
    return ranks, statistics.median(times)


def show(name: str, ranks: Sequence[int | None], milliseconds: float) -> None:
    total = len(ranks)
    recall = [sum(r is not None and r < k for r in ranks) / total for k in AT]
    mrr = sum(1 / (r + 1) for r in ranks if r is not None) / total
    ndcg = sum(1 / math.log2(r + 2) for r in ranks if r is not None) / total
    figures = "".join(f"{100 * value:8.1f}" for value in (*recall, mrr, ndcg))
    print(f"{name:34}{total:6}{figures}{milliseconds:9.1f}", flush=True)


def heading(name: str) -> None:
    columns = [*(f"R@{k}" for k in AT), "MRR@10", "nDCG@10"]
    print(f"\n{name:34}{'n':>6}{''.join(f'{column:>8}' for column in columns)}{'ms':>9}")


def ours(opened: Services, collection: str) -> Callable[[str], Awaitable[Found]]:
    async def search(question: str) -> Found:
        result = await opened.retriever.search(SearchRequest(question, collection=collection, top_k=DEPTH))
        return [(item.filename, frozenset(span.page for span in item.spans)) for item in result.passages]

    return search


async def over_pdfs(data: Path, work: Path, kept: KeptVectors) -> None:
    files = sorted((data / "documents").glob("*.pdf"))
    questions = pdf_questions(data)
    settings = bench_settings(work / "docubot", score_floor=0.0)
    async with open_services(settings, kept) as opened:
        for outcome in [await upload(opened, file) for file in files]:
            await ended(opened, outcome)
        found = await asked(ours(opened, "default"), questions)
    kept.save()
    peers = await peers_over(Pages(files), work, kept, questions)
    heading("pages of filings")
    show("DocuBot", *found)
    for company in sorted({question.group for question in questions}):
        chosen = [r for r, question in zip(found[0], questions, strict=True) if question.group == company]
        show(f"  of them: {company}", chosen, found[1])
    for name, figures in peers.items():
        show(name, *figures)


async def peers_over(
    pages: Pages, work: Path, kept: KeptVectors, questions: Sequence[Question]
) -> dict[str, tuple[list[int | None], float]]:
    """The same questions to each peer, with the embeddings that its document comes nearest to, and with ours."""
    mini = KeptVectors(work, kept.file.with_name("minilm.npz"), MiniLM(fetch(kept.file.parent)))
    found = {}
    for name, pipeline in (("LangChain", langchain), ("LlamaIndex", llamaindex)):
        for model, vectors in (("all-MiniLM-L6-v2", mini), ("our embeddings", kept)):
            search = pipeline(pages, vectors, work / f"{name}-{model}", DEPTH)
            found[f"{name}, {model}"] = await asked(in_thread(search), questions)
    mini.save()
    return found | {"BM25 over pages": await asked(in_thread(bm25_over_pages(pages, DEPTH)), questions)}


def in_thread(search: Search) -> Callable[[str], Awaitable[Found]]:
    async def found(question: str) -> Found:
        return await asyncio.to_thread(search, question)

    return found


async def over_paragraphs(data: Path, work: Path, kept: KeptVectors) -> None:
    settings = bench_settings(work / "paragraphs", score_floor=0.0)
    sets = {"squad": data / "squad"} | {f"xquad {code}": data / "xquad" / code for code in LANGUAGES}
    async with open_services(settings, kept) as opened:
        for name, folder in sets.items():
            await upload_paragraphs(opened, name.replace(" ", "-"), folder)
        heading("paragraphs, one document each")
        for name, folder in sets.items():
            show(name, *await asked(ours(opened, name.replace(" ", "-")), paragraph_questions(folder)))
        for code in LANGUAGES[1:]:
            for source, target in ((code, "en"), ("en", code)):
                questions = paragraph_questions(sets[f"xquad {source}"])
                show(f"question {source}, passages {target}", *await asked(ours(opened, f"xquad-{target}"), questions))


async def run(arguments: argparse.Namespace, scratch: Path) -> None:
    keep = arguments.work or scratch
    keep.mkdir(parents=True, exist_ok=True)
    kept = KeptVectors(build.ensure(keep, print), keep / "vectors.npz")
    if arguments.only != "text":
        await over_pdfs(arguments.data / "pdf", scratch, kept)
    if arguments.only != "pdf":
        await over_paragraphs(arguments.data, scratch, kept)
    kept.save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--only", choices=("pdf", "text"))
    with tempfile.TemporaryDirectory(prefix="docubot-bench-") as scratch:
        asyncio.run(run(parser.parse_args(), Path(scratch)))


if __name__ == "__main__":
    main()
